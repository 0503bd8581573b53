import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import { bundleWorkflowCode, type WorkerOptions } from '@temporalio/worker';
import { RefundClient } from '../client/refund-client.js';
import { refundWorkflowBundlePath } from '../worker/index.js';
import { ExecutionTracker, trackStarts } from './execution-tracker.js';
import { type LocalRefunds, type LocalRefundsOptions, startLocalRefunds } from './local-refunds.js';
import { TimeSkipper } from './time-skipper.js';

/** What {@link createTestEnvironment} can be told; nothing is needed. */
export interface TestEnvironmentOptions extends Omit<LocalRefundsOptions, 'worker'> {
  /** The workflows of an application, `export * from 'worldfirst-refunds/workflows'` among them. */
  workflowsPath?: string;
  /** The activities of an application, beside those of refunds. */
  activities?: WorkerOptions['activities'];
}

/** All that a test of refunds needs, on this machine. */
export interface TestEnvironment extends LocalRefunds {
  /** Starts refunds, shows them, and steers them. */
  refunds: RefundClient;
  /** Lets hours pass in no time. */
  skipper: TimeSkipper;
  /** Looks after a workflow that a client of your own has started, should the list not have it yet. */
  started(workflowId: string): void;
  /** Allows a workflow to be open when it is checked. */
  leaveOpen(workflowId: string, reason: string): void;
  /**
   * Replays every workflow since the last check, with its earlier runs, and terminates those that are still open. Call it
   * after each test, or where tests run side by side, leave it to `stop`.
   * @throws an error that names each one that does not replay, or is open without a reason, or was named without having been started
   */
  check(): Promise<void>;
  /** Checks, and ends everything whatever that finds. */
  stop(): Promise<void>;
}

/**
 * Starts a real Temporal server that skips time, a sandbox of WorldFirst and a worker, and looks after every workflow
 * that is started: it must replay, and must have ended or be left open for a reason. Needs no particular test runner.
 *
 * @example
 * const env = await createTestEnvironment();
 * await env.skipper.skipOnStart(() =>
 *   env.refunds.start({ product: 'worldtrade', refundRequestId: 'r-1', tradeId: 'trade-unknown-3' }),
 * );
 * const outcome = await env.refunds.result('r-1'); // after 35 minutes, in no time
 * await env.stop();
 */
export async function createTestEnvironment(options: TestEnvironmentOptions = {}): Promise<TestEnvironment> {
  const { workflowsPath, activities, temporal, env, ...others } = options;
  const workflowBundle = workflowsPath
    ? await bundleWorkflowCode({ workflowsPath })
    : { codePath: refundWorkflowBundlePath };
  const local = await startLocalRefunds({
    ...others,
    temporal: { timeSkipping: true, ...temporal },
    // Tests that share a server must not run each other's workflows.
    env: { REFUND_TASK_QUEUE: `refunds-test-${randomUUID()}`, ...env },
    worker: { workflowBundle, ...(activities && { activities }) },
  });
  const {
    connection,
    options: { namespace },
  } = local.client;
  const { taskQueue } = local;
  const client = new Client({
    connection,
    namespace,
    interceptors: { workflow: [trackStarts((workflowId) => executions.started(workflowId))] },
  });
  let isStopped = false;
  const executions = new ExecutionTracker({ client, taskQueue, workflowBundle });
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
