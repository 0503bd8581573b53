import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EncodingMistake, utf8Text } from '../../internal/utf8.js';

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

test('UTF-8 is read as it is, whatever is in it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (given) => {
      expect(utf8Text(bytes('{', given))).toBe(`{${given}`);
    }),
  );
});

test('a byte order mark is left out', () => {
  expect(utf8Text(bytes('\uFEFF{}'))).toBe('{}');
});

test('a replacement character that was in the text is no mistake', () => {
  expect(utf8Text(bytes('"a\uFFFDb"'))).toBe('"a\uFFFDb"');
});

describe('the first byte that is not UTF-8 is named, counted from 1:', () => {
  test.each<[string, Buffer, number]>([
    ['a letter of Latin-1', bytes('"caf', [0xe9], '"'), 5],
    ['a letter of Latin-1 after a letter of two bytes', bytes('"é', [0xe9], '"'), 4],
    ['a letter of Latin-1 after a replacement character', bytes('\uFFFD', [0xe9], '"'), 4],
    ['a letter of Latin-1 after a byte order mark', bytes('\uFEFF', [0xe9], '"'), 4],
    ['the first byte', bytes([0xa7], '"'), 1],
    ['the mark of UTF-16, not the zero byte behind it', bytes([0xff, 0xfe], 'a', [0]), 1],
    ['a letter that is cut off after one byte', bytes('abcd', [0xc3]), 5],
    ['a letter that is cut off after two bytes', bytes('abcd', [0xef, 0xbf]), 5],
    ['a letter that is cut off after three bytes', bytes('abcd', [0xf0, 0x9f, 0x98]), 5],
    ['half a surrogate pair', bytes('abcd', [0xed, 0xa0, 0x80]), 5],
    ['a slash in two bytes', bytes('abcd', [0xc0, 0xaf]), 5],
  ])('%s', (_, given, place) => {
    expect(() => utf8Text(given)).toThrow(EncodingMistake);
    expect(() => utf8Text(given)).toThrow(`is not UTF-8 (byte ${place})`);
  });

  test('bytes that end in any way are refused exactly where a strict decoder refuses them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (given) => {
        const all = Buffer.concat([Buffer.from('text'), given.map((byte) => byte || 1)]);
        expect(isRead(() => utf8Text(all))).toBe(
          isRead(() => new TextDecoder('utf-8', { fatal: true }).decode(all)),
        );
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('another encoding is named, with the command that converts it:', () => {
  const utf16 = Buffer.from('{"a": 1}', 'utf16le');
  test.each<[string, Buffer, string]>([
    ['UTF-16 with a mark', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]), 'UTF-16'],
    ['UTF-16 without a mark', utf16, 'UTF-16'],
    ['big-endian UTF-16 without a mark', Buffer.from(utf16).swap16(), 'UTF-16'],
    [
      'big-endian UTF-16 with a mark',
      Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(utf16).swap16()]),
      'UTF-16',
    ],
    ['UTF-32 with a mark', Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0]), 'UTF-32'],
    ['UTF-32 without a mark', Buffer.from([0x7b, 0, 0, 0, 0x7d, 0, 0, 0]), 'UTF-32'],
    ['big-endian UTF-32', Buffer.from([0, 0, 0, 0x7b, 0, 0, 0, 0x7d]), 'UTF-32'],
    ['Latin-1', Buffer.from('{"a": "é"}', 'latin1'), 'Latin-1'],
  ])('%s', (_, given, name) => {
    expect(() => utf8Text(given)).toThrow(`It looks like ${name}`);
    expect(() => utf8Text(given)).toThrow(/iconv -f \S+ -t UTF-8/);
  });
});

test.each([
  ['ab\0c', 3],
  ['a\0bc', 2],
  ['\0', 1],
  ['{"refundRequestId": "R-\0"}', 24],
])('a NUL character in a text is named, and is no other encoding: %j', (text, place) => {
  expect(() => utf8Text(Buffer.from(text))).toThrow(`has a NUL character (byte ${place})`);
});

function isRead(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
