import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { singleLine } from '../internal/sanitize.js';
import { formatInterval } from '../rules/schedule.js';

/** Whether input and output are a terminal: questions are asked only then. */
export function isInteractive(): boolean {
  return Boolean(process.stdin.isTTY && process.stdout.isTTY);
}

/** The columns of stdout; infinite where no terminal breaks the lines. */
export function terminalWidth(): number {
  return process.stdout.isTTY ? process.stdout.columns || 80 : Number.POSITIVE_INFINITY;
}

/** Text from outside on one line and without control characters, so that it cannot control the terminal. */
export function terminalText(text: string): string {
  return singleLine(stripVTControlCharacters(text));
}

// Chinese is written without blanks: a line may end after each of its characters.
const MAY_BREAK = /(?<=\s)|(?<=[\p{Script=Han}\u3000-\u303f\uff00-\uffef])/u;

/**
 * Breaks text into lines of at most `width` columns; those after the first are indented. A word is never cut, even one
 * that is too long: it may be an id to be copied.
 */
export function wrapped(text: string, width: number, indent = 0): string {
  const lines = [''];
  for (const word of text.split(MAY_BREAK)) {
    const line = `${lines.at(-1)}${word}`;
    if (lines.at(-1) === '' || indent + stringWidth(line.trimEnd()) <= width) lines[lines.length - 1] = line;
    else lines.push(word);
  }
  return lines.map((line) => line.trimEnd()).join(`\n${' '.repeat(indent)}`);
}

/** Text with blanks behind it, `width` columns in all. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}

/** Text of at most `width` columns: the rest is cut out of its middle or off its end, and replaced by "…". */
export function shortened(text: string, width: number, cut: 'middle' | 'end'): string {
  if (stringWidth(text) <= width) return text;
  const characters = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
  const left = () => characters.length;
  while (left() > 0 && stringWidth(characters.join('')) > width - 1)
    characters.splice(cut === 'end' ? left() - 1 : Math.floor(left() / 2), 1);
  characters.splice(cut === 'end' ? left() : Math.ceil(left() / 2), 0, '…');
  return characters.join('');
}

/** `2026-11-22 07:26:01`, in UTC. */
export function utc(time: string): string {
  return time.slice(0, 19).replace('T', ' ');
}

/** How long ago or ahead a time is: `3 h 2 min ago`, `in 5 min`. */
export function fromNow(time: string, now = Date.now()): string {
  const milliseconds = Date.parse(time) - now;
  if (Math.abs(milliseconds) < 1_000) return 'now';
  return milliseconds > 0 ? `in ${formatInterval(milliseconds)}` : `${formatInterval(-milliseconds)} ago`;
}

/** How long it is since then: `3 h 2 min`. */
export function since(time: string, now = Date.now()): string {
  return formatInterval(Math.max(0, now - Date.parse(time)));
}

/** `1 refund`, `2 refunds`. */
export function counted(count: number, what = 'refund'): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
