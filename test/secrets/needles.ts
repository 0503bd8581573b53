/** A secret that must be found nowhere, not even a piece of it. */
export interface Secret {
  name: string;
  /** As text, in one of the forms in which it might be written. */
  text: string;
}

/** So many characters of a secret are a piece that counts; fewer may be there by chance. */
const PIECE = 24;
const HALF = PIECE / 2;

/** A private key in every form in which something might print it. */
export function formsOfKey(name: string, pem: string): Secret[] {
  const base64 = pem.replaceAll(/-----[^-]+-----|\s/g, '');
  const bytes = [...Buffer.from(base64, 'base64')];
  const inHex = bytes.map((byte) => byte.toString(16).padStart(2, '0'));
  return [
    { name, text: base64 },
    { name: `${name} in hexadecimal`, text: inHex.join('') },
    { name: `${name} as a Buffer prints itself`, text: inHex.join(' ') },
    { name: `${name} as numbers`, text: bytes.join(',') },
    { name: `${name} as numbers with blanks`, text: bytes.join(', ') },
  ];
}

/** Finds secrets, and pieces of them, in texts. */
export class Search {
  readonly #pieces = new Map<string, string>();
  readonly #halves = new Set<string>();

  constructor(secrets: readonly Secret[]) {
    for (const { name, text } of secrets) {
      for (let at = 0; at + PIECE <= text.length; at++) this.#pieces.set(text.slice(at, at + PIECE), name);
      for (let at = 0; at + HALF <= text.length; at++) this.#halves.add(text.slice(at, at + HALF));
    }
  }

  /** The names of the secrets of which the text holds a piece. */
  in(text: string): string[] {
    const found = new Set<string>();
    // A signature travels percent-encoded.
    const plain = text.replaceAll(/%2B/gi, '+').replaceAll(/%2F/gi, '/').replaceAll(/%3D/gi, '=');
    // Wherever a piece begins, it holds one of the halves that begin at a multiple of their length.
    for (let half = 0; half + HALF <= plain.length; half += HALF) {
      if (!this.#halves.has(plain.slice(half, half + HALF))) continue;
      for (let at = Math.max(0, half - HALF); at <= half; at++) {
        const name = this.#pieces.get(plain.slice(at, at + PIECE));
        if (name !== undefined) found.add(name);
      }
    }
    return [...found];
  }
}

/** Everything that a value of Temporal's holds, payloads in clear text: what the server has of it, and who may read that. */
export function everythingIn(value: unknown): string {
  const texts: string[] = [];
  const seen = new Set<unknown>();
  const walk = (each: unknown): void => {
    if (typeof each === 'string') texts.push(each);
    else if (each instanceof Uint8Array) texts.push(Buffer.from(each).toString('utf8'));
    else if (typeof each === 'object' && each !== null && !seen.has(each)) {
      seen.add(each);
      for (const [key, inner] of each instanceof Map ? each : Object.entries(each)) {
        walk(key);
        walk(inner);
      }
    }
  };
  walk(value);
  return texts.join('\n');
}
