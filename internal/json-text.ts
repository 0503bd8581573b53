import { quoted } from './check.js';

/** A text that is not JSON, or not clear JSON. */
export class JsonMistake extends Error {}

// The stack carries some thousands of levels, here and wherever what was read is walked through.
const DEEPEST = 500;

// An expression without a bound would take a place on the stack for each character of a string.
const PARTS_OF_STRING = [
  /[^"\\\p{Cc}]{1,1000}/uy,
  /[\u007f-\u009f]{1,1000}/y,
  /(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})){1,1000}/y,
];
const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.])/y;
const BLANKS = /[ \t\r\n]*/y;

/**
 * Reads JSON, and says in which line and column it is wrong (the engine's own messages often do not). A key that is given
 * twice is a mistake: `JSON.parse` would keep the one and drop the other, and it may be an amount. So is what is nested
 * without end.
 * @throws {@link JsonMistake}
 */
export function parseJson(text: string): unknown {
  new Scanner(text).document();
  return JSON.parse(text);
}

class Scanner {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): void {
    this.#value();
    if (this.#at < this.#text.length) this.#fail('expected nothing more');
  }

  #value(): void {
    this.#skip(BLANKS);
    if (this.#take('{')) this.#within(() => this.#members());
    else if (this.#take('[')) this.#within(() => this.#elements());
    else if (!this.#string() && !this.#skip(SCALAR)) this.#fail('expected a value');
    this.#skip(BLANKS);
  }

  #within(read: () => void): void {
    this.#depth += 1;
    if (this.#depth > DEEPEST) this.#fail(`nested more than ${DEEPEST} deep`, this.#at - 1);
    read();
    this.#depth -= 1;
  }

  #members(): void {
    const keys = new Set<string>();
    this.#skip(BLANKS);
    if (this.#take('}')) return;
    do {
      this.#skip(BLANKS);
      const start = this.#at;
      if (!this.#string()) this.#fail('expected a key in double quotes');
      const key = JSON.parse(this.#text.slice(start, this.#at)) as string;
      if (keys.has(key)) this.#fail(`the key ${quoted(key)} is given twice`, start);
      keys.add(key);
      this.#skip(BLANKS);
      if (!this.#take(':')) this.#fail('expected ":"');
      this.#value();
    } while (this.#take(','));
    if (!this.#take('}')) this.#fail('expected "," or "}"');
  }

  #elements(): void {
    this.#skip(BLANKS);
    if (this.#take(']')) return;
    do this.#value();
    while (this.#take(','));
    if (!this.#take(']')) this.#fail('expected "," or "]"');
  }

  /** Whether a whole string stands here; where none does, nothing is skipped. */
  #string(): boolean {
    const start = this.#at;
    if (!this.#take('"')) return false;
    while (PARTS_OF_STRING.some((part) => this.#skip(part)));
    if (this.#take('"')) return true;
    this.#at = start;
    return false;
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }

  #fail(what: string, at = this.#at): never {
    const lines = this.#text.slice(0, at).split('\n');
    // Stryker disable next-line StringLiteral: a text that is split has a last line; the compiler does not know.
    const place = `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`;
    const end = at >= this.#text.length ? ', and the text ends there' : '';
    throw new JsonMistake(`${place}: ${what}${end}`);
  }
}
