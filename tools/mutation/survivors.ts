import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Mutant } from './mutants.js';

/** A mutant that no test can or need notice. */
export interface Explanation {
  file: string;
  /** The line of the source that it changes; not its number, which would go out of date. */
  code: string;
  /** `original ⇒ replacement` */
  change: string;
  /** How many such mutants the line has; 1 where it is absent. */
  times?: number;
  /** Why it is the same as the original, or does no harm. */
  why: string;
}

/** The survivors that are accounted for. */
export const EXPLANATIONS: Explanation[] = JSON.parse(
  readFileSync(path.join(import.meta.dirname, 'survivors.json'), 'utf8'),
);

/** What a mutant changes, on one line. */
export function changeOf({
  original,
  replacement,
  shape,
}: Pick<Mutant, 'original' | 'replacement' | 'shape'>): string {
  const short = (text: string) => text.replaceAll(/\s+/g, ' ');
  return `${short(original)} ⇒ ${shape === 'expression' ? short(replacement) : '(left out)'}`;
}

/** The survivors that nothing accounts for, and the explanations of mutants that are dead or gone. */
export function compare(
  survivors: readonly Mutant[],
  explanations: readonly Explanation[],
): { unexplained: Mutant[]; outdated: Explanation[] } {
  const keyOf = (file: string, code: string, change: string) => JSON.stringify([file, code, change]);
  const left = new Map(
    explanations.map(({ file, code, change, times = 1 }) => [keyOf(file, code, change), times]),
  );
  const unexplained = survivors.filter((mutant) => {
    const key = keyOf(mutant.file, mutant.code, changeOf(mutant));
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    return count <= 0;
  });
  const outdated = explanations.filter(
    ({ file, code, change }) => (left.get(keyOf(file, code, change)) ?? 0) > 0,
  );
  return { unexplained, outdated };
}
