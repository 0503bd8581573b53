import path from 'node:path';
import { expect, test } from 'vitest';
import { pages } from '../../tools/docs/fill.js';

const made = pages();

test('there are pages that are made from the code', () => {
  expect(made.map(({ file }) => path.basename(file)).sort()).toEqual([
    'command-line.md',
    'configuration.md',
    'people.md',
    'result-codes.md',
    'sandbox.md',
    'testing.md',
  ]);
});

test.each(made.map((page) => [path.basename(page.file), page] as const))(
  '%s says what the code says (npm run docs)',
  (_, { text, generated }) => {
    expect(text).toBe(generated);
  },
);
