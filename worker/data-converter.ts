import type { DataConverter, PayloadCodec } from '@temporalio/common';
import { codecDataConverter, encryptionDataConverter } from '../encryption/data-converter.js';
import { RemoteCodec } from '../encryption/remote-codec.js';
import { isReadableOnTheWay } from '../internal/plain-http.js';
import { ConfigurationError } from '../rules/configuration-error.js';
import { Environment } from './environment.js';

/**
 * The data converter that the environment sets: keys of your own (`REFUND_ENCRYPTION_KEYS`), a module of your own
 * (`REFUND_DATA_CONVERTER`), or a codec server (`TEMPORAL_CODEC_ENDPOINT`). Give it to every client and worker.
 *
 * @example
 * ```ts
 * const dataConverter = readDataConverter(process.env);
 * const client = new Client({ connection, namespace, dataConverter });
 * ```
 *
 * @param env the variables, usually `process.env`
 * @returns Temporal's default where it sets none: payloads are then written as they are
 * @throws {@link ConfigurationError} that names every mistake at once, and repeats no secret
 */
export function readDataConverter(env: NodeJS.ProcessEnv): DataConverter {
  const environment = new Environment(env);
  const dataConverter = dataConverterOf(environment);
  if (environment.issues.length > 0) throw new ConfigurationError(environment.issues);
  return dataConverter;
}

/** The same from an environment of which more is read; mistakes are noted there. */
export function dataConverterOf(environment: Environment): DataConverter {
  const keys = environment.get('REFUND_ENCRYPTION_KEYS');
  const own = environment.get('REFUND_DATA_CONVERTER');
  if (keys && own)
    environment.mistake('REFUND_DATA_CONVERTER', 'and REFUND_ENCRYPTION_KEYS are both set: keep one of them');
  if (keys) return encryptionDataConverter(keys);
  if (own) return own;
  const endpoint = environment.get('TEMPORAL_CODEC_ENDPOINT');
  if (endpoint === undefined) return {};
  if (isReadableOnTheWay(endpoint))
    environment.warnings.push(
      'TEMPORAL_CODEC_ENDPOINT is plain http: anyone on the network can read the refunds.',
    );
  const auth = environment.get('TEMPORAL_CODEC_AUTH');
  return codecDataConverter(new RemoteCodec({ endpoint, ...(auth !== undefined && { auth }) }));
}

/** What a codec server works with. */
export interface CodecServerConfig {
  codecs: readonly PayloadCodec[];
  /** What callers must have; absent where only this machine can call. */
  token?: string;
}

/**
 * Reads what a codec server works with: the keys, or a module of your own, and the token of its callers.
 * @param host where it listens
 * @throws {@link ConfigurationError} without codecs, and where others could call without a token
 */
export function readCodecServerConfig(env: NodeJS.ProcessEnv, host: string): CodecServerConfig {
  // It is the codec server, and must not call one.
  const environment = new Environment({ ...env, TEMPORAL_CODEC_ENDPOINT: '', TEMPORAL_CODEC_AUTH: '' });
  const { payloadCodecs: codecs = [] } = dataConverterOf(environment);
  const token = environment.get('REFUND_CODEC_TOKEN');
  if (environment.issues.length === 0 && codecs.length === 0)
    environment.mistake(
      'REFUND_ENCRYPTION_KEYS',
      'is not set: set it to the keys of the workers, or REFUND_DATA_CONVERTER to their module with payloadCodecs',
    );
  if (environment.issues.length === 0 && token === undefined && !/^(localhost|127\.[\d.]+|::1)$/.test(host))
    environment.mistake(
      'REFUND_CODEC_TOKEN',
      `is not set, and others can reach ${host}: set it, or listen on 127.0.0.1`,
    );
  if (environment.issues.length > 0) throw new ConfigurationError(environment.issues);
  return { codecs, ...(token !== undefined && { token }) };
}
