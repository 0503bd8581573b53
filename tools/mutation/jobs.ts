import path from 'node:path';
import type { Mutant } from './mutants.js';
import type { Job, Measured } from './runner.js';

/** How a mutant is tested: by the tests that meet it, those of its own file first, then the quickest; undefined where none does. */
export function jobOf({ id, file }: Mutant, coverage: ReadonlyMap<string, Measured>): Job | undefined {
  const { name } = path.parse(file);
  const isOwn = (test: string) => path.basename(test).startsWith(`${name}.`);
  const meeting = [...coverage]
    .map(([test, { tests, always, duration }]) => ({
      test,
      duration,
      names: Object.keys(tests).filter((each) => id in always || id in (tests[each] ?? {})),
      met: [always, ...Object.values(tests)].reduce((sum, counts) => sum + (counts[id] ?? 0), 0),
    }))
    .filter(({ names }) => names.length > 0)
    .sort((a, b) => Number(isOwn(b.test)) - Number(isOwn(a.test)) || a.duration - b.duration);
  if (meeting.length === 0) return undefined;
  return {
    mutant: id,
    files: meeting.map(({ test }) => test),
    tests: meeting.flatMap(({ names }) => names),
    limit: 1_000 + 10 * meeting.reduce((sum, { met }) => sum + met, 0),
  };
}
