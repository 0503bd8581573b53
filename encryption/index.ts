/**
 * Encrypts what refunds leave in Temporal.
 * @module worldfirst-refunds/encryption
 */
export { ConfigurationError } from '../rules/configuration-error.js';
export { EncryptionCodec } from './codec.js';
export { encryptionDataConverter } from './data-converter.js';
export { DecryptionError } from './errors.js';
export type { EncryptionKey } from './keys.js';
