// What runs beside the tests in their process: it makes one mutant active, or writes down which tests meet which.
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { type RunnerTestCase, type RunnerTestSuite, TestRunner } from 'vitest';

/** Which mutants the tests of a file meet, and how often. */
export interface Coverage {
  /** By the full names of the tests. */
  tests: Record<string, Record<number, number>>;
  /** Those that are met before and after the tests: all of them depend on these. */
  always: Record<number, number>;
}

/** What a made up test file asks for. */
export interface Task {
  /** The mutant to be active; the tests meet none without it, and what they would meet is written down. */
  mutant?: number;
  /** The full names of the tests to run; all of them where it is absent. */
  tests?: string[];
  /** How often the mutant is met at most, unless it has made a loop endless. */
  limit?: number;
}

interface Current {
  task: Task;
  coverage: Coverage;
  /** What is met now counts here. */
  counts: Record<number, number>;
  hasFailed: boolean;
}

declare global {
  var __mutation: { isActive(mutant: number): boolean; begin(task: Task): void } | undefined;
}

// The same examples each time, so that the score is the same; and a mutant is dead once one example fails.
fc.configureGlobal({ seed: 1, endOnFailure: true });
const keysMade = reuseKeys();
const steps = watchdog();
let current = currentOf({});

function currentOf(task: Task): Current {
  const coverage: Coverage = { tests: {}, always: {} };
  return { task, coverage, counts: coverage.always, hasFailed: false };
}

globalThis.__mutation = {
  begin(task) {
    current = currentOf(task);
    keysMade.clear();
  },
  isActive(mutant) {
    const { task, counts } = current;
    const count = (counts[mutant] ?? 0) + 1;
    counts[mutant] = count;
    if (mutant !== task.mutant) return false;
    if (count > (task.limit ?? 0)) throw new Error('the mutant made a loop endless');
    return true;
  },
};

/** Runs what the task asks for, until one test has failed. */
export default class MutationRunner extends TestRunner {
  override async onBeforeRunTask(test: RunnerTestCase): Promise<void> {
    const { task, coverage } = current;
    const name = nameOf(test);
    Atomics.add(steps, 0, 1);
    if (current.hasFailed || task.tests?.includes(name) === false) test.mode = 'skip';
    else current.counts = coverage.tests[name] ??= {};
    await super.onBeforeRunTask(test);
  }

  override onAfterRunTask(test: RunnerTestCase): void {
    super.onAfterRunTask(test);
    current.counts = current.coverage.always;
    current.hasFailed ||= test.result?.state === 'fail';
  }

  override async onAfterRunSuite(suite: RunnerTestSuite): Promise<void> {
    const { task, coverage } = current;
    if (suite === suite.file && task.mutant === undefined) Object.assign(suite.meta, { coverage });
    await super.onAfterRunSuite(suite);
  }
}

function nameOf({ name, suite }: { name: string; suite?: RunnerTestSuite | undefined }): string {
  return suite ? `${nameOf(suite)} > ${name}` : name;
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

/** Ends the process when no test begins for a minute: a regular expression, say, may search without end. */
function watchdog(): Int32Array<SharedArrayBuffer> {
  const counter = new Int32Array(new SharedArrayBuffer(4));
  const watching = `
    const { workerData } = require('node:worker_threads');
    let before = -1;
    setInterval(() => {
      const now = Atomics.load(workerData, 0);
      if (now === before) process.kill(process.pid, 'SIGKILL');
      before = now;
    }, 60_000);`;
  new Worker(watching, { eval: true, workerData: counter }).unref();
  return counter;
}
