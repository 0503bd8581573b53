import { stripVTControlCharacters } from 'node:util';

/** What others wrote, on one line and without control characters: it must not steer the terminal. */
export function plain(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/[\r\n\t]+/g, ' ')
    .replace(/\p{Cc}|[\u2028-\u202e\u2066-\u2069]/gu, '');
}
