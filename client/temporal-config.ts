import { loadClientConnectConfig } from '@temporalio/envconfig';
import { withoutQuotes } from '../internal/quotes.js';
import { ConfigurationError } from '../rules/configuration-error.js';
import { hostAndPort } from './temporal-address.js';

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

/**
 * Temporal's own environment configuration: `TEMPORAL_ADDRESS`, `_NAMESPACE`, `_API_KEY`, `_TLS*`, `_PROFILE`, and its
 * configuration file.
 * @throws {@link ConfigurationError} when a file cannot be read or a value has no meaning
 */
export function temporalConfig(env: NodeJS.ProcessEnv): TemporalConfig {
  const { connectionOptions, namespace } = load(env);
  const { address, tls, apiKey, metadata } = connectionOptions;
  const found = hostAndPort(address || 'localhost');
  if ('mistake' in found)
    throw new ConfigurationError([{ path: 'TEMPORAL_ADDRESS', message: found.mistake }]);
  return {
    address: found.address,
    namespace: namespace || 'default',
    // `false` counts: with an API key the SDK would switch TLS on by itself.
    ...(tls !== undefined && tls !== null && { tls }),
    ...(apiKey && { apiKey }),
    ...(metadata && { metadata: metadata as Record<string, string> }),
  };
}

function load(env: NodeJS.ProcessEnv) {
  const variables = withoutEmpty(env);
  const { TEMPORAL_TLS } = variables;
  // Temporal's loader takes every other word for "off", and the connection would not be encrypted.
  if (TEMPORAL_TLS && !/^(1|true|0|false)$/.test(TEMPORAL_TLS)) {
    throw new ConfigurationError([{ path: 'TEMPORAL_TLS', message: 'must be true or false' }]);
  }
  try {
    return loadClientConnectConfig({ overrideEnvVars: variables });
  } catch (error) {
    // Below its first line the TOML parser quotes the file, and the API key may stand there.
    const [reason] = (error as Error).message.split('\n');
    throw new ConfigurationError([
      { path: 'TEMPORAL_*', message: `or Temporal's configuration file cannot be read: ${reason}` },
    ]);
  }
}

/**
 * An empty variable is one that is not set, but for headers: there it takes one of the file away. Blanks and quotes round a
 * value, as env-files pass them on, are no part of it.
 */
function withoutEmpty(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env)
      .map(
        ([name, value = '']) => [name, name.startsWith('TEMPORAL_') ? withoutQuotes(value) : value] as const,
      )
      .filter(([name, value]) => value !== '' || name.startsWith('TEMPORAL_GRPC_META_')),
  );
}
