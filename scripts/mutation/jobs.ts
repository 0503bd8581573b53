import path from 'node:path';
import type { Mutant } from './mutants.js';
import type { Job } from './runner.js';
import type { Coverage } from './within.js';

/** How a mutant is tested: by the tests that meet it, those of its own file first; undefined where none does. */
export function jobOf({ id, file }: Mutant, coverage: ReadonlyMap<string, Coverage>): Job | undefined {
  const { name } = path.parse(file);
  const isOwn = (test: string) => path.basename(test).startsWith(`${name}.`);
  const meeting = [...coverage]
    .map(([test, { tests, always }]) => ({
      test,
      names: Object.keys(tests).filter((each) => id in always || id in (tests[each] ?? {})),
      met: [always, ...Object.values(tests)].reduce((sum, counts) => sum + (counts[id] ?? 0), 0),
    }))
    .filter(({ names }) => names.length > 0)
    .sort((a, b) => Number(isOwn(b.test)) - Number(isOwn(a.test)));
  if (meeting.length === 0) return undefined;
  return {
    mutant: id,
    files: meeting.map(({ test }) => test),
    tests: meeting.flatMap(({ names }) => names),
    limit: 1_000 + 100 * meeting.reduce((sum, { met }) => sum + met, 0),
  };
}
