import { constants, type KeyObject, sign, verify } from 'node:crypto';

/**
 * What is signed, by both sides: the path of the request, the client id, and the time and the body of the message.
 * The body is the one that really travels, character for character, never a parsed one that was serialised again.
 */
export interface SignedText {
  /** The path of the request, as it is sent: `/amsin/api/v1/business/refund`. */
  path: string;
  clientId: string;
  /** The `Request-Time` of a request, the `Response-Time` of an answer, as the header has it. */
  time: string;
  body: string;
}

/** A message that claims to be WorldFirst's, with what its headers say. */
export interface SignedMessage {
  /** The raw body, character for character. */
  body: string;
  path: string;
  /** The headers `Client-Id`, `Request-Time` and `Signature`. */
  clientId: string;
  requestTime: string;
  signature: string;
}

/**
 * What a time may be made of. No blanks, and no braces or quotes of JSON: in the signed text only a dot divides the
 * time from the body, and no piece of the one may be moved into the other.
 */
export const TIME = /^[\w:+.-]+$/;

/** The only algorithm of WorldFirst's: RSASSA-PKCS1-v1_5 with SHA-256. */
const ALGORITHM = 'RSA256';

/**
 * Makes the `Signature` header: `algorithm=RSA256, keyVersion=2, signature=<URL-encoded base64>`.
 * @param key your private key, and its version as WorldFirst numbers it
 * @throws when the key is not an RSA private key
 */
export function signatureHeader(
  text: SignedText,
  key: { privateKey: KeyObject; keyVersion: string },
): string {
  const padding = constants.RSA_PKCS1_PADDING;
  const signature = sign('RSA-SHA256', bytesOf(text), { key: key.privateKey, padding }).toString('base64');
  return `algorithm=${ALGORITHM}, keyVersion=${key.keyVersion}, signature=${encodeURIComponent(signature)}`;
}

/**
 * Whether the header holds a valid signature of the text by one of the keys (several are valid during a rotation).
 * Anything that is missing, malformed or of another algorithm is simply not valid: this never throws for what a network brings.
 *
 * @example
 * ```ts
 * const isValid = verifySignature({ path, clientId, time, body }, headers.signature, publicKeysFrom(pem));
 * ```
 *
 * @param header the `Signature` header; undefined where there is none
 * @param publicKeys WorldFirst's keys, from `publicKeysFrom`
 */
export function verifySignature(
  text: SignedText,
  header: string | undefined,
  publicKeys: readonly KeyObject[],
): boolean {
  const signature = header === undefined ? undefined : signatureOf(header);
  if (!signature || !TIME.test(text.time)) return false;
  const bytes = bytesOf(text);
  const padding = constants.RSA_PKCS1_PADDING;
  return publicKeys.some((key) => verify('RSA-SHA256', bytes, { key, padding }, signature));
}

function bytesOf({ path, clientId, time, body }: SignedText): Buffer {
  return Buffer.from(`POST ${path}\n${clientId}.${time}.${body}`);
}

/** The signature's bytes, if the header is well formed and of our algorithm. */
function signatureOf(header: string): Buffer | undefined {
  const fields = new Map<string, string>();
  for (const field of header.split(',')) {
    // Only the first "=" separates: a raw base64 value may end in others.
    const match = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/s.exec(field);
    if (!match || fields.has(match[1] as string)) return undefined;
    fields.set(match[1] as string, match[2] as string);
  }
  if (fields.get('algorithm') !== ALGORITHM) return undefined;
  // Stryker disable next-line StringLiteral: no text in place of a missing signature is a valid one.
  return base64Of(fields.get('signature') ?? '');
}

/** Percent-decoding only: form decoding would turn the "+" of a raw base64 value into a blank. */
function base64Of(value: string): Buffer | undefined {
  // Stryker disable BlockStatement: a function that ends without a return gives undefined.
  try {
    const base64 = decodeURIComponent(value);
    // Buffer.from skips characters that are not base64, and would so accept another text than the signed one.
    return /^[A-Za-z0-9+/]+={0,2}$/.test(base64) ? Buffer.from(base64, 'base64') : undefined;
  } catch {
    return undefined;
  }
}
