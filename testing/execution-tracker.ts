import { setTimeout as delay } from 'node:timers/promises';
import { type Client, type WorkflowClientInterceptor, WorkflowNotFoundError } from '@temporalio/client';
import { type ReplayWorkerOptions, Worker } from '@temporalio/worker';
import { type Run, runsOf } from './run-histories.js';

const LOOK_AGAIN_MS = 20;
const TASK_LIMIT_MS = 2_000;

/** Whose executions are looked after. */
export interface ExecutionsOptions {
  client: Client;
  /** Executions of other task queues are run by other workers, so they are not replayed. */
  taskQueue: string;
  /** The workflows that the worker runs. */
  workflowBundle: NonNullable<ReplayWorkerOptions['workflowBundle']>;
}

/**
 * The workflow executions of tests. At the end of a test each is replayed, and none may be left open but those that the
 * test gives a reason for.
 */
export class Executions {
  readonly #options: ExecutionsOptions;
  readonly #started = new Set<string>();
  readonly #reasons = new Map<string, string>();
  readonly #checked = new Set<string>();

  constructor(options: ExecutionsOptions) {
    this.#options = options;
  }

  /** Looks after an execution. One on the worker's task queue is found without being named, as soon as the list has it. */
  started(workflowId: string): void {
    this.#started.add(workflowId);
  }

  /** Allows an execution to be open when it is checked. */
  leaveOpen(workflowId: string, reason: string): void {
    if (reason.trim() === '') throw new TypeError(`${workflowId} needs a reason to be left open`);
    this.started(workflowId);
    this.#reasons.set(workflowId, reason);
  }

  /**
   * Replays all executions since the last check, with their earlier runs, and terminates those that are still open.
   * @throws an error that names each one that does not replay, or is open without a reason, or was named without having been started
   */
  async check(): Promise<void> {
    const workflowIds = await this.#sinceLastCheck();
    const runs = await Promise.all(workflowIds.map((workflowId) => this.#runsOf(workflowId)));
    const open = runs.flatMap(([last]) => (last?.isOpen ? [last] : []));
    const mistakes = [
      ...(await this.#thatDoNotReplay(runs.flat())),
      ...open.filter(({ workflowId }) => !this.#reasons.has(workflowId)).map(leftOpen),
      ...workflowIds
        .filter((id, index) => this.#reasons.has(id) && runs[index]?.length === 0)
        .map(neverStarted),
    ];
    await Promise.all(open.map(({ workflowId }) => this.#terminate(workflowId)));
    for (const { runId } of runs.flat()) this.#checked.add(runId);
    this.#reasons.clear();
    if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
  }

  async #sinceLastCheck(): Promise<string[]> {
    const { client, taskQueue } = this.#options;
    for await (const { workflowId, runId } of client.workflow.list({ query: `TaskQueue = '${taskQueue}'` })) {
      if (!this.#checked.has(runId)) this.#started.add(workflowId);
    }
    const workflowIds = [...this.#started];
    this.#started.clear();
    return workflowIds;
  }

  async #runsOf(workflowId: string): Promise<Run[]> {
    try {
      for (let waited = 0; ; waited += LOOK_AGAIN_MS) {
        const runs = await runsOf(this.#options.client, workflowId);
        const [last] = runs;
        // A task that fails, or that no worker takes, has no end.
        if (!last?.isAtWork || last.failure || waited >= TASK_LIMIT_MS) return runs;
        await delay(LOOK_AGAIN_MS);
      }
    } catch (error) {
      // Its start was refused.
      if (error instanceof WorkflowNotFoundError) return [];
      throw error;
    }
  }

  async #thatDoNotReplay(runs: Run[]): Promise<string[]> {
    const { taskQueue, workflowBundle } = this.#options;
    const ours = runs.filter((run) => run.taskQueue === taskQueue && !run.isAtWork);
    const mistakes: string[] = [];
    for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle }, ours)) {
      if (error) mistakes.push(`${workflowId} does not replay: ${error.message}`);
    }
    return mistakes;
  }

  async #terminate(workflowId: string): Promise<void> {
    const handle = this.#options.client.workflow.getHandle(workflowId);
    await handle.terminate('the test is over').catch((error) => {
      // It has ended meanwhile.
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    });
  }
}

/** Tells of every execution that a client starts, before it does so: not even a start that fails is sure to have failed. */
export function tellOfStarts(started: (workflowId: string) => void): WorkflowClientInterceptor {
  return {
    startWithDetails(input, next) {
      started(input.options.workflowId);
      return next(input);
    },
    signalWithStart(input, next) {
      started(input.options.workflowId);
      return next(input);
    },
    startUpdateWithStart(input, next) {
      started(input.workflowStartOptions.workflowId);
      return next(input);
    },
  };
}

function leftOpen({ workflowId, failure }: Run): string {
  const state = failure
    ? `hangs, for its workflow task fails (${failure}). Mend its code`
    : 'is still open. Wait for its end';
  return `${workflowId} ${state}, or say why it is left: leaveOpen('${workflowId}', 'why')`;
}

function neverStarted(workflowId: string): string {
  return `${workflowId} was to be left open, and was never started: is that its workflow id?`;
}
