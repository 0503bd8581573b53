import path from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Runs the tests of the changed file first: they kill most of its mutants. */
class OwnTestsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const changed = (this.ctx.config.related ?? []).map((file) => path.basename(file, '.ts'));
    const isOwn = ({ moduleId }: TestSpecification) =>
      changed.some((name) => path.basename(moduleId).startsWith(`${name}.`));
    const sorted = await super.sort(files);
    return [...sorted.filter(isOwn), ...sorted.filter((file) => !isOwn(file))];
  }
}

/** The tests that need no Temporal server. */
export default defineConfig({
  test: {
    include: ['test/{internal,rules,worldfirst}/*.test.ts', 'test/hostile/answers.test.ts'],
    // It reads the built declarations, which no mutant changes.
    exclude: ['test/rules/described-types.test.ts'],
    // The mark of some test files; here all of them run.
    tags: [{ name: 'long' }],
    // Loading the tests' libraries takes longer than the tests.
    isolate: false,
    sequence: { sequencer: OwnTestsFirst },
    runner: path.join(import.meta.dirname, 'runner.ts'),
    // The machine may be busy; StrykerJS itself ends an endless loop.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A mutant may well leave a rejected promise behind.
    dangerouslyIgnoreUnhandledErrors: true,
  },
});
