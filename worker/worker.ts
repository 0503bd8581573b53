import type { NativeConnection, Worker, WorkerOptions } from '@temporalio/worker';
import { DEFAULT_TASK_QUEUE } from '../rules/task-queue.js';
import { cachedRefunds, DEFAULT_CACHE_MEGABYTES } from './cache.js';
import { RefundPlugin, type RefundPluginOptions } from './plugin.js';
import { temporalWorker } from './temporal-worker.js';

/** A worker's options: the SDK's, and those of {@link RefundPlugin}. */
export interface RefundWorkerOptions
  extends Omit<WorkerOptions, 'connection' | 'namespace' | 'taskQueue'>,
    Omit<RefundPluginOptions, 'taskQueue' | 'dataConverter' | 'workerDeploymentOptions'> {
  connection: NativeConnection;
  /** `default` by default. */
  namespace?: string | undefined;
  /** `worldfirst-refunds` by default, as in `RefundClient`. */
  taskQueue?: string | undefined;
}

// As many pollers as there is work for. A fixed number is too small for a backlog, whose tasks then take the long way
// through the server's database, and too large for a worker at rest.
const AUTOSCALING = { type: 'autoscaling' } as const;

/**
 * Makes a worker that runs refunds, from the workflow bundle that comes with this package. It is `Worker.create` with a
 * {@link RefundPlugin}, with the task queue's default, with pollers that scale with the load, and with at most 500 refunds in
 * memory (`maxCachedWorkflows`), some 100 MB; the others are replayed when they continue.
 *
 * @example
 * const { connectionOptions, namespace } = loadClientConnectConfig();
 * const connection = await NativeConnection.connect(connectionOptions);
 * const worker = await createRefundWorker({ connection, namespace, ...readWorkerConfig(process.env) });
 * await worker.run();
 *
 * @throws MissingSearchAttributesError when the namespace lacks the search attributes: refunds would hang at their start
 * @throws ConfigurationError when it has one of them with another type, for a limit below 1, for an activity of yours that
 *   has the name of one of these, and for `workerDeploymentOptions` that Temporal would refuse
 */
export async function createRefundWorker(options: RefundWorkerOptions): Promise<Worker> {
  const {
    worldfirst,
    notifyAttention,
    notifyReconciliation,
    webUiUrl,
    localActivitiesDisabled,
    callsPerSecond,
    warnings,
    namespace = 'default',
    taskQueue = DEFAULT_TASK_QUEUE,
    plugins = [],
    ...others
  } = options;
  const refunds = new RefundPlugin({
    worldfirst,
    notifyAttention,
    notifyReconciliation,
    webUiUrl,
    localActivitiesDisabled,
    callsPerSecond,
    warnings,
  });
  return temporalWorker.Worker.create({
    maxCachedWorkflows: cachedRefunds(DEFAULT_CACHE_MEGABYTES),
    ...(others.maxConcurrentWorkflowTaskPolls === undefined && { workflowTaskPollerBehavior: AUTOSCALING }),
    ...(others.maxConcurrentActivityTaskPolls === undefined && { activityTaskPollerBehavior: AUTOSCALING }),
    ...others,
    namespace,
    taskQueue,
    plugins: [...plugins, refunds],
  });
}
