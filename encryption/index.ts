/**
 * Encrypts what refunds leave in Temporal, and decrypts it for Temporal's Web UI and command line.
 * @module worldfirst-refunds/encryption
 */
export { toNodeListener } from '../notifications/to-node-listener.js';
export { ConfigurationError } from '../rules/configuration-error.js';
export { bearerToken } from './bearer-token.js';
export { EncryptionCodec } from './codec.js';
export { type CodecHandlerOptions, createCodecHandler } from './codec-handler.js';
export { encryptionDataConverter } from './data-converter.js';
export { DecryptionError } from './errors.js';
export type { EncryptionKey } from './keys.js';
