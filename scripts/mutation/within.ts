// What runs beside the tests in the process of the tests: it makes one mutant active, or writes down which tests meet which.
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import fc from 'fast-check';
import { afterAll, afterEach, beforeEach, type TestContext, vi } from 'vitest';

/** Which mutants are met by which test; those that are met outside of any test belong to all of its file. */
export interface Coverage {
  tests: Record<string, Record<number, number>>;
  always: Record<number, number>;
}

/** One mutant to be tested, and by which tests. */
export interface Task {
  mutant: number;
  /** By their full names. */
  tests: string[];
  /** How often it is met at most, unless it has made a loop endless. */
  limit: number;
}

declare global {
  var __mutation: { isActive(mutant: number): boolean } | undefined;
  /** How many keys of each kind this test file has made. */
  var __keysMade: Map<string, number> | undefined;
}

// The same examples each time, so that the score is the same; and a mutant is dead once one example fails.
fc.configureGlobal({ seed: 1, endOnFailure: true });
globalThis.__keysMade ??= reuseKeys();

/** Makes a mutant active for all tests that are loaded from now on. */
export function activate({ mutant, tests, limit }: Task): void {
  beginAnew();
  const wanted = new Set(tests);
  let met = 0;
  let hasFailed = false;
  globalThis.__mutation = {
    isActive(id) {
      if (id !== mutant) return false;
      met += 1;
      if (met > limit) throw new Error('the mutant made a loop endless');
      return true;
    },
  };
  beforeEach(({ task, skip }) => {
    if (hasFailed || !wanted.has(nameOf(task))) skip();
  });
  afterEach(({ task }) => {
    hasFailed ||= task.result?.state === 'fail';
  });
}

/** Writes down which mutants are met, into the `meta` of the test file. */
export function record(): void {
  beginAnew();
  const coverage: Coverage = { tests: {}, always: {} };
  let counts = coverage.always;
  globalThis.__mutation = {
    isActive(id) {
      counts[id] = (counts[id] ?? 0) + 1;
      return false;
    },
  };
  beforeEach(({ task }) => {
    counts = coverage.tests[nameOf(task)] ??= {};
  });
  afterEach(() => {
    counts = coverage.always;
  });
  // biome-ignore lint/correctness/noEmptyPattern: Vitest insists on it.
  afterAll(({}, suite) => {
    Object.assign(suite.meta, { coverage });
  });
}

/** Every test file loads the modules anew, for what a module does when it is loaded is mutated too. */
function beginAnew(): void {
  vi.resetModules();
  globalThis.__keysMade?.clear();
}

function nameOf(task: TestContext['task']): string {
  const names = [task.name];
  for (let { suite } = task; suite; suite = suite.suite) names.unshift(suite.name);
  return names.join(' > ');
}

/** Making keys takes longer than all else, so the n-th key of a kind that a test file makes is the same in all of them. */
function reuseKeys(): Map<string, number> {
  const counts = new Map<string, number>();
  const kept = new Map<string, unknown>();
  const { generateKeyPairSync } = crypto;
  const reusing = (...kind: Parameters<typeof generateKeyPairSync>) => {
    const name = JSON.stringify(kind);
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    const key = `${name} ${count}`;
    if (!kept.has(key)) kept.set(key, generateKeyPairSync(...kind));
    return kept.get(key);
  };
  crypto.generateKeyPairSync = reusing as typeof generateKeyPairSync;
  syncBuiltinESMExports();
  return counts;
}
