import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { ConfigurationError } from '../rules/configuration-error.js';
import { TemporalUnreachableError } from './errors.js';
import { isLoopback, listening } from './loopback.js';

/** How to reach Temporal, for a client's connection as well as for a worker's. */
export interface TemporalConfig {
  /** Host and port. */
  address: string;
  namespace: string;
  tls?: TlsConfig;
  apiKey?: string;
  /** gRPC headers of every call. */
  metadata?: Record<string, string>;
}

/** TLS as Temporal's SDK takes it: on or off, or with certificates. */
type TlsConfig =
  | boolean
  | {
      serverNameOverride?: string;
      serverRootCACertificate?: Uint8Array;
      clientCertPair?: { crt: Uint8Array; key: Uint8Array };
    };

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
 * Temporal's own environment configuration: `TEMPORAL_ADDRESS`, `_NAMESPACE`, `_API_KEY`, `_TLS*`, `_PROFILE`, and its
 * configuration file.
 * @throws {@link ConfigurationError} when a file cannot be read or a value has no meaning
 */
export function temporalConfig(env: NodeJS.ProcessEnv): TemporalConfig {
  const { connectionOptions, namespace } = load(env);
  const { address, tls, apiKey, metadata } = connectionOptions;
  return {
    address: withPort(address || 'localhost:7233'),
    namespace: namespace || 'default',
    // `false` counts: with an API key the SDK would switch TLS on by itself.
    ...(tls !== undefined && tls !== null && { tls }),
    ...(apiKey && { apiKey }),
    ...(metadata && { metadata: metadata as Record<string, string> }),
  };
}

/**
 * Connects to Temporal, and makes sure that it answers for the namespace.
 * @throws {@link TemporalUnreachableError} within ten seconds when it does not
 */
export async function connectToTemporal(config: TemporalConfig): Promise<TemporalClient> {
  const { address, namespace, ...security } = config;
  try {
    // gRPC tries until its time is over; where nothing listens on this machine, a person should not have to wait for that.
    if (isLoopback(address)) await listening(address, STARTING_UP_MS);
    const connection = await Connection.connect({
      address,
      ...security,
      connectTimeout: CONNECT_LIMIT_MS,
      // gRPC would send even these calls through the proxy that HTTP_PROXY names.
      ...(isLoopback(address) && { channelArgs: { 'grpc.enable_http_proxy': 0 } }),
    });
    await connection.withDeadline(Date.now() + CONNECT_LIMIT_MS, () =>
      connection.workflowService.countWorkflowExecutions({ namespace, query: "WorkflowId = ''" }),
    );
    return { client: new Client({ connection, namespace }), connection, config };
  } catch (error) {
    throw unreachable(config, error);
  }
}

/** What to say when Temporal does not answer. */
export function unreachable(
  { address, namespace }: TemporalConfig,
  cause: unknown,
): TemporalUnreachableError {
  const { details, message } = cause as { details?: string; message?: string };
  const said = (details || message || String(cause)).split('\n')[0]?.replace(/\.$/, '');
  const reason = said === 'Failed to connect before the deadline' ? 'there is no answer' : said;
  return new TemporalUnreachableError(
    `Temporal at ${address} (namespace "${namespace}") cannot be reached: ${reason}. ` +
      'Check that it runs, and that TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and, for Temporal Cloud, TEMPORAL_API_KEY or ' +
      'TEMPORAL_TLS_* are right. To try things out, `worldfirst-refunds dev` starts one. Refunds under way are safe.',
    { cause },
  );
}

function load(env: NodeJS.ProcessEnv) {
  const { TEMPORAL_TLS } = env;
  // Temporal's loader takes every other word for "off", and the connection would not be encrypted.
  if (TEMPORAL_TLS && !/^(1|true|0|false)$/.test(TEMPORAL_TLS)) {
    throw new ConfigurationError([{ path: 'TEMPORAL_TLS', message: 'must be true or false' }]);
  }
  try {
    return loadClientConnectConfig({ overrideEnvVars: withoutEmpty(env) });
  } catch (error) {
    // Below its first line the TOML parser quotes the file, and the API key may stand there.
    const [reason] = (error as Error).message.split('\n');
    throw new ConfigurationError([
      { path: 'TEMPORAL_*', message: `or Temporal's configuration file cannot be read: ${reason}` },
    ]);
  }
}

/** An empty variable is one that is not set, but for headers: there it takes one of the file away. */
function withoutEmpty(env: NodeJS.ProcessEnv): Record<string, string> {
  const entries = Object.entries(env).filter(
    (entry): entry is [string, string] => Boolean(entry[1]) || entry[0].startsWith('TEMPORAL_GRPC_META_'),
  );
  return Object.fromEntries(entries);
}

function withPort(address: string): string {
  return /:\d+$/.test(address) ? address : `${address}:7233`;
}
