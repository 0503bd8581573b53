import type { Client } from '@temporalio/client';
import { taskFailure } from './run-histories.js';

type PendingTask = NonNullable<
  Awaited<ReturnType<Client['workflowService']['describeWorkflowExecution']>>['pendingWorkflowTask']
>;

// temporal.api.enums.v1.PendingWorkflowTaskState
const SCHEDULED = 1;
// The SDK tries a task that failed once more by itself, and another worker may do better.
const FAILING_MS = 5_000;
// A worker may still be bundling its workflows.
const NOT_TAKEN_MS = 20_000;
const LOOK_AGAIN_MS = 1_000;

/**
 * Tells a workflow that is at work from one that stands still. Temporal tries a workflow task again for ever, which is
 * right where a worker can be mended, and an endless wait in a test.
 */
export class Standstill {
  readonly #client: Client;
  /** When a task was first seen, and when it is time to look closer. */
  readonly #seen = new Map<string, { task: string; at: number; next: number }>();

  constructor(client: Client) {
    this.#client = client;
  }

  /** Throws when a workflow has shown this task for too long, and says why it gets nowhere. */
  async refuse(workflowId: string, { originalScheduledTime, state }: PendingTask): Promise<void> {
    const task = `${originalScheduledTime?.seconds} ${originalScheduledTime?.nanos}`;
    const now = performance.now();
    const seen = this.#seen.get(workflowId);
    if (seen?.task !== task) {
      this.#seen.set(workflowId, { task, at: now, next: now + FAILING_MS });
      return;
    }
    if (now < seen.next) return;
    seen.next = now + LOOK_AGAIN_MS;
    const handle = this.#client.workflow.getHandle(workflowId);
    // What the worker said when it could not carry out the task that is still pending.
    const failure = taskFailure(await handle.fetchHistory());
    if (failure !== undefined)
      throw new Error(`${workflowId} stands still, because its workflow task fails: ${failure}`);
    if (now - seen.at < NOT_TAKEN_MS || state !== SCHEDULED) return;
    const { taskQueue } = await handle.describe();
    throw new Error(
      `${workflowId} stands still, because no worker has taken its workflow task from the task queue ${taskQueue} for ` +
        `${NOT_TAKEN_MS / 1000} s. Is one running, in the namespace ${this.#client.options.namespace}?`,
    );
  }
}
