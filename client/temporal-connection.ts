import { Client, Connection, type WorkflowClientInterceptor } from '@temporalio/client';
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

// Also for a development server that was started at the same moment.
const FIRST_ATTEMPT_MS = 2_000;
const SECOND_ATTEMPT_MS = 4_000;
const CALL_LIMIT_MS = 8_000;

/**
 * Connects to Temporal, and makes sure that it answers for the namespace.
 * @param dataConverter that of the workers; the SDK's by default
 * @param workflow interceptors of the client's calls; none by default
 * @throws {@link TemporalUnreachableError} within ten seconds when it does not
 */
export async function connectToTemporal(
  config: TemporalConfig,
  dataConverter: DataConverter = {},
  workflow: WorkflowClientInterceptor[] = [],
): Promise<TemporalClient> {
  const { namespace } = config;
  const connection = await firstConnection(config);
  try {
    await connection.withDeadline(Date.now() + CALL_LIMIT_MS, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
    const client = new Client({ connection, namespace, dataConverter, interceptors: { workflow } });
    return { client, connection, config };
  } catch (error) {
    await connection.close();
    throw unreachable(config, error);
  }
}

/** gRPC tries until its time is over, and does not say why. Where it cannot succeed, the user does not have to wait for that. */
async function firstConnection(config: TemporalConfig): Promise<Connection> {
  try {
    return await attempt(config, FIRST_ATTEMPT_MS);
  } catch (error) {
    if (isAnswer(error)) throw unreachable(config, error);
  }
  const reason = usesProxy(config.address) ? undefined : await whyUnreachable(config);
  if (reason !== undefined) throw unreachable(config, new Error(reason));
  return attempt(config, SECOND_ATTEMPT_MS).catch((error: unknown) => {
    throw unreachable(config, error);
  });
}

async function attempt(
  { address, namespace: _, ...security }: TemporalConfig,
  limitMs: number,
): Promise<Connection> {
  const connection = Connection.lazy({
    address,
    ...security,
    connectTimeout: limitMs,
    // gRPC would send even these calls through the proxy that HTTP_PROXY names.
    ...(isLoopback(address) && { channelArgs: { 'grpc.enable_http_proxy': 0 } }),
  });
  try {
    await connection.ensureConnected();
    return connection;
  } catch (error) {
    await connection.close();
    throw error;
  }
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

/** Whether Temporal answered, if only to refuse the caller. */
function isAnswer(error: unknown): boolean {
  const { code } = causeOf(error);
  return code === PERMISSION_DENIED || code === UNAUTHENTICATED;
}

/** Whether Temporal answered and refused: then trying again does not help. */
export function isRefusal({ cause }: TemporalUnreachableError): boolean {
  return isAnswer(cause) || isUnknownNamespace(cause);
}

function isUnknownNamespace(error: unknown): boolean {
  const { code, details, message } = causeOf(error);
  return code === NOT_FOUND && /namespace/i.test(details || message || '');
}

/** What to say when Temporal does not answer, or not for us. */
export function unreachable(
  { address, namespace }: TemporalConfig,
  cause: unknown,
): TemporalUnreachableError {
  const { code, details, message } = causeOf(cause);
  const said = (details || message || String(cause)).split('\n')[0]?.replace(/\.$/, '');
  const say = (sentence: string) =>
    new TemporalUnreachableError(`${sentence} Refunds that run continue when Temporal answers again.`, {
      cause,
    });
  if (isUnknownNamespace(cause))
    return say(
      `Temporal at ${address} has no namespace "${namespace}". Check TEMPORAL_NAMESPACE, or create it with: ` +
        `temporal operator namespace create --namespace ${namespace}.`,
    );
  if (code === PERMISSION_DENIED || code === UNAUTHENTICATED)
    return say(
      `Temporal at ${address} denied access to the namespace "${namespace}": ${said}. Check TEMPORAL_API_KEY, ` +
        'TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_NAMESPACE.',
    );
  const reason = said === 'Failed to connect before the deadline' ? 'there is no answer' : said;
  return say(
    `Temporal at ${address} (namespace "${namespace}") cannot be reached: ${reason}. ` +
      'Check that it runs, and that TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and, for Temporal Cloud, TEMPORAL_API_KEY or ' +
      'TEMPORAL_TLS_* are right. For local tests only: `worldfirst-refunds dev`.',
  );
}

/** The error of gRPC, which the SDK may have wrapped. */
function causeOf(error: unknown): { code?: unknown; details?: string; message?: string } {
  const { cause } = error as { cause?: { details?: string } };
  return cause?.details ? cause : (error as Error);
}
