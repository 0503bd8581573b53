import fc from 'fast-check';
import { TestRunner } from 'vitest';

// The same examples each time, so that the score is the same; and a mutant is dead once one example fails.
fc.configureGlobal({ seed: 1, endOnFailure: true });

/** Loads no further test file once a test has failed: the mutant is dead. */
export default class MutationRunner extends TestRunner {
  #isDead = false;

  override cancel(reason: Parameters<TestRunner['cancel']>[0]): void {
    super.cancel(reason);
    this.#isDead = true;
  }

  override importFile(...file: Parameters<TestRunner['importFile']>): ReturnType<TestRunner['importFile']> {
    return this.#isDead ? Promise.resolve() : super.importFile(...file);
  }
}
