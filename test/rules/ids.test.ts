import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  generationOf,
  MOST_GENERATIONS,
  providerRequestIdOf,
  refundRequestIdOf,
  workflowIdOf,
} from '../../rules/ids.js';

let anyString: fc.Arbitrary<string> | undefined;
/** Made where it is used, and once, for that takes longer than all other tests of this file. */
function anyId(): fc.Arbitrary<string> {
  anyString ??= fc.string({ unit: 'binary', minLength: 1, maxLength: 64 }).filter((id) => id.length <= 64);
  return anyString;
}
const anyGeneration = fc.integer({ min: 1, max: 10_000 });

describe('the workflow of a refund', () => {
  it('has an id made from the refund request id, which can be read back', () => {
    expect(workflowIdOf('R-1')).toBe('refund:R-1');
    expect(refundRequestIdOf('refund:R-1')).toBe('R-1');
    fc.assert(fc.property(anyId(), (id) => refundRequestIdOf(workflowIdOf(id)) === id));
  });

  it.each(['', 'refund:', 'R-1', 'refund-R-1', 'Refund:R-1', ' refund:R-1', 'order:refund:R-1'])(
    'is not %j',
    (workflowId) => {
      expect(refundRequestIdOf(workflowId)).toBeUndefined();
    },
  );

  it('may have a request id that looks like a workflow id', () => {
    expect(refundRequestIdOf(workflowIdOf('refund:R-1'))).toBe('refund:R-1');
  });
});

describe('the request id at WorldFirst', () => {
  // Literal, since it is a promise: a running refund must send under the id that an older version of this code sent.
  const A64 = 'a'.repeat(64);
  it.each([
    ['the caller’s own at first', 'R-1', 1, 'R-1'],
    ['the next one', 'R-1', 2, 'R-1-2'],
    ['the tenth', 'R-1', 10, 'R-1-10'],
    ['the longest that can still be extended', 'a'.repeat(62), 2, `${'a'.repeat(62)}-2`],
    ['the longest of all, whole at first', A64, 1, A64],
    ['one character too long to be extended', 'a'.repeat(63), 2, `${'a'.repeat(53)}~2469b9e6-2`],
    ['too long only for the tenth', 'a'.repeat(62), 10, `${'a'.repeat(52)}~078ca623-10`],
  ])('is %s', (_, id, generation, expected) => {
    expect(providerRequestIdOf(id, generation)).toBe(expected);
  });

  it('has at most 64 code units and no half surrogate pair', () => {
    fc.assert(
      fc.property(anyId(), anyGeneration, (id, generation) => {
        const provider = providerRequestIdOf(id, generation);
        expect(provider.length).toBeLessThanOrEqual(64);
        expect(provider.isWellFormed()).toBe(true);
      }),
    );
  });

  it('does not cut a surrogate pair in half', () => {
    for (const start of ['', 'a']) {
      const id = (start + '💸'.repeat(32)).slice(0, 64 - start.length);
      expect(providerRequestIdOf(id, 2).isWellFormed()).toBe(true);
      expect(providerRequestIdOf(id, 2).length).toBeLessThanOrEqual(64);
    }
  });

  it('is different in each generation', () => {
    fc.assert(
      fc.property(
        anyId(),
        fc.uniqueArray(anyGeneration, { minLength: 2, maxLength: 20 }),
        (id, generations) => {
          const ids = generations.map((generation) => providerRequestIdOf(id, generation));
          expect(new Set(ids).size).toBe(generations.length);
        },
      ),
    );
  });

  it('is the same every time', () => {
    fc.assert(
      fc.property(anyId(), anyGeneration, (id, generation) => {
        expect(providerRequestIdOf(id, generation)).toBe(providerRequestIdOf(id, generation));
      }),
    );
  });

  it('is different for long ids that differ only in the last character', () => {
    const ending = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 });
    fc.assert(
      fc.property(
        fc.integer({ min: 60, max: 63 }),
        ending,
        ending,
        anyGeneration,
        (length, x, y, generation) => {
          fc.pre(x !== y);
          const [a, b] = [x, y].map((end) => providerRequestIdOf('r'.repeat(length) + end, generation));
          expect(a).not.toBe(b);
        },
      ),
    );
  });

  it('is different for ten thousand long ids with the same beginning', () => {
    const numbered = (n: number) => `${'order-of-a-merchant-'.repeat(3)}${String(n).padStart(4, '0')}`;
    const ids = Array.from({ length: 10_000 }, (_, n) => providerRequestIdOf(numbered(n), 2));
    expect(new Set(ids).size).toBe(10_000);
  });
});

describe('the generation of a request id that was sent', () => {
  it.each<[string | undefined, number, number]>([
    ['R-1', 1, 1],
    ['R-1-2', 1, 2],
    ['R-1-5', 2, 5],
    [`R-1-${MOST_GENERATIONS}`, 1, MOST_GENERATIONS],
    [`R-1-${MOST_GENERATIONS + 1}`, 1, 1],
    ['R-1', 3, 3],
    ['R-2-4', 3, 3],
    [undefined, 2, 2],
  ])('of %j, where %i is known, is %i', (sent, known, generation) => {
    expect(generationOf('R-1', sent, known)).toBe(generation);
  });
});
