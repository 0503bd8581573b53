import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';

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
 * @param text PEM (PKCS#8 or PKCS#1), or bare base64 DER of either, with blanks, line breaks or a literal `\n` in it
 * @throws KeyError when it is anything else
 */
export function privateKeyFrom(text: string): KeyObject {
  const found = piecesOf(text).map(read);
  const [first, ...others] = found;
  if (!first) throw new KeyError(`The text is empty. ${PRIVATE}`);
  const stranger = found.find(({ key }) => key?.type !== 'private');
  if (stranger) throw new KeyError(`This is ${stranger.what}. ${PRIVATE}`);
  if (others.length > 0)
    throw new KeyError(`These are ${found.length} keys. Exactly one is expected. ${PRIVATE}`);
  return checked(first, PRIVATE);
}

/**
 * Reads WorldFirst's public key, which verifies answers; several of them during a rotation.
 * @param text PEM blocks (SPKI or PKCS#1), or bare base64 DER, one or several, these separated by commas
 * @throws KeyError when any of it is anything else
 */
export function publicKeysFrom(text: string): KeyObject[] {
  const found = piecesOf(text).map(read);
  if (found.length === 0) throw new KeyError(`The text is empty. ${PUBLIC}`);
  return found.map((piece) => {
    if (piece.key?.type !== 'public') throw new KeyError(`This is ${piece.what}. ${PUBLIC}`);
    return checked(piece, PUBLIC);
  });
}

/** What a piece of text turned out to be; `key` where it is one that can be used without a passphrase. */
interface Found {
  what: string;
  key?: KeyObject;
}

/** What an RSA key must be, wherever it came from. */
export function checkedKey(key: KeyObject, type: 'private' | 'public'): KeyObject {
  const expected = type === 'private' ? PRIVATE : PUBLIC;
  if (key.type !== type) throw new KeyError(`This is ${nameOf(key)}. ${expected}`);
  return checked({ key, what: nameOf(key) }, expected);
}

function checked({ key, what }: Found, expected: string): KeyObject {
  if (key?.asymmetricKeyType !== 'rsa') throw new KeyError(`This is ${what}. ${expected}`);
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < LEAST_BITS)
    throw new KeyError(`This is an RSA key of ${bits} bits, which protects nothing. Use 2048 or more.`);
  return key;
}

/** A PEM block's label and base64, or bare base64 without a label. */
type Piece = { label?: string; text: string };

function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  // Environment files often hold a PEM on one line, with its line breaks written as backslash and n.
  const rest = text
    .replaceAll(/\\r|\\n/g, '\n')
    .replaceAll(/-----BEGIN ([^-]+)-----(.*?)-----END \1-----/gs, (_, label: string, inner: string) => {
      pieces.push({ label, text: inner });
      return ',';
    });
  const bare = rest.split(',').map((part) => part.trim());
  return [...pieces, ...bare.filter((part) => part !== '').map((part) => ({ text: part }))];
}

function read({ label, text }: Piece): Found {
  if (text.includes('-----')) return { what: 'a PEM block that is cut off' };
  if (label?.includes('ENCRYPTED') || text.includes('Proc-Type:')) return { what: ENCRYPTED };
  if (label?.includes('OPENSSH')) return { what: 'a key in the format of OpenSSH' };
  if (label === 'EC PARAMETERS') return { what: 'an EC key' };
  const base64 = text.replaceAll(/\s/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return { what: 'not base64' };
  return readDer(Buffer.from(base64, 'base64'));
}

const ENCRYPTED = 'an encrypted key, and there is no passphrase to open it with';

/** DER does not name itself, so every shape is tried, private ones first: a public key can be derived from them. */
const SHAPES: ReadonlyArray<(der: Buffer) => Found> = [
  ...(['pkcs8', 'pkcs1', 'sec1'] as const).map(
    (type) => (key: Buffer) => found(createPrivateKey({ key, format: 'der', type })),
  ),
  ...(['spki', 'pkcs1'] as const).map(
    (type) => (key: Buffer) => found(createPublicKey({ key, format: 'der', type })),
  ),
  (der) => ({ what: new X509Certificate(der) && 'a certificate' }),
];

function readDer(der: Buffer): Found {
  for (const shape of SHAPES) {
    try {
      return shape(der);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_MISSING_PASSPHRASE') return { what: ENCRYPTED };
    }
  }
  return { what: "base64 of something that is no key, or a file's name" };
}

function found(key: KeyObject): Found {
  return { key, what: nameOf(key) };
}

function nameOf(key: KeyObject): string {
  const family = key.asymmetricKeyType ?? 'symmetric';
  const names: Record<string, string> = {
    rsa: 'an RSA',
    'rsa-pss': 'an RSA-PSS',
    ec: 'an EC',
    ed25519: 'an Ed25519',
  };
  return `${names[family] ?? `a ${family}`} ${key.type} key`;
}
