import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { newKeyEntry, parseKeys } from '../../encryption/keys.js';

const base64 = () => randomBytes(32).toString('base64');

test.each([
  ['commas', ','],
  ['commas and blanks', ' , '],
  ['line breaks, as in a file', '\n'],
  ['line breaks of Windows', '\r\n'],
])('keys are separated by %s, and keep their order', (_, separator) => {
  const [first, second] = [base64(), base64()];
  const read = parseKeys(`\n2026-11:${first}${separator}2025.old_1:${second}\n`);
  const keys = 'keys' in read ? read.keys : [];
  expect(keys.map(({ id, key }) => [id, key.export().toString('base64')])).toEqual([
    ['2026-11', first],
    ['2025.old_1', second],
  ]);
});

test('a new entry is read as one key, and is never the same', () => {
  const entry = newKeyEntry('k1');
  expect(parseKeys(entry)).toMatchObject({ keys: [{ id: 'k1' }] });
  expect(newKeyEntry('k1')).not.toBe(entry);
});

test('no key at all is an empty list, for the caller to judge', () => {
  expect(parseKeys(' \n')).toEqual({ keys: [] });
});

test.each([
  ['no id', base64()],
  ['an empty id', `:${base64()}`],
  ['a key of 16 bytes', `a:${randomBytes(16).toString('base64')}`],
  ['a key of 33 bytes', `a:${randomBytes(33).toString('base64')}`],
  ['a damaged character', `a:!${base64().slice(1)}`],
  ['base64url', `a:${Buffer.alloc(32, 0xff).toString('base64url')}`],
  ['an id with a slash', `a/b:${base64()}`],
  ['an id of 65 characters', `${'a'.repeat(65)}:${base64()}`],
])('%s is a mistake, whose sentence names its place and not the key', (_, entry) => {
  const good = `good:${base64()}`;
  const read = parseKeys(`${good},${entry}`);
  const mistakes = 'mistakes' in read ? read.mistakes : [];
  expect(mistakes).toHaveLength(1);
  expect(mistakes[0]).toMatch(/^entry 2 must/);
  expect(mistakes[0]).not.toContain(entry.slice(entry.indexOf(':') + 1));
});

test('every mistake is named at once', () => {
  const read = parseKeys(`x,a:${base64()},a:${base64()}`);
  expect('mistakes' in read && read.mistakes).toEqual([
    expect.stringContaining('entry 1 must be an id, a colon and 32 bytes in base64'),
    'two keys have the id "a": give each key an id of its own',
  ]);
});
