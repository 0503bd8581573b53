import { type Client, type WorkflowClientInterceptor, WorkflowNotFoundError } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import type { ReplayWorkerOptions } from '@temporalio/worker';
import { temporalWorker } from '../worker/temporal-worker.js';
import { idleRunsOf, type Run } from './run-histories.js';

/** What {@link ExecutionTracker} needs. */
export interface ExecutionTrackerOptions {
  client: Client;
  /** Only executions of this task queue are replayed: other workers run the others. */
  taskQueue: string;
  /** The workflows that the worker runs. */
  workflowBundle: NonNullable<ReplayWorkerOptions['workflowBundle']>;
  /** That of the worker. */
  dataConverter: DataConverter;
}

/**
 * Tracks the workflow executions of tests. A check replays each execution, and reports executions that are open without a
 * reason.
 */
export class ExecutionTracker {
  readonly #options: ExecutionTrackerOptions;
  #started = new Set<string>();
  #reasons = new Map<string, string>();
  readonly #checked = new Set<string>();
  #lastCheck: Promise<void> = Promise.resolve();

  constructor(options: ExecutionTrackerOptions) {
    this.#options = options;
  }

  /** Tracks an execution. Executions on the worker's task queue are also found in Temporal's list, with a short delay. */
  started(workflowId: string): void {
    this.#started.add(workflowId);
  }

  /** Allows an execution to be open when it is checked. */
  leaveOpen(workflowId: string, reason: string): void {
    if (reason.trim() === '') throw new TypeError(`leaveOpen('${workflowId}', …) needs a reason`);
    this.started(workflowId);
    this.#reasons.set(workflowId, reason);
  }

  /**
   * Replays all executions since the last check, with their earlier runs, and terminates those that are still open. An
   * execution that starts during the check is left to the next one.
   * @throws an error that names each execution that does not replay, is open without a reason, or was never started
   */
  check(): Promise<void> {
    // Two checks at once would both report the same executions.
    const check = this.#lastCheck.then(() => this.#check());
    this.#lastCheck = check.catch(() => {});
    return check;
  }

  async #check(): Promise<void> {
    const [started, reasons] = [this.#started, this.#reasons];
    this.#started = new Set();
    this.#reasons = new Map();
    const workflowIds = await this.#withUntracked(started);
    const runs = await Promise.all(workflowIds.map((workflowId) => this.#runsOf(workflowId)));
    const open = runs.flatMap(([last]) => (last?.isOpen ? [last] : []));
    const problems = [
      ...(await this.#replayProblems(runs.flat())),
      ...open.filter(({ workflowId }) => !reasons.has(workflowId)).map(leftOpenProblem),
      ...workflowIds
        .filter((id, index) => reasons.has(id) && runs[index]?.length === 0)
        .map(neverStartedProblem),
    ];
    await Promise.all(open.map(({ workflowId }) => this.#terminate(workflowId)));
    for (const { runId } of runs.flat()) this.#checked.add(runId);
    if (problems.length > 0) throw new Error(problems.join('\n'));
  }

  /** Adds the executions of the task queue that Temporal's list has and no test has tracked, such as children. */
  async #withUntracked(started: ReadonlySet<string>): Promise<string[]> {
    const { client, taskQueue } = this.#options;
    const workflowIds = new Set(started);
    const query = `TaskQueue = '${taskQueue}'`;
    for await (const { workflowId, runId, rootExecution } of client.workflow.list({ query })) {
      const startedMeanwhile = this.#started.has(rootExecution?.workflowId ?? workflowId);
      if (!startedMeanwhile && !this.#checked.has(runId)) workflowIds.add(workflowId);
    }
    return [...workflowIds];
  }

  async #runsOf(workflowId: string): Promise<Run[]> {
    try {
      return await idleRunsOf(this.#options.client, workflowId);
    } catch (error) {
      // The server refused the start.
      if (error instanceof WorkflowNotFoundError) return [];
      throw error;
    }
  }

  async #replayProblems(runs: Run[]): Promise<string[]> {
    const { taskQueue, workflowBundle, dataConverter } = this.#options;
    const ours = runs.filter((run) => run.taskQueue === taskQueue && !run.hasPendingTask);
    const problems: string[] = [];
    for await (const { workflowId, error } of temporalWorker.Worker.runReplayHistories(
      { workflowBundle, dataConverter },
      ours,
    )) {
      if (error) problems.push(`${workflowId} does not replay: ${error.message}`);
    }
    return problems;
  }

  async #terminate(workflowId: string): Promise<void> {
    const handle = this.#options.client.workflow.getHandle(workflowId);
    await handle.terminate('the test is over').catch((error) => {
      // The execution has ended in the meantime.
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    });
  }
}

/** Calls back before the client starts an execution. (After a failed start it is unknown whether the server has it.) */
export function beforeEachStart(
  callback: (workflowId: string) => void | Promise<void>,
): WorkflowClientInterceptor {
  return {
    async startWithDetails(input, next) {
      await callback(input.options.workflowId);
      return next(input);
    },
    async signalWithStart(input, next) {
      await callback(input.options.workflowId);
      return next(input);
    },
    async startUpdateWithStart(input, next) {
      await callback(input.workflowStartOptions.workflowId);
      return next(input);
    },
  };
}

function leftOpenProblem({ workflowId, failure }: Run): string {
  const state = failure
    ? `is stuck, because its workflow task fails (${failure}). Fix its code`
    : 'is still open. Wait for its end';
  return `${workflowId} ${state}, or give a reason to leave it open: leaveOpen('${workflowId}', 'reason')`;
}

function neverStartedProblem(workflowId: string): string {
  return `leaveOpen('${workflowId}', …) names a workflow that was never started. Is the workflow id correct?`;
}
