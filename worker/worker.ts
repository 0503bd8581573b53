import { isGrpcServiceError } from '@temporalio/client';
import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { createRefundActivities, type RefundActivityDependencies } from '../activities/index.js';
import { ConfigurationError } from '../rules/configuration-error.js';
import { DEFAULT_TASK_QUEUE } from '../rules/task-queue.js';
import { refundWorkflowBundlePath } from './bundle.js';
import { missingSearchAttributes } from './check-search-attributes.js';
import { paced, taskQueueRate } from './limit.js';
import { MissingSearchAttributesError } from './worker-errors.js';

/** A worker's options: the SDK's, with what the activities work with, and with defaults for the rest. */
export interface RefundWorkerOptions
  extends Omit<WorkerOptions, 'taskQueue' | 'connection'>,
    RefundActivityDependencies {
  connection: NativeConnection;
  /** `worldfirst-refunds` by default, as in `RefundClient`. */
  taskQueue?: string;
  /**
   * The most calls to WorldFirst that all workers of the task queue together make in any second, 1 or more; no limit when
   * absent. All of them must be told the same. What is too much waits in Temporal's queue.
   */
  callsPerSecond?: number;
}

// A call to WorldFirst that is under way may take this long. Its answer must not get lost at a shutdown.
const SHUTDOWN_GRACE_TIME = '1 minute';

// As many pollers as there is work for. A fixed number is too small for a backlog, whose tasks then take the long way
// through the server's database, and too large for a worker at rest.
const AUTOSCALING = { type: 'autoscaling' } as const;

/**
 * Makes a worker that runs refunds, from the workflow bundle that comes with this package.
 *
 * @example
 * const worldfirst = new WorldFirstClient({ … });
 * const worker = await createRefundWorker({ connection: await NativeConnection.connect(), worldfirst });
 * await worker.run();
 *
 * @throws MissingSearchAttributesError when the namespace lacks the search attributes: refunds would hang at their start
 * @throws ConfigurationError when it has one of them with another type, or for a limit that is none
 */
export async function createRefundWorker(options: RefundWorkerOptions): Promise<Worker> {
  const {
    worldfirst,
    notifyAttention,
    localActivitiesDisabled = false,
    callsPerSecond,
    connection,
    namespace = 'default',
    ...others
  } = options;
  if (callsPerSecond !== undefined && !(callsPerSecond >= 1 && Number.isFinite(callsPerSecond))) {
    throw new ConfigurationError([{ path: 'callsPerSecond', message: 'must be 1 or more' }]);
  }
  await checkSearchAttributes(connection, namespace);
  const ownWorkflows = others.workflowsPath !== undefined || others.workflowBundle !== undefined;
  return Worker.create({
    taskQueue: DEFAULT_TASK_QUEUE,
    shutdownGraceTime: SHUTDOWN_GRACE_TIME,
    ...(others.maxConcurrentWorkflowTaskPolls === undefined && { workflowTaskPollerBehavior: AUTOSCALING }),
    ...(others.maxConcurrentActivityTaskPolls === undefined && { activityTaskPollerBehavior: AUTOSCALING }),
    ...(callsPerSecond !== undefined && { maxTaskQueueActivitiesPerSecond: taskQueueRate(callsPerSecond) }),
    ...(!ownWorkflows && { workflowBundle: { codePath: refundWorkflowBundlePath } }),
    ...others,
    connection,
    namespace,
    activities: {
      ...others.activities,
      ...createRefundActivities({
        worldfirst: callsPerSecond === undefined ? worldfirst : paced(worldfirst, callsPerSecond),
        notifyAttention,
        localActivitiesDisabled: callsPerSecond !== undefined || localActivitiesDisabled,
      }),
    },
  });
}

async function checkSearchAttributes(connection: NativeConnection, namespace: string): Promise<void> {
  const missing = await missingSearchAttributes(connection, namespace).catch((error: unknown) => {
    // Temporal Cloud tells workers nothing about search attributes; there is no asking, so it is taken on trust.
    if (isGrpcServiceError(error) && NOT_ALLOWED.includes(error.code)) return [];
    throw error;
  });
  if (missing.length > 0) throw new MissingSearchAttributesError(namespace, missing);
}

// gRPC's PERMISSION_DENIED, UNIMPLEMENTED, UNAUTHENTICATED.
const NOT_ALLOWED: number[] = [7, 12, 16];
