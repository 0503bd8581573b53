import { readdirSync } from 'node:fs';

/** Sources, and the tests that have to notice each change of them. */
export interface Room {
  sources: string[];
  tests: string[];
}

/** The rooms that are mutated, each with the tests of its own: they need no Temporal server. */
export const ROOMS: Room[] = ['refund', 'worldfirst'].map((name) => ({
  sources: filesIn(`src/${name}`, '.ts'),
  tests: filesIn(`test/${name}`, '.test.ts'),
}));

function filesIn(directory: string, ending: string): string[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith(ending))
    .sort()
    .map((file) => `${directory}/${file}`);
}
