import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { CERTIFICATE, ENCRYPTED, type Format, MAKE_RSA, PKCS12 } from './key-formats.js';

/** What a piece of text turned out to be. */
export interface Found extends Format {
  /** Where it is a key that can be used without a passphrase. */
  key?: KeyObject;
  /** Where it is a certificate: the key in it. */
  certified?: KeyObject;
}

/** What DER is. It does not name itself, so every shape is tried, private ones first: a public key can be derived from them. */
export function readDer(bytes: Buffer): Found {
  const length = sequenceLength(bytes);
  const found = length === undefined || length > bytes.length ? NO_KEY : shapeOf(bytes.subarray(0, length));
  const trailing = bytes.length - (length ?? 0);
  // OpenSSL ignores what follows, and it may be another key.
  if (found.key && trailing > 0) return { what: `${found.what} with ${trailing} more bytes after it` };
  return found;
}

/**
 * Where one DER structure ends and the next begins. Bytes that are not DER, or are incomplete, count as one structure.
 */
export function splitDer(bytes: Buffer): Buffer[] {
  const length = sequenceLength(bytes) ?? bytes.length;
  if (sequenceLength(bytes.subarray(length)) === undefined) return [bytes];
  return [bytes.subarray(0, length), ...splitDer(bytes.subarray(length))];
}

const NO_KEY: Found = { what: 'base64, but not a key (or it is the name of a file)' };

const SHAPES: ReadonlyArray<(der: Buffer) => Found> = [
  ...(['pkcs8', 'pkcs1', 'sec1'] as const).map(
    (type) => (key: Buffer) => foundKey(createPrivateKey({ key, format: 'der', type })),
  ),
  ...(['spki', 'pkcs1'] as const).map(
    (type) => (key: Buffer) => foundKey(createPublicKey({ key, format: 'der', type })),
  ),
  (der) => ({ ...CERTIFICATE, certified: new X509Certificate(der).publicKey }),
];

function shapeOf(der: Buffer): Found {
  for (const shape of SHAPES) {
    try {
      return shape(der);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_MISSING_PASSPHRASE') return ENCRYPTED;
    }
  }
  // PKCS#12 begins with its version, the integer 3.
  return der.subarray(0, 8).includes('\x02\x01\x03') ? PKCS12 : NO_KEY;
}

/** How many bytes a DER sequence has, its head included; undefined where the bytes are not a sequence. */
function sequenceLength(bytes: Buffer): number | undefined {
  const [tag, first = 0] = bytes;
  if (tag !== 0x30) return undefined;
  if (first < 0x80) return 2 + first;
  const size = first & 0x7f;
  if (size < 1 || size > 4 || bytes.length < 2 + size) return undefined;
  return 2 + size + bytes.readUIntBE(2, size);
}

/** What to call a key, and what to do where it is of another family than RSA. */
export function foundKey(key: KeyObject): Found {
  const family = key.asymmetricKeyType ?? 'symmetric';
  const names: Record<string, string> = {
    rsa: 'an RSA',
    'rsa-pss': 'an RSA-PSS',
    ec: 'an EC',
    ed25519: 'an Ed25519',
  };
  const what = `${names[family] ?? `a ${family}`} ${key.type} key`;
  return { key, what, ...(key.type === 'private' && family !== 'rsa' && { remedy: MAKE_RSA }) };
}
