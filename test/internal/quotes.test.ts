import { expect, test } from 'vitest';
import { withoutQuotes } from '../../internal/quotes.js';

test.each([
  ['double quotes', '"a b"', 'a b'],
  ['single quotes', "'a b'", 'a b'],
  ['blanks around the quotes', ' \t "a" \n ', 'a'],
  ['blanks inside the quotes', '" a "', 'a'],
  ['a line break inside', '"a\nb"', 'a\nb'],
  ['the other quote inside', `"it's"`, "it's"],
  ['nothing inside', '""', ''],
])('a pair of quotes is taken off: %s', (_, given, expected) => {
  expect(withoutQuotes(given)).toBe(expected);
});

test.each([
  ['no quotes', 'a', 'a'],
  ['blanks around no quotes', ' a b ', 'a b'],
  ['only one quote', '"a', '"a'],
  ['two different quotes', `"a'`, `"a'`],
  ['a letter before', 'a"b"', 'a"b"'],
  ['a letter behind', '"a"b', '"a"b'],
  ['two pairs', '"a" "b"', '"a" "b"'],
  ['nothing', '', ''],
])('a text without a pair of quotes around it only loses its outer blanks: %s', (_, given, expected) => {
  expect(withoutQuotes(given)).toBe(expected);
});
