import type { Parameters } from 'fast-check';

/** Throws with the sentence where it is not so. Cheaper than an assertion of the test runner, for it is asked millions of times. */
export function must(isSo: unknown, sentence: string): asserts isSo {
  if (!isSo) throw new Error(`not so: ${sentence}`);
}

/** How often a property is tried. FC_SEED repeats a run: what is wrong is printed with its seed. */
export function runs(numRuns: number): Parameters<unknown> {
  const { FC_SEED } = process.env;
  return { numRuns, ...(FC_SEED !== undefined && { seed: Number(FC_SEED) }) };
}
