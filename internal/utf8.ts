/** Bytes that are not a text in UTF-8. The message follows the name of what was read: `is not UTF-8 (byte 12). …`. */
export class EncodingMistake extends Error {
  /** The command that converts a file of this encoding; the file follows it. */
  readonly command: string | undefined;

  constructor(problem: string, command?: string) {
    super(command === undefined ? problem : `${problem}: convert it, for example with ${command}`);
    this.command = command;
  }
}

const encoder = new TextEncoder();
const REPLACEMENT = '\uFFFD';
const REPLACEMENT_BYTES = encoder.encode(REPLACEMENT);

/** Other encodings by their first four bytes. */
const OTHERS: readonly { name: string; convert: string; mark: RegExp }[] = [
  {
    name: 'UTF-32',
    convert: 'UTF-32',
    // Stryker disable next-line Regex: four bytes match at their start or not at all.
    mark: /^(?:\xff\xfe\0\0|\0\0\xfe\xff|\0\0\0[^\0]|[^\0]\0\0\0)/,
  },
  { name: 'UTF-16', convert: 'UTF-16', mark: /^(?:\xff\xfe|\xfe\xff|(?:[^\0]\0){2}|(?:\0[^\0]){2})/ },
  { name: 'Latin-1, Windows-1252 or GBK', convert: 'LATIN1', mark: /^/ },
];

/**
 * Reads UTF-8 without replacing anything, so that two texts never become one. A byte order mark is left out.
 * @throws {@link EncodingMistake}
 */
export function utf8Text(bytes: Uint8Array): string {
  // ASCII in UTF-16 is UTF-8, too, with zero bytes in it.
  const [invalid, zero] = [firstInvalidByte(bytes), bytes.indexOf(0)];
  const places = [invalid, zero].filter((place) => place >= 0);
  if (places.length === 0) return new TextDecoder().decode(bytes);
  const first = String.fromCharCode(...bytes.subarray(0, 4));
  const other = OTHERS.find(({ mark }) => mark.test(first));
  if (invalid < 0 && other === OTHERS.at(-1))
    throw new EncodingMistake(`has a NUL character (byte ${zero + 1}): it is damaged, or not a text`);
  throw new EncodingMistake(
    // Stryker disable next-line OptionalChaining: the last of the others matches everything; the compiler does not know.
    `is not UTF-8 (byte ${Math.min(...places) + 1}). It looks like ${other?.name}`,
    // Stryker disable next-line OptionalChaining: as above.
    `iconv -f ${other?.convert} -t UTF-8`,
  );
}

/** The place of the first byte that a decoder would replace, counted from 0; -1 where there is none. */
function firstInvalidByte(bytes: Uint8Array): number {
  const pieces = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes).split(REPLACEMENT);
  let at = 0;
  for (const piece of pieces.slice(0, -1)) {
    at += encoder.encode(piece).length;
    // A replacement character may also have been in the bytes.
    if (!REPLACEMENT_BYTES.every((byte, index) => bytes[at + index] === byte)) return at;
    at += REPLACEMENT_BYTES.length;
  }
  return -1;
}
