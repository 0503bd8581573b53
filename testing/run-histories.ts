import { setTimeout as delay } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

/** One run of a workflow with its history. */
export interface Run {
  workflowId: string;
  runId: string;
  taskQueue: string;
  history: History;
  isOpen: boolean;
  /** Whether a workflow task is pending. Then the history is incomplete and cannot be replayed. */
  hasPendingTask: boolean;
  /** The failure of its last workflow task, if that task failed. Temporal retries such a task for ever. */
  failure?: string;
}

/** The runs of a workflow, the latest first. A workflow that continued as new has several. */
export async function runsOf(client: Client, workflowId: string): Promise<Run[]> {
  const { runId, status, raw } = await client.workflow.getHandle(workflowId).describe();
  const last = await runOf(client, workflowId, runId);
  Object.assign(last, {
    isOpen: status.name === 'RUNNING',
    // One may have begun between the two calls.
    hasPendingTask: Boolean(raw.pendingWorkflowTask) || endsInTask(last.history),
  });
  const runs = [last];
  for (let before = runBefore(last); before; before = runBefore(runs.at(-1) as Run)) {
    runs.push(await runOf(client, workflowId, before));
  }
  return runs;
}

const POLL_INTERVAL_MS = 20;
const TASK_LIMIT_MS = 2_000;

/** The same once no workflow task is pending. A task that fails, or that no worker takes, never ends: then it waits two seconds. */
export async function idleRunsOf(client: Client, workflowId: string): Promise<Run[]> {
  for (let waited = 0; ; waited += POLL_INTERVAL_MS) {
    const runs = await runsOf(client, workflowId);
    const [last] = runs;
    if (!last?.hasPendingTask || last.failure || waited >= TASK_LIMIT_MS) return runs;
    await delay(POLL_INTERVAL_MS);
  }
}

async function runOf(client: Client, workflowId: string, runId: string): Promise<Run> {
  const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const taskQueue = startOf(history)?.taskQueue?.name ?? '';
  const failure = taskFailure(history);
  const closed = { isOpen: false, hasPendingTask: false };
  return { workflowId, runId, taskQueue, history, ...closed, ...(failure && { failure }) };
}

/** The failure of the last workflow task of a history, if that task failed. */
export function taskFailure({ events }: History): string | undefined {
  const lastTask = events?.findLast(
    (event) => event.workflowTaskFailedEventAttributes ?? event.workflowTaskCompletedEventAttributes,
  );
  return lastTask?.workflowTaskFailedEventAttributes?.failure?.message ?? undefined;
}

/** Whether the last event of a workflow task is not its end. */
function endsInTask({ events }: History): boolean {
  const ofTask = events?.findLast(
    (event) =>
      event.workflowTaskScheduledEventAttributes ??
      event.workflowTaskStartedEventAttributes ??
      event.workflowTaskCompletedEventAttributes ??
      event.workflowTaskFailedEventAttributes ??
      event.workflowTaskTimedOutEventAttributes,
  );
  return Boolean(ofTask?.workflowTaskScheduledEventAttributes ?? ofTask?.workflowTaskStartedEventAttributes);
}

function runBefore({ history }: Run): string | undefined {
  return startOf(history)?.continuedExecutionRunId || undefined;
}

function startOf({ events }: History) {
  return events?.[0]?.workflowExecutionStartedEventAttributes;
}
