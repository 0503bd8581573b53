import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { csvLine } from '../../cli/csv.js';

test.each(['=1+1', '+SUM(A1)', '-2+3', '@now', '\t=1', '\r=1', '\n=1', '=HYPERLINK("http://x")'])(
  'the cell %j would be run as a formula, and has an apostrophe before it',
  (cell) => {
    expect(parse(csvLine(['a', cell]))).toEqual([['a', `'${cell}`]]);
  },
);

test.each(['-12.34', '+5', '-1', '0.50', 'USD 12.34', 'a=b', 'refund-1', ''])(
  'the cell %j is no formula, and stays as it is',
  (cell) => {
    expect(csvLine(['a', cell])).toBe(`a,${cell}`);
  },
);

test('quotes, commas and missing cells are written by RFC 4180', () => {
  expect(csvLine(['a "b"', 'c,d', undefined, -3])).toBe('"a ""b""","c,d",,-3');
});
