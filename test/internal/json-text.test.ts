import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JsonMistake, parseJson } from '../../internal/json-text.js';

test('whatever JSON can be written is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(
      fc.jsonValue({ noUnicodeString: false }),
      fc.constantFrom(undefined, 1, '\t'),
      (value, space) => {
        const text = JSON.stringify(value, null, space);
        expect(parseJson(text)).toEqual(JSON.parse(text));
      },
    ),
  );
});

test('no text is read that JSON.parse does not read, and none that it reads is refused but for a key given twice', () => {
  const pieces = [
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"b"',
    '1',
    '-',
    '01',
    '1.5e3',
    'true',
    'nul',
    ' ',
    '\n',
    '"\\u00"',
    '"\u0001"',
    '\u0085',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 9 }), (parts) => {
      const text = parts.join('');
      const [ours, theirs] = [attempt(() => parseJson(text)), attempt(() => JSON.parse(text))];
      if (ours instanceof JsonMistake && ours.message.includes('given twice')) return;
      expect(ours instanceof Error, text).toBe(theirs instanceof Error);
    }),
    { numRuns: 5_000 },
  );
});

test('nothing may be nested more than five hundred deep, however much it is', () => {
  const nested = (depth: number) => `${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`;
  expect(parseJson(nested(500))).toEqual(JSON.parse(nested(500)));
  expect(() => parseJson(nested(502))).toThrow('line 1, column 1501: nested more than 500 deep');
  expect(() => parseJson('['.repeat(1024 * 1024))).toThrow('line 1, column 501: nested more than 500 deep');
});

test.each([
  ['letters', 'x'],
  ['letters of other scripts', '退'],
  ['characters of two code units', '💸'],
  ['escapes', '\\n'],
  ['escapes and letters in turn', '\\u00e9x'],
  ['control characters that JSON allows', '\u0085'],
])('a string of nine million %s is read', (_, part) => {
  const text = `{"a": "${part.repeat(9_000_000)}"}`;
  // What is compared is not shown when it differs: it has megabytes.
  expect((parseJson(text) as { a: string }).a === JSON.parse(text).a).toBe(true);
});

test('many beside each other are not nested', () => {
  const text = JSON.stringify(Array.from({ length: 1000 }, (_, index) => [{ index }]));
  expect(parseJson(text)).toEqual(JSON.parse(text));
});

test('a mark of the byte order is no JSON', () => {
  expect(() => parseJson('\uFEFF{"a": 1}')).toThrow(JsonMistake);
});

test('the same key in two objects is not a key given twice', () => {
  expect(parseJson('{"a": {"x": 1}, "b": {"x": 2}}')).toEqual({ a: { x: 1 }, b: { x: 2 } });
  expect(() => parseJson('{"a": {"x": 1, "\\u0078": 2}}')).toThrow(
    'line 1, column 16: the key "x" is given twice',
  );
});

test.each([
  ['', 'line 1, column 1: expected a value, and the text ends there'],
  ['x', 'line 1, column 1: expected a value'],
  ['[\n 1,\n x]', 'line 3, column 2: expected a value'],
  ['1.', 'line 1, column 1: expected a value'],
  ['1e', 'line 1, column 1: expected a value'],
  ['1 2', 'line 1, column 3: expected nothing more'],
  ['{a: 1}', 'line 1, column 2: expected a key in double quotes'],
  ['{"a" 1}', 'line 1, column 6: expected ":"'],
  ['{"a": 1 "b": 2}', 'line 1, column 9: expected "," or "}"'],
  ['{"a": 1', 'line 1, column 8: expected "," or "}", and the text ends there'],
  ['[1 2]', 'line 1, column 4: expected "," or "]"'],
  ['[1', 'line 1, column 3: expected "," or "]", and the text ends there'],
])('a mistake is told with its place: %j', (text, message) => {
  expect(() => parseJson(text)).toThrow(new JsonMistake(message));
});

test.each(['{ }', '[ ]', ' { "a" : 1 , "b" : [ 1 , 2 ] } ', '[[], [], {}, {}]'])(
  'blanks may stand wherever they may in JSON: %j',
  (text) => {
    expect(parseJson(text)).toEqual(JSON.parse(text));
  },
);

test('what stands beside each other is not nested', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  expect(() => parseJson(`[${'[],'.repeat(1000)}${nested(499)}]`)).not.toThrow();
  expect(() => parseJson(`[${'[],'.repeat(1000)}${nested(500)}]`)).toThrow('nested more than 500 deep');
});

function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return error;
  }
}
