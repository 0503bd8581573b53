/**
 * Encrypts what refunds leave in Temporal, and decrypts it for Temporal's Web UI and command line.
 * @module worldfirst-refunds/encryption
 */
export { CodecFailedError, PayloadNotReadableError } from '../client/errors.js';
export { toNodeListener } from '../notifications/to-node-listener.js';
export { ConfigurationError } from '../rules/configuration-error.js';
export { readDataConverter } from '../worker/data-converter.js';
export { type RefundConfig, readRefundConfig } from '../worker/refund-config.js';
export { bearerToken } from './bearer-token.js';
export { EncryptionCodec } from './codec.js';
export { type CodecHandlerOptions, createCodecHandler } from './codec-handler.js';
export { encryptionDataConverter } from './data-converter.js';
export type { EncryptionKey } from './keys.js';
export { type ReferenceHashOptions, referenceHash } from './reference-hash.js';
export { RemoteCodec, type RemoteCodecOptions } from './remote-codec.js';
