import { stripVTControlCharacters } from 'node:util';
import { singleLine } from '../internal/sanitize.js';

/** What others wrote, on one line and without control characters: it must not steer the terminal. */
export function terminalText(text: string): string {
  return singleLine(stripVTControlCharacters(text));
}
