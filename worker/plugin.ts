import type { DataConverter } from '@temporalio/common';
import type {
  BundleOptions,
  BundlerPlugin,
  ReplayWorkerOptions,
  Worker,
  WorkerDeploymentOptions,
  WorkerOptions,
  WorkerPlugin,
} from '@temporalio/worker';
import {
  type AttentionNotifier,
  createRefundActivities,
  type ReconciliationNotifier,
  type RefundActivities,
  type RefundActivityDependencies,
  type WorldFirstGateway,
} from '../activities/index.js';
import { createReconciliationActivities } from '../reconciliation/activities.js';
import { ConfigurationError } from '../rules/configuration-error.js';
import type { ReconciliationActivities } from '../rules/reconciliation.js';
import { DEFAULT_TASK_QUEUE } from '../rules/task-queue.js';
import { WorldFirstClient } from '../worldfirst/client.js';
import type { WorldFirstClientOptions } from '../worldfirst/options.js';
import { refundWorkflowInterceptors, refundWorkflowsPath, workflowsFor } from './bundle.js';
import { requireSearchAttributes } from './check-search-attributes.js';
import { ClosingNotices } from './closing-notices.js';
import { withDeployment } from './deployment.js';
import { paced, taskQueueRate } from './limit.js';
import { temporalWorker } from './temporal-worker.js';

/** What a worker needs to run refunds. `readWorkerConfig` reads all of it from the environment. */
export interface RefundPluginOptions {
  /**
   * Options of a `WorldFirstClient`, or a client. A client that is made from options is closed when the worker ends; one
   * that is given is not.
   */
  worldfirst: WorldFirstClientOptions | WorldFirstGateway;
  /** Notifies your system that a refund needs an operator, see `attentionWebhook`; no notices by default. */
  notifyAttention?: AttentionNotifier | undefined;
  /** Notifies your system that a scheduled reconciliation could not check everything; `attentionWebhook` does both. */
  notifyReconciliation?: ReconciliationNotifier | undefined;
  /** The address of Temporal's Web UI, for the links of the notices; no links by default. */
  webUiUrl?: string | undefined;
  /**
   * The most calls to WorldFirst that all workers of the task queue together make in any second, 1 or more; no limit by
   * default. All of them must have the same limit. Calls above it wait in Temporal's queue.
   */
  callsPerSecond?: number | undefined;
  /**
   * Whether each call must pass the task queue, because you limit its rate there yourself; false by default.
   * `callsPerSecond` implies it.
   */
  localActivitiesDisabled?: boolean | undefined;
  /**
   * Encrypts payloads, in a worker that has no data converter of its own; the SDK's by default. Every client of the
   * namespace needs it too.
   */
  dataConverter?: DataConverter | undefined;
  /**
   * The task queue on which refunds are started; `worldfirst-refunds` by default. A worker has a task queue of its own: a
   * warning is logged when that is another one.
   */
  taskQueue?: string | undefined;
  /**
   * The deployment and the build of the worker (Temporal's Worker Versioning), in a worker that has none of its own; no
   * Worker Versioning by default. It applies to all workflows of the worker.
   */
  workerDeploymentOptions?: WorkerDeploymentOptions | undefined;
  /** Lines that are logged as warnings when the worker is created; none by default. */
  warnings?: readonly string[] | undefined;
}

type AddedActivities = RefundActivities & ReconciliationActivities;

/** What the plugin has added to one worker. */
interface Addition {
  activities: AddedActivities;
  close(): Promise<void>;
  /** Whether the namespace is known to have the search attributes. */
  isChecked: boolean;
}

/** By each of the activities that were added: a worker shows its activities, and nothing else of what it was made from. */
const additions = new WeakMap<WeakKey, Addition>();

// A call to WorldFirst that is under way may take this long. Its answer must not get lost at a shutdown.
const SHUTDOWN_GRACE_TIME = '1 minute';

/**
 * Adds refunds to a worker of your own: their activities, a grace time of one minute for calls that are under way at a
 * shutdown, and, where the worker has no workflows of its own, the `refund` workflow. A workflows module of your own
 * exports it: `export * from 'worldfirst-refunds/workflows'`.
 *
 * The plugin can be given to a worker, to its connection, or to both: then the worker's counts.
 *
 * `Worker.create` and `worker.run` reject with a `ConfigurationError` when the worker has another activity under one of
 * the names, or a deployment that Temporal would refuse, and with a `MissingSearchAttributesError` when the namespace lacks
 * the search attributes.
 *
 * @example
 * const config = readWorkerConfig(process.env);
 * const worker = await Worker.create({
 *   connection,
 *   taskQueue: config.taskQueue,
 *   workflowsPath: fileURLToPath(new URL('./workflows.js', import.meta.url)),
 *   plugins: [new RefundPlugin(config)],
 * });
 *
 * @throws ConfigurationError for a limit below 1, and without `worldfirst`
 */
export class RefundPlugin implements WorkerPlugin, BundlerPlugin {
  readonly name = 'worldfirst-refunds';
  readonly #options: RefundPluginOptions;

  constructor(options: RefundPluginOptions) {
    const { worldfirst, callsPerSecond } = options;
    // The types say so already; an application in JavaScript has none.
    if (typeof worldfirst !== 'object' || worldfirst === null)
      throw new ConfigurationError([
        {
          path: 'worldfirst',
          message: 'is missing: pass readWorkerConfig(process.env), or a WorldFirstClient',
        },
      ]);
    if (callsPerSecond !== undefined && !(callsPerSecond >= 1 && Number.isFinite(callsPerSecond)))
      throw new ConfigurationError([{ path: 'callsPerSecond', message: 'must be 1 or more' }]);
    this.#options = options;
  }

  /**
   * Called by `Worker.create`.
   * @param options the worker's options
   */
  async configureWorker(options: WorkerOptions): Promise<WorkerOptions> {
    const present = new Map(Object.entries(options.activities ?? {}));
    if (additionTo(present)) return options;
    const deployed = withDeployment(options, this.#options.workerDeploymentOptions, (line) =>
      temporalWorker.Runtime.instance().logger.warn(line),
    );
    const { activities, sinks, close } = this.#make();
    refuseClashes(present, activities);
    const { connection, namespace = 'default', maxTaskQueueActivitiesPerSecond: rate } = options;
    if (connection) await requireSearchAttributes(connection, namespace);
    const addition = { activities, close, isChecked: connection !== undefined };
    for (const activity of Object.values(activities)) additions.set(activity, addition);
    this.#logWarnings(options);
    const { callsPerSecond } = this.#options;
    const converted = this.#withDataConverter(deployed);
    return {
      ...converted,
      ...workflowsFor(converted),
      activities: { ...options.activities, ...activities },
      sinks: { ...options.sinks, ...sinks },
      shutdownGraceTime: options.shutdownGraceTime ?? SHUTDOWN_GRACE_TIME,
      ...(callsPerSecond !== undefined && {
        maxTaskQueueActivitiesPerSecond: Math.min(
          taskQueueRate(callsPerSecond),
          rate ?? Number.POSITIVE_INFINITY,
        ),
      }),
    };
  }

  /**
   * Called by `Worker.runReplayHistory` and its like.
   * @param options the replaying worker's options
   */
  configureReplayWorker(options: ReplayWorkerOptions): ReplayWorkerOptions {
    const converted = this.#withDataConverter(options);
    return { ...converted, ...workflowsFor(converted) };
  }

  /**
   * Called where the SDK bundles a workflows module: all refunds of a worker share the modules of the `refund` workflow, and
   * its interceptor lets them see a workflow reset.
   * @param options the bundler's options
   */
  configureBundler(options: BundleOptions): BundleOptions {
    const { preloadModules = [], workflowInterceptorModules = [] } = options;
    return {
      ...options,
      preloadModules: [...preloadModules, refundWorkflowsPath],
      workflowInterceptorModules: [...workflowInterceptorModules, ...refundWorkflowInterceptors],
    };
  }

  /**
   * Called by `worker.run`.
   * @param worker the worker that is run
   * @param next runs it
   */
  async runWorker(worker: Worker, next: (worker: Worker) => Promise<void>): Promise<void> {
    const { activities: present, namespace } = worker.options;
    const addition = additionTo(present);
    if (!addition) return next(worker);
    try {
      // A plugin that comes after this one can still have replaced an activity.
      refuseClashes(present, addition.activities);
      if (!addition.isChecked && worker.connection)
        await requireSearchAttributes(worker.connection, namespace);
      await next(worker);
    } finally {
      await addition.close();
    }
  }

  #make(): Pick<Addition, 'activities' | 'close'> & { sinks: ClosingNotices['sinks'] } {
    const {
      worldfirst: given,
      callsPerSecond,
      notifyAttention,
      notifyReconciliation,
      webUiUrl,
      localActivitiesDisabled,
    } = this.#options;
    const closing = new ClosingNotices(notifyAttention, webUiUrl);
    const made = 'baseUrl' in given ? new WorldFirstClient(given) : undefined;
    const worldfirst = made ?? (given as WorldFirstGateway);
    let shared: WorldFirstGateway | undefined;
    const dependencies: RefundActivityDependencies = {
      worldfirst,
      ...(notifyAttention && { notifyAttention }),
      ...(notifyReconciliation && { notifyReconciliation }),
      webUiUrl,
      localActivitiesDisabled: callsPerSecond !== undefined || localActivitiesDisabled === true,
      // Refunds and reconciliations share one rate.
      ...(callsPerSecond !== undefined && {
        limit: (calls) => {
          shared ??= paced(calls, callsPerSecond);
          return shared;
        },
      }),
    };
    const activities = {
      ...createRefundActivities(dependencies),
      ...createReconciliationActivities(dependencies),
    };
    return {
      activities,
      sinks: closing.sinks,
      close: async () => {
        await closing.close();
        made?.close();
      },
    };
  }

  #withDataConverter<Options extends WorkerOptions | ReplayWorkerOptions>(options: Options): Options {
    return { ...options, dataConverter: options.dataConverter ?? this.#options.dataConverter };
  }

  /** Logs the warnings of the configuration, and what of it has no effect in this worker. */
  #logWarnings(worker: WorkerOptions): void {
    const { warnings = [], taskQueue = DEFAULT_TASK_QUEUE, dataConverter = {} } = this.#options;
    const { logger } = temporalWorker.Runtime.instance();
    for (const warning of warnings) logger.warn(warning);
    if (taskQueue !== DEFAULT_TASK_QUEUE && taskQueue !== worker.taskQueue)
      logger.warn(
        `Refunds are configured for the task queue "${taskQueue}", and this worker has the task queue ` +
          `"${worker.taskQueue}". Refunds that are started on "${taskQueue}" wait until a worker of that task queue runs.`,
      );
    if (Object.keys(dataConverter).length > 0 && (worker.dataConverter ?? dataConverter) !== dataConverter)
      logger.warn(
        'This worker has its own data converter, so the data converter configured for refunds is not used. Every client ' +
          'that starts refunds needs the data converter of the worker.',
      );
  }
}

function additionTo(activities: ReadonlyMap<string, unknown>): Addition | undefined {
  for (const activity of activities.values()) {
    const addition = additions.get(activity as WeakKey);
    if (addition) return addition;
  }
  return undefined;
}

/** @throws ConfigurationError that names every activity of the worker that is another one than ours, and has its name */
function refuseClashes(present: ReadonlyMap<string, unknown>, activities: AddedActivities): void {
  const issues = Object.entries(activities).flatMap(([name, activity]) => {
    const other = present.get(name);
    if (other === undefined || other === activity) return [];
    const message =
      'is already an activity of this worker, and refunds need that name. Rename it, or run refunds in a worker ' +
      'of their own, on another task queue.';
    return [{ path: `activities.${name}`, message }];
  });
  if (issues.length > 0) throw new ConfigurationError(issues);
}
