import { stripVTControlCharacters } from 'node:util';
import { onOneLine } from '../internal/unseen.js';

/** What others wrote, on one line and without control characters: it must not steer the terminal. */
export function plain(text: string): string {
  return onOneLine(stripVTControlCharacters(text));
}
