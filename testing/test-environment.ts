import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import type { WorkerOptions } from '@temporalio/worker';
import { RefundClient } from '../client/refund-client.js';
import { prebuiltBundle, refundWorkflowInterceptors, refundWorkflowsPath } from '../worker/bundle.js';
import { readDataConverter } from '../worker/data-converter.js';
import { temporalWorker } from '../worker/temporal-worker.js';
import { beforeEachStart, ExecutionTracker } from './execution-tracker.js';
import { refuseForeignWorkflow } from './foreign-workflow.js';
import { type LocalRefunds, type LocalRefundsOptions, startLocalRefunds } from './local-refunds.js';
import { NO_CODE_LIMIT } from './no-code-limit.js';
import { TimeSkipper } from './time-skipper.js';

/** The options of {@link createTestEnvironment}. All are optional. */
export interface TestEnvironmentOptions extends LocalRefundsOptions {
  /** The application's workflows module. It must contain `export * from 'worldfirst-refunds/workflows'`. */
  workflowsPath?: string;
  /** The application's activities, in addition to those of refunds. */
  activities?: WorkerOptions['activities'];
}

/** Everything that a test of refunds needs. */
export interface TestEnvironment extends LocalRefunds {
  /** A client for refunds on the worker's task queue. */
  refunds: RefundClient;
  /** Skips the waits of workflows. */
  skipper: TimeSkipper;
  /** Tracks a workflow that another client has just started. Temporal's list shows it only after a short delay. */
  started(workflowId: string): void;
  /** Allows a workflow to be open when it is checked. */
  leaveOpen(workflowId: string, reason: string): void;
  /**
   * Replays every workflow since the last check, with its earlier runs, and terminates those that are still open. Call it
   * after each test. If tests run concurrently, `stop` makes the only check.
   * @throws an error that names each workflow that does not replay, is open without a reason, or was never started
   */
  check(): Promise<void>;
  /** Checks, then stops the worker, the sandbox and the server. They stop even if the check throws. */
  stop(): Promise<void>;
}

/**
 * Starts a real Temporal server with time skipping, a sandbox of WorldFirst and a worker, and tracks every workflow that is
 * started. A check throws when a workflow does not replay, or is open without a reason. It works with any test runner.
 *
 * @example
 * const env = await createTestEnvironment();
 * await env.skipper.skipOnStart(() =>
 *   env.refunds.start({ product: 'worldtrade', refundRequestId: 'r-1', tradeId: 'trade-unknown-3' }),
 * );
 * const outcome = await env.refunds.result('r-1'); // skips the waits of 35 minutes
 * await env.stop();
 *
 * @throws {@link ConfigurationError} for a variable of `env` that is not valid, and an error that says why the server or the sandbox does not start
 */
export async function createTestEnvironment(options: TestEnvironmentOptions = {}): Promise<TestEnvironment> {
  const { workflowsPath, activities, temporal, env, worker, ...others } = options;
  const { dataConverter = readDataConverter(env ?? {}) } = options;
  const { payloadConverterPath, failureConverterPath } = dataConverter;
  const prebuilt = workflowsPath ? undefined : (worker?.workflowBundle ?? prebuiltBundle(dataConverter));
  const workflowBundle =
    prebuilt ??
    (await temporalWorker.bundleWorkflowCode({
      workflowsPath: workflowsPath ?? refundWorkflowsPath,
      workflowInterceptorModules: refundWorkflowInterceptors,
      payloadConverterPath,
      failureConverterPath,
      logger: new temporalWorker.DefaultLogger('WARN'),
    }));
  const local = await startLocalRefunds({
    ...others,
    temporal: { timeSkipping: true, ...temporal },
    // Test environments that share a server must not run each other's workflows.
    env: { REFUND_TASK_QUEUE: `refunds-test-${randomUUID()}`, ...env },
    dataConverter,
    worker: { ...NO_CODE_LIMIT, ...worker, workflowBundle, ...(activities && { activities }) },
  });
  const { taskQueue } = local;
  const {
    connection,
    options: { namespace },
  } = local.client;
  const executions = new ExecutionTracker({ client: local.client, taskQueue, workflowBundle, dataConverter });
  const isShared = local.temporal.pid === undefined;
  const beforeStart = async (workflowId: string) => {
    if (isShared) await refuseForeignWorkflow(local.client, workflowId, taskQueue);
    executions.started(workflowId);
  };
  const interceptors = { workflow: [beforeEachStart(beforeStart)] };
  const client = new Client({ connection, namespace, dataConverter, interceptors });
  let isStopped = false;
  return {
    ...local,
    client,
    refunds: new RefundClient(client, { taskQueue }),
    skipper: new TimeSkipper(client),
    started: (workflowId) => executions.started(workflowId),
    leaveOpen: (workflowId, reason) => executions.leaveOpen(workflowId, reason),
    check: () => executions.check(),
    async stop() {
      if (isStopped) return;
      isStopped = true;
      try {
        await executions.check();
      } finally {
        await local.stop();
      }
    },
  };
}
