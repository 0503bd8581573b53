import path from 'node:path';
import type { Client } from '@temporalio/client';
import { DefaultLogger, makeTelemetryFilterString } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, expect, inject, vi } from 'vitest';
import {
  type CashierRefundRequest,
  NoWorkerError,
  type RefundClient,
  type RefundOptions,
  type RefundRequest,
  type RefundView,
  type WorldTradeRefundRequest,
} from '../../client/index.js';
import {
  createTestEnvironment,
  type JournalEntry,
  type Sandbox,
  type SandboxOptions,
  type TestEnvironment,
  type TestEnvironmentOptions,
  type TimeSkipper,
} from '../../testing/index.js';
import { WorldFirstClient } from '../../worldfirst/index.js';
import { lateGateway } from './gateway.js';
import { installRuntime } from './runtime.js';
import { describeStuck } from './stuck.js';

/** What the tests of one file share: a worker on a task queue of its own, a sandbox, and clients, all of them real. */
export interface Environment {
  readonly taskQueue: string;
  readonly client: Client;
  readonly sandbox: Sandbox;
  readonly worldfirst: WorldFirstClient;
  /** Moves a refund's clock: through all its waits, or into the middle of one. */
  readonly skipper: TimeSkipper;
  /** Starts refunds that wait in real time, so that they stay where a test wants to catch them. */
  readonly refunds: RefundClient;
  /** A request for a trade whose id holds these words, see the sandbox's table. Ids come from a counter. */
  worldtrade(words?: string, more?: Partial<WorldTradeRefundRequest>): WorldTradeRefundRequest;
  /** A request for a payment whose id holds these words. */
  cashier(words?: string, more?: Partial<CashierRefundRequest>): CashierRefundRequest;
  /** Starts a refund whose waits are skipped, and resolves once it has ended or needs a person. */
  run(request: RefundRequest, options?: RefundOptions): Promise<RefundView>;
  /** Starts a refund that waits in real time. */
  begin(request: RefundRequest, options?: RefundOptions): Promise<string>;
  /** Resolves with the view once it is as described. */
  until(refundRequestId: string, isSo: (view: RefundView) => boolean): Promise<RefundView>;
  /** The calls of one API that named this request, in their order. */
  calls(request: RefundRequest, api: JournalEntry['api']): JournalEntry[];
  /** Allows a workflow that a test started by itself to be open at the end. */
  started(workflowId: string): void;
  /**
   * Stops the worker. Do it while no task is on its way to it: a task that reaches a worker at its stop is lost, and Temporal
   * repeats a workflow task after 10 s, and an activity only after its minute, which is longer than a test has.
   */
  stopWorker(): Promise<void>;
  /** Starts another worker on the same task queue. */
  startWorker(): Promise<void>;
}

installRuntime({
  logger: new DefaultLogger('ERROR'),
  // The SDK's core warns by itself of each workflow task that fails, and tests let many of them fail.
  telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
  shutdownSignals: [],
});

// Files that run in one process must not name the same trade.
let orders = 0;

// A file can have hundreds of refunds, and all of them are replayed after the last of its concurrent tests.
const UNTIL_ALL_ARE_REPLAYED = 180_000;

/**
 * Sets the environment up for the tests of this file. Every execution that a test starts is replayed at its end.
 * @param dynamicConfig settings of a Temporal server of the file's own, instead of the one that all files share
 */
export function useRefunds(
  worker: TestEnvironmentOptions['worker'] = {},
  sandbox: SandboxOptions = {},
  dynamicConfig?: NonNullable<TestEnvironmentOptions['temporal']>['dynamicConfig'],
): Environment {
  const file = path.basename(expect.getState().testPath ?? 'test').replace(/\.test\.ts$/, '');
  const taskQueue = `test-${file}-${process.pid}`;
  const environment = { taskQueue } as { -readonly [Key in keyof Environment]: Environment[Key] };
  let count = 0;
  let published: TestEnvironment;
  const started: string[] = [];

  beforeAll(async () => {
    published = await createTestEnvironment({
      sandbox,
      temporal: dynamicConfig ? { dynamicConfig } : { address: inject('temporalAddress') },
      env: { REFUND_TASK_QUEUE: taskQueue },
      worker: {
        worldfirst: lateGateway(() => environment.worldfirst),
        workflowBundle: { codePath: inject('workflowBundle') },
        // How long Temporal holds a task for a worker that has gone, before another one gets it. Set no
        // `maxCachedWorkflows: 0` instead: the SDK (1.24) then drops a workflow task that arrives together with a query, and
        // Temporal repeats the task only after 10 s.
        stickyQueueScheduleToStartTimeout: '1s',
        ...worker,
      },
    });
    const { client, skipper, refunds, startWorker, stopWorker } = published;
    Object.assign(environment, {
      client,
      skipper,
      refunds,
      startWorker,
      stopWorker,
      sandbox: published.sandbox,
    });
    environment.worldfirst = worldFirstOf(published.sandbox);
  });

  afterAll(async () => {
    await published?.stop();
    environment.worldfirst?.close();
  }, UNTIL_ALL_ARE_REPLAYED);

  // Refunds wait for their server most of the time, so many tests of a file can run side by side (`test.concurrent`).
  vi.setConfig({ maxConcurrency: 20 });

  afterEach(async ({ task }) => {
    if (task.result?.errors?.some(({ message }) => message.startsWith('Test timed out')))
      console.error(await describeStuck(environment.client, started));
  });

  environment.worldtrade = (words = 'plain', more = {}) => {
    count += 1;
    orders += 1;
    const id = `${file}-${process.pid}-${count}`;
    return {
      product: 'worldtrade',
      refundRequestId: id,
      tradeId: `trade-${process.pid}-${orders}-${words}`,
      ...more,
    };
  };

  environment.cashier = (words = 'plain', more = {}) => {
    count += 1;
    orders += 1;
    const id = `${file}-${process.pid}-${count}`;
    const amount = { currency: 'USD', value: 1234 };
    const detail = {
      refundMethod: { paymentMethodType: 'WALLET_WF' },
      refundToAmount: amount,
      refundAmount: amount,
    };
    const payToId = `pay-${process.pid}-${orders}-${words}`;
    return {
      product: 'cashier',
      refundRequestId: id,
      payToId,
      refundToDetails: [detail],
      refundReason: 'défaut 退款',
      ...more,
    };
  };

  environment.started = (workflowId) => {
    started.push(workflowId);
    published.leaveOpen(workflowId, 'a test looks at a refund that waits');
  };

  environment.run = async (request, refundOptions) => {
    const { refunds, skipper } = environment;
    const { workflowId } = await skipper.skipOnStart(() => refunds.start(request, refundOptions));
    environment.started(workflowId);
    return refunds.waitUntilIdle(request.refundRequestId);
  };

  environment.begin = async (request, refundOptions) => {
    const { workflowId } = await environment.refunds.start(request, refundOptions);
    environment.started(workflowId);
    return request.refundRequestId;
  };

  environment.until = async (id, isSo) => {
    for (;;) {
      // A question that a worker took along when it went, or that a busy machine answers too late, is asked again.
      const view = await environment.refunds.describe(id).catch((error: unknown) => {
        if (!(error instanceof NoWorkerError)) throw error;
      });
      if (view && isSo(view)) return view;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  environment.calls = (request, api) =>
    environment.sandbox.journal.entries.filter(
      (entry) =>
        entry.api === api &&
        (entry.id === request.refundRequestId || entry.reference === referenceOf(request)),
    );

  return environment;
}

/**
 * A client for a sandbox, configured as the sandbox says.
 * @param timeout longer than a question in passing has, so that only one of the two ends it
 */
export function worldFirstOf({ url, env }: Sandbox, timeout = 10_000): WorldFirstClient {
  return new WorldFirstClient({
    baseUrl: url,
    clientId: env.WORLDFIRST_CLIENT_ID as string,
    privateKey: env.WORLDFIRST_PRIVATE_KEY as string,
    publicKeys: env.WORLDFIRST_PUBLIC_KEY as string,
    timeout,
  });
}

function referenceOf(request: RefundRequest): string {
  return request.product === 'worldtrade' ? request.tradeId : request.payToId;
}
