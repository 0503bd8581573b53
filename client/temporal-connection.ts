import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { TemporalUnreachableError } from './errors.js';
import { isLoopback } from './temporal-address.js';
import type { TemporalConfig } from './temporal-config.js';
import { whyUnreachable } from './why-unreachable.js';

/** A connection to Temporal with a client on it. */
export interface TemporalClient {
  client: Client;
  connection: Connection;
  config: TemporalConfig;
}

const CONNECT_LIMIT_MS = 8_000;
// A development server that was started at the same moment.
const STARTING_UP_MS = 2_000;

/**
 * Connects to Temporal, and makes sure that it answers for the namespace.
 * @param dataConverter that of the workers; the SDK's by default
 * @throws {@link TemporalUnreachableError} within ten seconds when it does not
 */
export async function connectToTemporal(
  config: TemporalConfig,
  dataConverter: DataConverter = {},
): Promise<TemporalClient> {
  const { address, namespace, ...security } = config;
  const connection = Connection.lazy({
    address,
    ...security,
    connectTimeout: CONNECT_LIMIT_MS,
    // gRPC would send even these calls through the proxy that HTTP_PROXY names.
    ...(isLoopback(address) && { channelArgs: { 'grpc.enable_http_proxy': 0 } }),
  });
  const over = new AbortController();
  try {
    await Promise.race([connection.ensureConnected(), failingEarly(config, over.signal)]);
    await connection.withDeadline(Date.now() + CONNECT_LIMIT_MS, () =>
      connection.workflowService.countWorkflowExecutions({ namespace, query: "WorkflowId = ''" }),
    );
    return { client: new Client({ connection, namespace, dataConverter }), connection, config };
  } catch (error) {
    await connection.close();
    throw error instanceof TemporalUnreachableError ? error : unreachable(config, error);
  } finally {
    over.abort();
  }
}

/**
 * gRPC tries until its time is over. Where it cannot succeed, a person does not have to wait for that.
 * @throws {@link TemporalUnreachableError} with the reason, after a while; never returns otherwise
 */
async function failingEarly(config: TemporalConfig, signal: AbortSignal): Promise<never> {
  await sleep(STARTING_UP_MS, undefined, { signal }).catch(() => {});
  const reason =
    signal.aborted || usesProxy(config.address) ? undefined : await whyUnreachable(config, signal);
  if (reason !== undefined && !signal.aborted) throw unreachable(config, new Error(reason));
  return new Promise(() => {});
}

/** Whether gRPC reaches Temporal through a proxy, so that an attempt without it says nothing. */
function usesProxy(address: string): boolean {
  const { grpc_proxy, https_proxy, http_proxy } = process.env;
  return !isLoopback(address) && Boolean(grpc_proxy || https_proxy || http_proxy);
}

// Of gRPC.
const NOT_FOUND = 5;
const PERMISSION_DENIED = 7;
const UNAUTHENTICATED = 16;

/** What to say when Temporal does not answer, or not for us. */
export function unreachable(
  { address, namespace }: TemporalConfig,
  cause: unknown,
): TemporalUnreachableError {
  const { code, details, message } = causeOf(cause);
  const said = (details || message || String(cause)).split('\n')[0]?.replace(/\.$/, '');
  const say = (sentence: string) =>
    new TemporalUnreachableError(`${sentence} Refunds under way are safe.`, { cause });
  if (code === NOT_FOUND && /namespace/i.test(said ?? ''))
    return say(
      `Temporal at ${address} has no namespace "${namespace}". Check TEMPORAL_NAMESPACE, or create it with: ` +
        `temporal operator namespace create --namespace ${namespace}.`,
    );
  if (code === PERMISSION_DENIED || code === UNAUTHENTICATED)
    return say(
      `Temporal at ${address} refuses the access to the namespace "${namespace}": ${said}. Check TEMPORAL_API_KEY, ` +
        'TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_NAMESPACE.',
    );
  const reason = said === 'Failed to connect before the deadline' ? 'there is no answer' : said;
  return say(
    `Temporal at ${address} (namespace "${namespace}") cannot be reached: ${reason}. ` +
      'Check that it runs, and that TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and, for Temporal Cloud, TEMPORAL_API_KEY or ' +
      'TEMPORAL_TLS_* are right. To try things out, `worldfirst-refunds dev` starts one.',
  );
}

/** The error of gRPC, which the SDK may have wrapped. */
function causeOf(error: unknown): { code?: unknown; details?: string; message?: string } {
  const { cause } = error as { cause?: { details?: string } };
  return cause?.details ? cause : (error as Error);
}
