import { describe, expect, it } from 'vitest';
import { jobOf } from '../../tools/mutation/jobs.js';
import { mutantsOf } from '../../tools/mutation/mutants.js';
import type { Measured } from '../../tools/mutation/runner.js';
import { compare } from '../../tools/mutation/survivors.js';

const sevens = mutantsOf('src/a.ts', 'x = 7 * 7;').filter(({ original }) => original === '7');
const explanation = { file: 'src/a.ts', code: 'x = 7 * 7;', change: '7 ⇒ 8', why: 'nobody reads it' };

describe('an explanation', () => {
  it('accounts for one survivor, and not for another one on the same line', () => {
    expect(compare(sevens.slice(0, 1), [explanation])).toEqual({ unexplained: [], outdated: [] });
    expect(compare(sevens, [explanation])).toEqual({ unexplained: [sevens[1]], outdated: [] });
    expect(compare(sevens, [{ ...explanation, times: 2 }])).toEqual({ unexplained: [], outdated: [] });
  });

  it.each([
    ['file', { ...explanation, file: 'src/b.ts' }],
    ['line', { ...explanation, code: 'y = 7 * 7;' }],
    ['change', { ...explanation, change: '7 ⇒ 9' }],
  ])('of another %s accounts for nothing', (_, other) => {
    const [seven] = sevens;
    expect(compare(sevens.slice(0, 1), [other])).toEqual({ unexplained: [seven], outdated: [other] });
  });

  it('is outdated once fewer survive than it accounts for', () => {
    expect(compare([], [explanation]).outdated).toEqual([explanation]);
    const twice = { ...explanation, times: 2 };
    expect(compare(sevens.slice(0, 1), [twice]).outdated).toEqual([twice]);
  });
});

describe('a mutant is tested', () => {
  const [mutant] = sevens;
  if (!mutant) throw new Error('there is no mutant');
  const other: Measured = {
    tests: { 'is met': { [mutant.id]: 3 }, 'is not met': {} },
    always: {},
    duration: 1,
  };

  it('by the tests that meet it, those of its own file first', () => {
    const own: Measured = { tests: { 'is its own': { [mutant.id]: 1 } }, always: {}, duration: 9 };
    const job = jobOf(
      mutant,
      new Map([
        ['test/other.test.ts', other],
        ['test/a.table.test.ts', own],
      ]),
    );
    expect(job).toMatchObject({
      mutant: mutant.id,
      files: ['test/a.table.test.ts', 'test/other.test.ts'],
      tests: ['is its own', 'is met'],
    });
  });

  it('by all tests of a file that meets it before its tests run', () => {
    const loaded = { ...other, always: { [mutant.id]: 1 } };
    expect(jobOf(mutant, new Map([['test/other.test.ts', loaded]]))?.tests).toEqual(['is met', 'is not met']);
  });

  it('by none where none meets it', () => {
    expect(
      jobOf(
        mutant,
        new Map([['test/other.test.ts', { tests: { 'is not met': {} }, always: {}, duration: 1 }]]),
      ),
    ).toBeUndefined();
  });
});
