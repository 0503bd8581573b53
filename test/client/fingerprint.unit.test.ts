import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../client/fingerprint.js';
import { cashier, worldtrade } from '../rules/fixtures.js';

/** The same value with its keys in another order, all the way down. */
function turnedRound(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turnedRound);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, entry]) => [key, turnedRound(entry)]);
  return Object.fromEntries(entries.reverse());
}

const anyJson = fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' });

/** What JSON carries: -0 arrives as 0. */
const carried = (value: unknown) => JSON.stringify(turnedRound(turnedRound(value)));

describe('the fingerprint of a request', () => {
  it('does not change between releases, because it is in the memo of running refunds', () => {
    // printf '{"product":"worldtrade","refundRequestId":"R-1","tradeId":"T-1"}' | openssl dgst -sha256 -binary | basenc --base64url
    expect(fingerprint(worldtrade)).toBe('BDsN10Pzu9YMJ2C1M9zxRmQFhHvwBXTei7UCqjA925o');
  });

  it('does not depend on the order of the keys', () => {
    fc.assert(fc.property(anyJson, (value) => fingerprint(turnedRound(value)) === fingerprint(value)));
    expect(fingerprint(turnedRound(cashier))).toBe(fingerprint(cashier));
  });

  it('is the same after a round trip through JSON', () => {
    fc.assert(
      fc.property(anyJson, (value) => fingerprint(JSON.parse(JSON.stringify(value))) === fingerprint(value)),
    );
  });

  it('treats an undefined field as absent', () => {
    expect(fingerprint({ ...worldtrade, remark: undefined })).toBe(fingerprint(worldtrade));
  });

  it('differs for different values', () => {
    fc.assert(
      fc.property(anyJson, anyJson, (a, b) => {
        fc.pre(carried(sorted(a)) !== carried(sorted(b)));
        expect(fingerprint(a)).not.toBe(fingerprint(b));
      }),
    );
  });

  it.each<[string, unknown, unknown]>([
    ['a number and its text', { a: 1 }, { a: '1' }],
    ['null and absent', { a: null }, {}],
    ['null and its text', { a: null }, { a: 'null' }],
    ['an empty list and an empty object', { a: [] }, { a: {} }],
    ['a list in another order', [1, 2], [2, 1]],
    ['a list and an object with its indexes', ['x'], { 0: 'x' }],
    ['two texts and one with a comma', ['a', 'b'], ['a,b']],
    ['quotes and commas within a text', { a: '","b":"' }, { a: '', b: '' }],
    ['a key that holds a colon', { 'a:1': 2 }, { a: '1:2' }],
    ['nested otherwise', { a: { b: 1 } }, { a: 1, b: 1 }],
    ['in another normal form of Unicode', { a: 'é' }, { a: 'e\u0301' }],
    ['half surrogate pairs', { a: '\ud83d' }, { a: '\udcb8' }],
    ['with a blank', { a: 'x' }, { a: 'x ' }],
    ['a key of every object', JSON.parse('{"__proto__":1}'), {}],
    ['another amount', { value: 1234 }, { value: 1235 }],
  ])('is different for: %s', (_, a, b) => {
    expect(fingerprint(a)).not.toBe(fingerprint(b));
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .map(([key, entry]) => [key, sorted(entry)])
    .sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1));
}
