import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import { EncryptionCodec } from './codec.js';
import type { EncryptionKey } from './keys.js';

const failureConverterPath = fileURLToPath(new URL('failure-converter.cjs', import.meta.url));

/**
 * A data converter that encrypts all payloads, and the messages and stack traces of failures. Give it to every client and
 * every worker of the namespace.
 * @param keys the newest first: it encrypts, and all of them decrypt
 *
 * @example
 * ```ts
 * import { createSecretKey } from 'node:crypto';
 * import { encryptionDataConverter } from 'worldfirst-refunds/encryption';
 *
 * const key = createSecretKey(process.env.PAYLOAD_KEY, 'base64');
 * const dataConverter = encryptionDataConverter([{ id: '2026-11', key }]);
 * const client = new Client({ connection, dataConverter });
 * const worker = await createRefundWorker({ ...options, dataConverter });
 * ```
 *
 * @throws {@link ConfigurationError} without a key, or for a key that is not right
 */
export function encryptionDataConverter(keys: readonly EncryptionKey[]): DataConverter {
  return { payloadCodecs: [new EncryptionCodec(keys)], failureConverterPath };
}
