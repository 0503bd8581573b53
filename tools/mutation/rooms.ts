import { readdirSync } from 'node:fs';

/** Sources, and the tests that have to notice each change of them. */
export interface Room {
  sources: string[];
  tests: string[];
}

/** The rooms that are mutated, each with the tests of its own and what else needs no Temporal server. */
export const ROOMS: Room[] = [
  { sources: filesIn('internal', '.ts'), tests: filesIn('test/internal', '.test.ts') },
  { sources: filesIn('rules', '.ts'), tests: filesIn('test/rules', '.test.ts') },
  {
    sources: filesIn('worldfirst', '.ts'),
    tests: [...filesIn('test/worldfirst', '.test.ts'), 'test/hostile/answers.test.ts'],
  },
];

function filesIn(directory: string, ending: string): string[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith(ending))
    .sort()
    .map((file) => `${directory}/${file}`);
}
