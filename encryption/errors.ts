/** A payload cannot be decrypted here. The message names the key id, and nothing of the payload was used. */
export class DecryptionError extends Error {
  override name = 'DecryptionError';
  readonly code = 'PAYLOAD_NOT_READABLE';
  /** The key that the payload names. */
  readonly keyId: string;

  constructor(keyId: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.keyId = keyId;
  }
}
