import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RefundClient } from '../../client/index.js';
import { NO_CODE_LIMIT } from '../../testing/no-code-limit.js';
import {
  createRefundWorker,
  RefundPlugin,
  readWorkerConfig,
  refundWorkflowBundlePath,
} from '../../worker/index.js';
import { WorldFirstClient } from '../../worldfirst/index.js';
import { useConnections } from '../support/connections.js';

const on = useConnections();
let worldfirst: WorldFirstClient;
beforeAll(() => {
  worldfirst = new WorldFirstClient(readWorkerConfig(on.sandbox.env).worldfirst);
});
afterAll(() => worldfirst.close());

const refundsOf = (taskQueue: string) =>
  new RefundClient(new Client({ connection: on.connection }), { taskQueue });

test('the path of the prebuilt bundle leads to a file', () => {
  expect(existsSync(refundWorkflowBundlePath)).toBe(true);
});

test('the prebuilt bundle loads its modules before the first refund, and all refunds share them', () => {
  const modules: Record<string, unknown> = {};
  const context = createContext({ __webpack_module_cache__: modules, TextEncoder, TextDecoder });
  runInContext(readFileSync(refundWorkflowBundlePath, 'utf8'), context);
  expect(modules).not.toHaveProperty(['./dist/workflows/refund.js']);
  runInContext('__TEMPORAL__.preloadModules()', context);
  expect(modules).toHaveProperty(['./dist/workflows/refund.js']);
});

test('a refund worker runs a refund from the prebuilt bundle', async () => {
  const taskQueue = `worker-bundle-${process.pid}`;
  const worker = await createRefundWorker({ ...NO_CODE_LIMIT, connection: on.native, taskQueue, worldfirst });
  expect(worker.options.shutdownGraceTimeMs).toBe(60_000);
  const refunds = refundsOf(taskQueue);
  const outcome = await worker.runUntil(async () => {
    await refunds.start({ product: 'worldtrade', refundRequestId: taskQueue, tradeId: taskQueue });
    return refunds.result(taskQueue);
  });
  expect(outcome).toMatchObject({ status: 'succeeded', confirmedBy: 'inquiry' });
});

test('the plugin, given twice, lets an application run refunds beside its own workflows', async () => {
  const taskQueue = `worker-plugin-${process.pid}`;
  const worker = await Worker.create({
    ...NO_CODE_LIMIT,
    connection: on.native,
    taskQueue,
    workflowsPath: fileURLToPath(new URL('./application/workflows.ts', import.meta.url)),
    plugins: [new RefundPlugin({ worldfirst }), new RefundPlugin({ worldfirst })],
  });
  const refunds = refundsOf(taskQueue);
  const [outcome, greeting] = await worker.runUntil(async () => {
    await refunds.start({ product: 'worldtrade', refundRequestId: taskQueue, tradeId: taskQueue });
    const greeting = new Client({ connection: on.connection }).workflow.execute('greet', {
      taskQueue,
      workflowId: `greet-${taskQueue}`,
      args: ['you'],
    });
    return Promise.all([refunds.result(taskQueue), greeting]);
  });
  expect(outcome.status).toBe('succeeded');
  expect(greeting).toBe('hello you');
});

test('workers of tests let workflow code run for minutes', async () => {
  const worker = await createRefundWorker({ ...NO_CODE_LIMIT, connection: on.native, worldfirst });
  expect(worker.options).toMatchObject({ isolateExecutionTimeoutMs: 300_000 });
  await worker.runUntil(Promise.resolve());
});

test('activities of an application stay beside those of refunds', async () => {
  const taskQueue = `worker-activities-${process.pid}`;
  const worker = await createRefundWorker({
    ...NO_CODE_LIMIT,
    connection: on.native,
    taskQueue,
    worldfirst,
    activities: { greet: async () => 'hello' },
  });
  const names = [...worker.options.activities.keys()];
  await worker.runUntil(Promise.resolve());
  expect(names).toEqual(expect.arrayContaining(['greet', 'applyRefund', 'refund', 'inquireRefund']));
});
