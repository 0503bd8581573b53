import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { ConfigurationError } from '../rules/configuration-error.js';

/** One key of AES-256, and the id by which payloads name it. */
export interface EncryptionKey {
  /** 1 to 64 letters, digits, dots, hyphens and underscores. It can be read in every payload. */
  id: string;
  /** 32 bytes, by `createSecretKey` of `node:crypto`. */
  key: KeyObject;
}

const KEY_BYTES = 32;
const ID = /^[\w.-]{1,64}$/;

/**
 * Reads keys as `REFUND_ENCRYPTION_KEYS` and its file hold them: `id:base64`, the newest first, separated by commas or
 * line breaks.
 * @returns the keys, or every mistake in a sentence that repeats no key
 */
export function parseKeys(text: string): { keys: EncryptionKey[] } | { mistakes: string[] } {
  const read = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(parseKey);
  const keys = read.filter((each) => typeof each !== 'string');
  const mistakes = [...read.filter((each) => typeof each === 'string'), ...mistakesOf(keys)];
  return mistakes.length === 0 ? { keys } : { mistakes };
}

function parseKey(entry: string, index: number): EncryptionKey | string {
  const colon = entry.indexOf(':');
  const [id, base64] = [entry.slice(0, colon), entry.slice(colon + 1)];
  const bytes = Buffer.from(base64, 'base64');
  // Buffer skips what is not base64, and would make another key of a damaged one.
  const isKey = colon > 0 && bytes.length === KEY_BYTES && bytes.toString('base64') === base64;
  if (isKey) return { id, key: createSecretKey(bytes) };
  return `entry ${index + 1} must be an id, a colon and ${KEY_BYTES} bytes in base64: \`worldfirst-refunds encryption-key\` prints one`;
}

/**
 * Checks keys.
 * @throws {@link ConfigurationError} with every mistake
 */
export function checkKeys(keys: readonly EncryptionKey[]): void {
  const mistakes = keys.length === 0 ? ['must hold at least one key'] : mistakesOf(keys);
  if (mistakes.length > 0)
    throw new ConfigurationError(mistakes.map((message) => ({ path: 'keys', message })));
}

function mistakesOf(keys: readonly EncryptionKey[]): string[] {
  return keys.flatMap(({ id, key }, index) => {
    if (!ID.test(id))
      return [`entry ${index + 1} must have an id of 1 to 64 letters, digits, dots, hyphens and underscores`];
    if (key.symmetricKeySize !== KEY_BYTES)
      return [`the key "${id}" must be a secret key of ${KEY_BYTES} bytes`];
    return keys.findIndex((other) => other.id === id) < index
      ? [`two keys have the id "${id}": give each key an id of its own`]
      : [];
  });
}

/** A new key as an entry of `REFUND_ENCRYPTION_KEYS`. */
export function newKeyEntry(id: string): string {
  return `${id}:${randomBytes(KEY_BYTES).toString('base64')}`;
}
