import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import { PayloadNotReadableError } from '../client/errors.js';
import { checkKeys, type EncryptionKey } from './keys.js';

const { Payload: PayloadMessage } = proto.temporal.api.common.v1;

const ENCODING = 'binary/encrypted';
const CIPHER = 'AES-256-GCM';
const NONCE_BYTES = 12;
// Without it node:crypto would take a shorter tag, which can be guessed.
const TAG = { authTagLength: 16 };

/**
 * Encrypts whole payloads, their own metadata included, with AES-256-GCM. The first key encrypts and all keys decrypt. A
 * payload in another encoding is decoded to itself, so that encryption can be switched on while refunds run.
 *
 * The data of an encrypted payload is a nonce of 12 bytes, the ciphertext and a tag of 16 bytes. Its metadata is
 * `encoding`, `encryption-cipher` and `encryption-key-id`; the three values, separated by line breaks, are
 * authenticated with the data.
 *
 * @example
 * ```ts
 * const codec = new EncryptionCodec([{ id: '2026-11', key: createSecretKey(process.env.PAYLOAD_KEY, 'base64') }]);
 * // Clients and workers take `encryptionDataConverter`, which encrypts the messages of failures too.
 * const [payload] = await codec.decode([encrypted]);
 * ```
 */
export class EncryptionCodec implements PayloadCodec {
  readonly #newest: EncryptionKey;
  readonly #keys: ReadonlyMap<string, EncryptionKey>;

  /**
   * @param keys the newest first: it encrypts, and all of them decrypt
   * @throws {@link ConfigurationError} without a key, or for a key that is not right
   */
  constructor(keys: readonly EncryptionKey[]) {
    checkKeys(keys);
    this.#newest = keys[0] as EncryptionKey;
    this.#keys = new Map(keys.map((key) => [key.id, key]));
  }

  /**
   * Encrypts payloads with the newest key.
   * @param payloads any payloads; they are not changed
   */
  async encode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) => this.#encrypted(payload));
  }

  /**
   * Decrypts payloads; one that is not encrypted is returned as it is.
   * @param payloads payloads of any encoding; they are not changed
   * @throws {@link PayloadNotReadableError} without the key, and for a payload that was changed
   */
  async decode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) =>
      textOf(payload, 'encoding') === ENCODING ? this.#decrypted(payload) : payload,
    );
  }

  #encrypted(payload: Payload): Payload {
    const { id, key } = this.#newest;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key, nonce, TAG).setAAD(authenticated(id));
    const plain = PayloadMessage.encode(payload).finish();
    const data = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    const metadata = { encoding: ENCODING, 'encryption-cipher': CIPHER, 'encryption-key-id': id };
    return {
      metadata: Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, bytesOf(value)])),
      data,
    };
  }

  #decrypted(payload: Payload): Payload {
    const keyId = textOf(payload, 'encryption-key-id');
    const found = this.#keys.get(keyId);
    if (!found) throw this.#missing(keyId);
    const data = payload.data ?? new Uint8Array();
    const [nonce, tag] = [data.subarray(0, NONCE_BYTES), data.subarray(-TAG.authTagLength)];
    try {
      const decipher = createDecipheriv('aes-256-gcm', found.key, nonce, TAG)
        .setAAD(authenticated(keyId))
        .setAuthTag(tag);
      const plain = [decipher.update(data.subarray(NONCE_BYTES, -TAG.authTagLength)), decipher.final()];
      return PayloadMessage.decode(Buffer.concat(plain));
    } catch (cause) {
      throw new PayloadNotReadableError(
        `A payload says that it was encrypted with the key "${keyId}", and the key of that id here does not decrypt it. ` +
          'It was encrypted with another key of the same id, or in another way, or it was changed. Nothing of it was used.',
        { cause },
      );
    }
  }

  #missing(keyId: string): PayloadNotReadableError {
    const known = [...this.#keys.keys()].join(', ');
    return new PayloadNotReadableError(
      `A payload was encrypted with the key "${keyId}", and the keys here are ${known}. Add that key after them: a key is ` +
        'needed for as long as Temporal keeps what it encrypted.',
    );
  }
}

/** What is not secret, and must not be changed either. No value holds a line break. */
function authenticated(keyId: string): Buffer {
  return Buffer.from([ENCODING, CIPHER, keyId].join('\n'));
}

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text);
}

function textOf({ metadata }: Payload, name: string): string {
  return Buffer.from(metadata?.[name] ?? []).toString();
}
