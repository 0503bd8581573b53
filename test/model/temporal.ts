import { AsyncLocalStorage } from 'node:async_hooks';
import { ActivityFailure, CancelledFailure } from '@temporalio/common';
import type { ActivityOptions } from '@temporalio/workflow';

// As much of '@temporalio/workflow' as a refund uses, in memory: vitest.config.ts puts it in that package's place for the
// tests of this folder. It keeps the SDK's order: each job of a workflow task is carried out at once, and conditions are
// looked at after each of them, before any of the code that waited goes on. It has no history and no replay.

export {
  ActivityFailure,
  ApplicationFailure,
  rootCause,
  TemporalFailure,
  TimeoutFailure,
} from '@temporalio/common';

/** A call of an activity that is under way. */
export interface Call {
  name: string;
  input: unknown;
  /** Whether it is made in the workflow task itself, so that no message is read meanwhile. */
  isLocal: boolean;
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

/** A durable timer that runs. */
export interface Timer {
  milliseconds: number;
  summary: string;
  fire(): void;
}

interface Handler {
  handle(input: unknown): unknown;
  validate?(input: unknown): void;
}

/** One workflow under way, from the outside. */
export class Execution {
  readonly calls = new Set<Call>();
  readonly timers = new Set<Timer>();
  readonly searchAttributes = new Map<string, unknown>();
  memo: Record<string, unknown> = {};
  details = '';
  /** What the workflow returned, or failed with. */
  end?: { returned: unknown } | { failed: unknown };

  readonly startTime = new Date();
  readonly conditions = new Set<{ isSo(): boolean; wake(): void }>();
  readonly handlers = new Map<string, Handler>();
  readonly scope: CancellationScope;
  updates = 0;

  readonly workflowId: string;
  readonly input: unknown;

  constructor(workflowId: string, input: unknown) {
    this.workflowId = workflowId;
    this.input = input;
    this.scope = new CancellationScope({ cancellable: true, parent: null });
  }

  query<T>(name: string): T {
    return this.handlers.get(`query ${name}`)?.handle(undefined) as T;
  }

  signal(name: string, message: unknown): void {
    this.handlers.get(`signal ${name}`)?.handle(message);
    this.wake();
  }

  /** Whether an update would not be refused now. */
  accepts(name: string, message: unknown): boolean {
    try {
      this.handlers.get(`update ${name}`)?.validate?.(message);
      return true;
    } catch {
      return false;
    }
  }

  update(name: string, message: unknown): void {
    if (!this.accepts(name, message)) return;
    this.updates += 1;
    const done = () => {
      this.updates -= 1;
    };
    Promise.resolve(this.handlers.get(`update ${name}`)?.handle(message)).then(done, done);
    this.wake();
  }

  cancel(): void {
    this.scope.cancel();
    this.wake();
  }

  /** Ends what is waited for, by a job of the workflow task. */
  wake(): void {
    let woken: boolean;
    do {
      woken = false;
      for (const condition of this.conditions) {
        if (!condition.isSo()) continue;
        this.conditions.delete(condition);
        condition.wake();
        woken = true;
      }
    } while (woken);
  }

  /** Lets the workflow go on until it waits for something from the outside. */
  async untilItWaits(): Promise<void> {
    let waiting: number;
    do {
      await new Promise(setImmediate);
      waiting = this.conditions.size;
      this.wake();
    } while (this.conditions.size < waiting);
  }
}

// As the SDK has it: workflow code finds what it runs in without being told.
let execution: Execution;

/** Starts a workflow. Another one that is still under way is left where it is, and must not be touched any more. */
export function startWorkflow(workflowId: string, input: unknown, run: () => Promise<unknown>): Execution {
  const started = new Execution(workflowId, input);
  execution = started;
  run().then(
    (returned) => {
      started.end = { returned };
    },
    (failed) => {
      started.end = { failed };
    },
  );
  return started;
}

const scopes = new AsyncLocalStorage<CancellationScope>();

export class CancellationScope {
  readonly cancelRequested: Promise<never>;
  readonly cancellable: boolean;
  #requested = false;
  #reject!: (error: Error) => void;

  constructor({
    cancellable = true,
    parent = CancellationScope.current(),
  }: { cancellable?: boolean; parent?: CancellationScope | null } = {}) {
    this.cancellable = cancellable;
    this.cancelRequested = new Promise((_, reject) => {
      this.#reject = reject;
    });
    this.cancelRequested.catch(() => {});
    if (parent?.cancellable) parent.cancelRequested.catch(() => this.cancel());
  }

  static current(): CancellationScope {
    return scopes.getStore() ?? execution.scope;
  }

  static nonCancellable<T>(run: () => Promise<T>): Promise<T> {
    return new CancellationScope({ cancellable: false }).run(run);
  }

  get consideredCancelled(): boolean {
    return this.#requested && this.cancellable;
  }

  run<T>(run: () => Promise<T>): Promise<T> {
    return scopes.run(this, run);
  }

  cancel(): void {
    this.#requested = true;
    this.#reject(new CancelledFailure('cancelled'));
  }

  /** Calls back when what was begun in this scope is to be cancelled. */
  whenCancelled(cancel: () => void): void {
    if (this.cancellable) this.cancelRequested.catch(cancel);
  }
}

export function isCancellation(error: unknown): boolean {
  return (
    error instanceof CancelledFailure ||
    (error instanceof ActivityFailure && error.cause instanceof CancelledFailure)
  );
}

export function condition(
  isSo: () => boolean,
  milliseconds?: number,
  { summary = '' }: { summary?: string } = {},
): Promise<boolean> {
  const { conditions, timers } = execution;
  return new Promise((resolve, reject) => {
    if (isSo()) return resolve(true);
    const over = (act: () => void) => () => {
      conditions.delete(waiting);
      timers.delete(timer);
      act();
    };
    const waiting = { isSo, wake: over(() => resolve(true)) };
    const timer = { milliseconds: milliseconds ?? 0, summary, fire: over(() => resolve(false)) };
    conditions.add(waiting);
    if (milliseconds !== undefined) timers.add(timer);
    CancellationScope.current().whenCancelled(over(() => reject(new CancelledFailure('cancelled'))));
  });
}

export async function sleep(milliseconds: number, options: { summary?: string } = {}): Promise<void> {
  await condition(() => false, milliseconds, options);
}

export const proxyActivities = (_: ActivityOptions) => activities(false);
export const proxyLocalActivities = (_: ActivityOptions) => activities(true);

function activities(isLocal: boolean): object {
  return new Proxy(
    {},
    {
      get: (_, name: string) => ({
        executeWithOptions: (_: unknown, [input]: unknown[]) => callActivity(name, input, isLocal),
      }),
    },
  );
}

function callActivity(name: string, input: unknown, isLocal: boolean): Promise<unknown> {
  const { calls } = execution;
  return new Promise((resolve, reject) => {
    const failed = (cause: Error) =>
      reject(new ActivityFailure('failed', name, '1', 'TIMEOUT', 'a worker', cause));
    const call: Call = {
      name,
      input: structuredClone(input),
      isLocal,
      resolve: (answer) => calls.delete(call) && resolve(answer),
      reject: (error) => calls.delete(call) && failed(error),
    };
    calls.add(call);
    CancellationScope.current().whenCancelled(() => call.reject(new CancelledFailure('cancelled')));
  });
}

const define = (type: string) => (name: string) => ({ type, name });
export const defineQuery = define('query');
export const defineSignal = define('signal');
export const defineUpdate = define('update');

export function setHandler(
  { type, name }: { type: string; name: string },
  handle: Handler['handle'],
  { validator }: { validator?: Handler['validate'] } = {},
): void {
  execution.handlers.set(`${type} ${name}`, { handle, ...(validator && { validate: validator }) });
}

export function allHandlersFinished(): boolean {
  return execution.updates === 0;
}

export function workflowInfo() {
  const { workflowId, startTime, memo, searchAttributes } = execution;
  const typedSearchAttributes = { get: ({ name }: { name: string }) => searchAttributes.get(name) };
  return { workflowId, startTime, memo, typedSearchAttributes, unsafe: { isReplaying: false } };
}

// What is counted or reported to the worker changes no refund.
const nothing = { record() {}, add() {}, set() {} };
/** Which part of the jitter a wait gets decides nothing. */
export const getRandomStream = (_: string) => ({ random: () => 0.5 });

export const metricMeter = {
  createCounter: () => nothing,
  createHistogram: () => nothing,
  createGauge: () => nothing,
};
export const proxySinks = () => new Proxy({}, { get: () => new Proxy({}, { get: () => () => {} }) });

export function setCurrentDetails(details: string): void {
  execution.details = details;
}

export function upsertMemo(memo: Record<string, unknown>): void {
  execution.memo = { ...execution.memo, ...memo };
}

export function upsertSearchAttributes(pairs: { key: { name: string }; value: unknown }[]): void {
  for (const { key, value } of pairs) {
    if (value === null) execution.searchAttributes.delete(key.name);
    else execution.searchAttributes.set(key.name, value);
  }
}
