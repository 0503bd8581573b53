import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical } from '../../internal/canonical-json.js';

describe('a JSON value as one text', () => {
  it.each<[unknown, string]>([
    [null, 'null'],
    [7, '7'],
    ['a"b', '"a\\"b"'],
    [true, 'true'],
    [[], '[]'],
    [[2, [1]], '[2,[1]]'],
    [{}, '{}'],
    [{ b: 1, a: { d: [], c: null } }, '{"a":{"c":null,"d":[]},"b":1}'],
    [{ a: undefined, b: { c: undefined } }, '{"b":{}}'],
    [{ 'a"b': 1 }, '{"a\\"b":1}'],
  ])('%j', (value, text) => {
    expect(canonical(value)).toBe(text);
  });

  it('is the same whatever the order of the keys', () => {
    const shuffled = fc
      .dictionary(fc.string({ maxLength: 3 }), fc.jsonValue({ maxDepth: 1 }), { minKeys: 2 })
      .chain((object) =>
        fc.tuple(
          fc.constant(object),
          fc.shuffledSubarray(Object.keys(object), { minLength: Object.keys(object).length }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([object, keys]) => {
        expect(canonical(Object.fromEntries(keys.map((key) => [key, object[key]])))).toBe(canonical(object));
      }),
    );
  });

  it('is JSON of the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
