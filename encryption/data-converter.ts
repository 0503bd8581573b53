import { fileURLToPath } from 'node:url';
import type { DataConverter, PayloadCodec } from '@temporalio/common';
import { EncryptionCodec } from './codec.js';
import type { EncryptionKey } from './keys.js';

/** The file of a failure converter that puts messages and stack traces where codecs reach them. */
export const failureConverterPath = fileURLToPath(new URL('failure-converter.cjs', import.meta.url));

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
  return codecDataConverter(new EncryptionCodec(keys));
}

/** A data converter of one codec, which encodes the messages and stack traces of failures too. */
export function codecDataConverter(codec: PayloadCodec): DataConverter {
  return { payloadCodecs: [codec], failureConverterPath };
}
