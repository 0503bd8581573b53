import type { Client } from '@temporalio/client';
import { taskFailure } from './run-histories.js';

type PendingTask = NonNullable<
  Awaited<ReturnType<Client['workflowService']['describeWorkflowExecution']>>['pendingWorkflowTask']
>;

// temporal.api.enums.v1.PendingWorkflowTaskState
const SCHEDULED = 1;
// The SDK retries a failed task by itself, and another worker may succeed.
const FAILING_MS = 5_000;
// A worker may still be bundling its workflows.
const NO_WORKER_MS = 20_000;
const CHECK_INTERVAL_MS = 1_000;

/**
 * Detects a workflow that is stuck: its workflow task fails, or no worker takes it. Temporal retries a workflow task for
 * ever. In production a fixed worker continues the workflow, but a test would wait for ever.
 */
export class StuckWorkflowDetector {
  readonly #client: Client;
  /** For each workflow its pending task, when the task was first seen, and when it is checked next. */
  readonly #seen = new Map<string, { task: string; at: number; next: number }>();

  constructor(client: Client) {
    this.#client = client;
  }

  /** Throws when a workflow has had the same pending task for too long. The error says why. */
  async throwIfStuck(workflowId: string, { originalScheduledTime, state }: PendingTask): Promise<void> {
    const task = `${originalScheduledTime?.seconds} ${originalScheduledTime?.nanos}`;
    const now = performance.now();
    const seen = this.#seen.get(workflowId);
    if (seen?.task !== task) {
      this.#seen.set(workflowId, { task, at: now, next: now + FAILING_MS });
      return;
    }
    if (now < seen.next) return;
    seen.next = now + CHECK_INTERVAL_MS;
    const handle = this.#client.workflow.getHandle(workflowId);
    // The worker's failure of the task that is still pending.
    const failure = taskFailure(await handle.fetchHistory());
    if (failure !== undefined)
      throw new Error(`${workflowId} is stuck, because its workflow task fails: ${failure}`);
    if (now - seen.at < NO_WORKER_MS || state !== SCHEDULED) return;
    const { taskQueue } = await handle.describe();
    throw new Error(
      `${workflowId} is stuck, because no worker has taken its workflow task from the task queue ${taskQueue} for ` +
        `${NO_WORKER_MS / 1000} s. Is a worker running, in the namespace ${this.#client.options.namespace}?`,
    );
  }
}
