import { describe, expect, it } from 'vitest';
import { escapeInvisible, singleLine } from '../../internal/sanitize.js';

const UNSEEN = [
  ...['\u0000', '\b', '\u001b', '\u001f', '\u007f', '\u009f', '\u061c', '\u200e', '\u200f'],
  ...['\u2028', '\u202e', '\u2066', '\u2069'],
];
const SEEN = [' ', '~', '\u00a0', '\u061b', '\u200d', '\u2010', '\u2027', '\u202f', '\u2065', '\u206a', '💸'];

describe('what others wrote, on one line', () => {
  it.each([
    ['a\r\nb', 'a b'],
    ['a\n\n\tb', 'a b'],
    ['a\rb\nc', 'a b c'],
    ['退货 – zu groß', '退货 – zu groß'],
  ])('%j', (text, line) => {
    expect(singleLine(text)).toBe(line);
  });

  it.each(UNSEEN)('is without %j', (character) => {
    expect(singleLine(`a${character}b${character}`)).toBe('ab');
  });

  it.each(SEEN)('keeps %j', (character) => {
    expect(singleLine(`a${character}b`)).toBe(`a${character}b`);
  });
});

describe('JSON with escapes', () => {
  it.each(UNSEEN)('has %j as one', (character) => {
    const escaped = `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
    expect(escapeInvisible(`"a${character}b${character}"`)).toBe(`"a${escaped}b${escaped}"`);
  });

  it('means the same, and keeps the line breaks between its parts', () => {
    const json = '{\n  "a": "x\u2028\u007f y"\n}';
    expect(escapeInvisible(json)).toBe('{\n  "a": "x\\u2028\\u007f y"\n}');
    expect(JSON.parse(escapeInvisible(json))).toEqual(JSON.parse(json));
  });
});
