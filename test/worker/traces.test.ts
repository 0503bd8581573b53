import { fileURLToPath } from 'node:url';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { beforeAll, expect, inject, test } from 'vitest';
import { RefundClient, type RefundOptions, workflowIdOf } from '../../client/index.js';
import { NO_CODE_LIMIT } from '../../testing/no-code-limit.js';
import { createRefundWorker, RefundPlugin, readWorkerConfig } from '../../worker/index.js';
import { HISTORIES } from '../histories/histories.js';
import { useConnections } from '../support/connections.js';
import { useTracing } from '../support/tracing.js';

const { plugin, spans, inSpan } = useTracing();
const workflowBundle = { codePath: inject('workflowBundle') };
const on = useConnections();
let client: Client;
beforeAll(() => {
  client = new Client({ connection: on.connection, plugins: [plugin] });
});

let count = 0;
const newId = () => `worker-traces-${process.pid}-${++count}`;

/** A worker with refunds and traces. */
function refundWorker(taskQueue: string): Promise<Worker> {
  const config = readWorkerConfig({ ...on.sandbox.env, REFUND_TASK_QUEUE: taskQueue });
  return createRefundWorker({ ...NO_CODE_LIMIT, connection: on.native, ...config, plugins: [plugin] });
}

const start = (id: string, taskQueue: string, scenario: string, options?: RefundOptions) =>
  inSpan('close order', () =>
    new RefundClient(client, { taskQueue }).start(
      { product: 'worldtrade', refundRequestId: id, tradeId: `trade-${scenario}-${id}` },
      options,
    ),
  );

/** The names on the way from a span to the root of its trace. */
function wayUp(all: readonly ReadableSpan[], span: ReadableSpan | undefined): string[] {
  if (!span) return [];
  return [
    span.name,
    ...wayUp(
      all,
      all.find((each) => each.spanContext().spanId === span.parentSpanId),
    ),
  ];
}

const FROM_THE_CALL = (activity: string, api: string) => [
  `POST /amsin/api/v1/business/${api}`,
  `RunActivity:${activity}`,
  `StartActivity:${activity}`,
  'RunWorkflow:refund',
  'StartWorkflow:refund',
  'close order',
];

test("a refund belongs to the trace of the application's own operation", async () => {
  const [id, taskQueue] = [newId(), newId()];
  const worker = await refundWorker(taskQueue);
  const { status } = await worker.runUntil(async () => {
    await start(id, taskQueue, 'plain');
    return new RefundClient(client, { taskQueue }).result(id);
  });
  expect(status).toBe('succeeded');
  const ofRefund = spans().filter(({ name }) => !/^(Query|Describe)Workflow/.test(name));
  expect(new Set(ofRefund.map((span) => span.spanContext().traceId)).size).toBe(1);
  const calls = ofRefund.filter(({ name }) => name.startsWith('POST'));
  expect(calls.map((call) => wayUp(ofRefund, call))).toEqual([
    FROM_THE_CALL('queryTradeOrder', 'worldtrade/queryTradeOrder'),
    FROM_THE_CALL('applyRefund', 'worldtrade/applyRefund'),
    FROM_THE_CALL('inquireRefund', 'inquireRefund'),
  ]);
});

test('a worker with workflows of its own has the same traces', async () => {
  const [id, taskQueue] = [newId(), newId()];
  const worker = await Worker.create({
    ...NO_CODE_LIMIT,
    connection: on.native,
    taskQueue,
    workflowsPath: fileURLToPath(new URL('./application/workflows.ts', import.meta.url)),
    plugins: [plugin, new RefundPlugin(readWorkerConfig(on.sandbox.env))],
  });
  await worker.runUntil(async () => {
    await start(id, taskQueue, 'plain');
    await new RefundClient(client, { taskQueue }).result(id);
  });
  const sending = spans().find(({ name }) => name.endsWith('/applyRefund'));
  expect(wayUp(spans(), sending)).toEqual(FROM_THE_CALL('applyRefund', 'worldtrade/applyRefund'));
});

test('a refund that another worker continues has each span once, and replays without traces', async () => {
  const [id, taskQueue] = [newId(), newId()];
  const refunds = new RefundClient(client, { taskQueue });
  const first = await refundWorker(taskQueue);
  await first.runUntil(async () => {
    await start(id, taskQueue, 'unknown-2', { inquiryIntervals: ['1h', '1h'] });
    await expect.poll(async () => (await refunds.describe(id)).status, { timeout: 10_000 }).toBe('unknown');
    await refunds.checkNow(id, { by: 'ana', reason: 'the first worker' });
  });
  expect(spans().map(({ name }) => name)).not.toContain('RunWorkflow:refund');
  const second = await refundWorker(taskQueue);
  await second.runUntil(async () => {
    await refunds.checkNow(id, { by: 'ana', reason: 'the second worker' });
    await refunds.result(id);
  });
  const root = spans().find(({ name }) => name === 'close order');
  const ofRefund = spans().filter((span) => span.spanContext().traceId === root?.spanContext().traceId);
  const ids = ofRefund.map((span) => span.spanContext().spanId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ofRefund.filter(({ parentSpanId }) => parentSpanId && !ids.includes(parentSpanId))).toEqual([]);
  const names = ofRefund.map(({ name }) => name);
  expect(names.filter((name) => name === 'RunWorkflow:refund')).toHaveLength(1);
  const calls = on.sandbox.journal.entries.filter(
    (entry) => entry.id === id || entry.reference === `trade-unknown-2-${id}`,
  );
  expect(names.filter((name) => name.startsWith('POST'))).toHaveLength(calls.length);

  const handle = client.workflow.getHandle(workflowIdOf(id));
  const history = await handle.fetchHistory();
  expect(JSON.stringify(history)).toContain('_tracer-data');
  await Worker.runReplayHistory({ workflowBundle }, history, workflowIdOf(id));
});

test('refunds of every kind that began without traces continue with them', async () => {
  const named = HISTORIES.map(({ kind, history }) => ({ workflowId: `refund:${kind}`, history }));
  const plugins = [plugin, new RefundPlugin(readWorkerConfig(on.sandbox.env))];
  const errors: unknown[] = [];
  for await (const { workflowId, error } of Worker.runReplayHistories({ plugins }, named)) {
    if (error) errors.push([workflowId, error.message]);
  }
  expect(errors).toEqual([]);
  // A replay exports nothing.
  expect(spans()).toEqual([]);
});
