import type { KeyObject } from 'node:crypto';
import { type Found, foundKey, readDer, splitDer } from './key-der.js';
import { ENCRYPTED, formatOfLabel, formatOfPiece, formatOfText } from './key-formats.js';
import { holdsKeyText, type Piece, piecesOf } from './key-pieces.js';

const PRIVATE =
  'An RSA private key is expected: PEM (PKCS#8 or PKCS#1), or the bare base64 that the portal shows.';
const PUBLIC = "WorldFirst's RSA public key is expected: PEM, or the bare base64 that the portal shows.";

/** Shorter RSA keys can be broken by anybody; which of the longer ones it takes is for WorldFirst to say. */
const LEAST_BITS = 1024;

/** A text that is not the key that was expected. The message says what it is instead, and never repeats any of it. */
export class KeyError extends Error {
  override name = 'KeyError';
}

/**
 * Reads the partner's private key, which signs requests.
 * @param text PEM (PKCS#8 or PKCS#1) with any explanations around it, or bare base64 DER of either. It may be quoted, have
 * its line breaks escaped (`\n`), or be base64 once more. Certificates beside the key are left out.
 * @throws KeyError when it is anything else
 */
export function privateKeyFrom(text: string): KeyObject {
  const found = read(text).filter(({ certified }, _, all) => !certified || all.length === 1);
  const [first, ...others] = found;
  if (!first) throw new KeyError(`The text is empty. ${PRIVATE}`);
  const stranger = found.find(({ key }) => key?.type !== 'private');
  if (stranger) throw isInstead(stranger, PRIVATE);
  if (others.length > 0)
    throw new KeyError(`These are ${found.length} keys. Exactly one is expected. ${PRIVATE}`);
  return checked(first, PRIVATE);
}

/**
 * Reads WorldFirst's public key, which verifies answers; several of them during a rotation.
 * @param text PEM blocks (SPKI or PKCS#1) with any explanations around them, or bare base64 DER, one or several, these
 * separated by commas or line breaks. It may be quoted, have its line breaks escaped (`\n`), or be base64 once more.
 * @throws KeyError when any of it is anything else
 */
export function publicKeysFrom(text: string): KeyObject[] {
  const all = read(text);
  // `openssl x509 -pubkey` writes the certificate after its key. One of another key is not left out silently.
  const found = all.filter(({ certified }) => !certified || !all.some(({ key }) => key?.equals(certified)));
  if (found.length === 0) throw new KeyError(`The text is empty. ${PUBLIC}`);
  return found.map((piece) => {
    if (piece.key?.type !== 'public') throw isInstead(piece, PUBLIC);
    return checked(piece, PUBLIC);
  });
}

/** What an RSA key must be, wherever it came from. */
export function checkedKey(key: KeyObject, type: 'private' | 'public'): KeyObject {
  const expected = type === 'private' ? PRIVATE : PUBLIC;
  if (key.type !== type) throw isInstead(foundKey(key), expected);
  return checked(foundKey(key), expected);
}

function checked(found: Found, expected: string): KeyObject {
  const { key } = found;
  // Stryker disable next-line OptionalChaining: what is no key was rejected before; the compiler does not know.
  if (key?.asymmetricKeyType !== 'rsa') throw isInstead(found, expected);
  const { modulusLength: bits = 0 } = key.asymmetricKeyDetails ?? {};
  if (bits < LEAST_BITS) throw new KeyError(`This is an RSA key of ${bits} bits. Use 2048 or more.`);
  return key;
}

function isInstead({ what, remedy }: Found, expected: string): KeyError {
  return new KeyError([`This is ${what}.`, remedy, expected].filter(Boolean).join(' '));
}

function read(text: string): Found[] {
  const format = formatOfText(text);
  return format ? [format] : piecesOf(text).flatMap(readPiece);
}

function readPiece({ label, text }: Piece): Found[] {
  if (label === undefined) return readBare(text);
  const format = text.includes('Proc-Type:') ? ENCRYPTED : formatOfLabel(label);
  const bytes = bytesOf(text);
  return [format ?? (bytes ? readDer(bytes) : NOT_BASE64)];
}

const NOT_BASE64: Found = { what: 'not base64' };

function readBare(text: string): Found[] {
  const format = formatOfPiece(text);
  if (format) return [format];
  // Padding ends one base64 text, and the next one may follow.
  const parts = text.replaceAll(/\s/g, '').match(/[^=]+=*/g) ?? [];
  return parts.flatMap((part) => {
    const bytes = bytesOf(part);
    if (!bytes) return [NOT_BASE64];
    // Secrets are often stored as base64 of the whole file.
    const inner = bytes.toString();
    return holdsKeyText(inner) ? read(inner) : splitDer(bytes).map(readDer);
  });
}

function bytesOf(text: string): Buffer | undefined {
  const base64 = text.replaceAll(/\s/g, '');
  // Buffer.from skips every character that is not base64.
  return /^[A-Za-z0-9+/]+={0,2}$/.test(base64) ? Buffer.from(base64, 'base64') : undefined;
}
