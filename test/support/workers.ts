import { setTimeout as sleep } from 'node:timers/promises';
import proto from '@temporalio/proto';
import { NativeConnection, Worker } from '@temporalio/worker';
import { inject } from 'vitest';
import { createRefundActivities, type RefundActivities } from '../../activities/index.js';
import { NO_CODE_LIMIT } from '../../testing/no-code-limit.js';
import { createRefundWorker } from '../../worker/index.js';
import { WorldFirstClient } from '../../worldfirst/index.js';
import type { Environment } from './environment.js';

/** A worker that runs. */
export interface RunningWorker {
  stop(): Promise<void>;
}

/** One more worker, on a connection of its own. */
async function startWorker(
  create: (connection: NativeConnection) => Promise<Worker>,
): Promise<RunningWorker> {
  const connection = await NativeConnection.connect({ address: inject('temporalAddress') });
  const worker = await create(connection);
  const running = worker.run();
  return {
    async stop() {
      worker.shutdown();
      await running;
      await connection.close();
    },
  };
}

/** Resolves once nothing of a workflow is under way: it waits for a timer or a message. */
export async function untilQuiet({ client }: Environment, workflowId: string): Promise<void> {
  const handle = client.workflow.getHandle(workflowId);
  for (;;) {
    const { raw } = await handle.describe();
    if (!raw.pendingWorkflowTask && !raw.pendingActivities?.length) return;
    await sleep(LOOK_AGAIN_MS);
  }
}

/** Resolves once something has happened to a workflow that no worker has seen. */
export async function untilATaskWaits({ client }: Environment, workflowId: string): Promise<void> {
  const handle = client.workflow.getHandle(workflowId);
  while (!(await handle.describe()).raw.pendingWorkflowTask) await sleep(LOOK_AGAIN_MS);
}

const LOOK_AGAIN_MS = 100;

/** For a worker that only runs workflows, and leaves all calls to another one. */
export const ONLY_WORKFLOWS = {
  worldfirst: {} as WorldFirstClient,
  localActivitiesDisabled: true,
  enableNonLocalActivities: false,
};

/** Only runs workflows. */
export function startWorkflowWorker(taskQueue: string): Promise<RunningWorker> {
  const workflowBundle = { codePath: inject('workflowBundle') };
  return startWorker((connection) =>
    createRefundWorker({ ...NO_CODE_LIMIT, connection, taskQueue, workflowBundle, ...ONLY_WORKFLOWS }),
  );
}

/** Only makes the calls to WorldFirst. */
export function startActivityWorker(
  taskQueue: string,
  worldfirst: WorldFirstClient,
  changed: (activities: RefundActivities) => Partial<RefundActivities> = () => ({}),
): Promise<RunningWorker> {
  const activities = createRefundActivities({ worldfirst });
  return startWorker((connection) =>
    Worker.create({ connection, taskQueue, activities: { ...activities, ...changed(activities) } }),
  );
}

/** A client for a WorldFirst that is not there: every connection is refused. */
export function nobodysClient({ env }: Environment['sandbox']): WorldFirstClient {
  return new WorldFirstClient({
    // The discard port: nobody listens there.
    baseUrl: 'http://127.0.0.1:9',
    clientId: env.WORLDFIRST_CLIENT_ID as string,
    privateKey: env.WORLDFIRST_PRIVATE_KEY as string,
    publicKeys: env.WORLDFIRST_PUBLIC_KEY as string,
  });
}

/** What failed in workflow code. Temporal repeats such a task for ever, so that the refund hangs. */
export async function failedTasksOf({ client }: Environment, workflowId: string): Promise<string[]> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []).flatMap(({ workflowTaskFailedEventAttributes: task }) =>
    // Temporal itself ends a task when a message comes in the moment of its completion, and repeats it once.
    task && FAILED_IN_CODE.includes(task.cause ?? 0) ? [task.failure?.message ?? 'failed'] : [],
  );
}

const { WorkflowTaskFailedCause } = proto.temporal.api.enums.v1;
const FAILED_IN_CODE: number[] = [
  WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE,
  WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR,
];
