import { NativeConnection, type Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { RefundClient } from '../../client/index.js';
import { NO_CODE_LIMIT } from '../../testing/no-code-limit.js';
import { createRefundWorker } from '../../worker/index.js';
import { paced } from '../../worker/limit.js';
import { seenOf } from '../support/books.js';
import { useRefunds } from '../support/environment.js';
import { historyOf } from '../support/history.js';

const refunds = useRefunds();
const CALLS_PER_SECOND = 20;
const taskQueue = `limited-${process.pid}`;
const workers: { worker: Worker; running: Promise<void>; connection: NativeConnection }[] = [];

const limited = async () => {
  const connection = await NativeConnection.connect({ address: inject('temporalAddress') });
  const worker = await createRefundWorker({
    ...NO_CODE_LIMIT,
    connection,
    taskQueue,
    worldfirst: refunds.worldfirst,
    callsPerSecond: CALLS_PER_SECOND,
    workflowBundle: { codePath: inject('workflowBundle') },
  });
  return { worker, running: worker.run(), connection };
};

beforeAll(async () => {
  workers.push(await limited(), await limited());
});

afterAll(async () => {
  for (const { worker } of workers) worker.shutdown();
  for (const { running, connection } of workers) {
    await running;
    await connection.close();
  }
});

/** The most calls that began within any second. */
function mostInASecond(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  const after = (start: number) => sorted.filter((time) => time >= start && time < start + 1000).length;
  return Math.max(...sorted.map(after));
}

test('two workers with a backlog never make more calls in a second than the limit, and all refunds end', async () => {
  const client = new RefundClient(refunds.client, { taskQueue });
  const requests = Array.from({ length: 10 }, () => refunds.worldtrade('plain'));
  const before = refunds.sandbox.journal.entries.length;
  await Promise.all(requests.map((request) => client.start(request, { allowAnother: true })));
  const outcomes = await Promise.all(requests.map(({ refundRequestId }) => client.result(refundRequestId)));
  for (const { refundRequestId } of requests) refunds.started(`refund:${refundRequestId}`);

  expect(outcomes.every(({ status }) => status === 'succeeded')).toBe(true);
  for (const request of requests) {
    expect(seenOf(refunds, request)).toEqual({ queries: 1, sends: 1, inquiries: 1, moved: 1 });
  }
  const calls = refunds.sandbox.journal.entries.slice(before).map(({ at }) => Date.parse(at));
  expect(calls).toHaveLength(30);
  expect(mostInASecond(calls)).toBeLessThanOrEqual(CALLS_PER_SECOND);
});

test('with a limit no call runs as a local activity, after one attempt for each refund', async () => {
  const client = new RefundClient(refunds.client, { taskQueue });
  const request = refunds.worldtrade('plain');
  refunds.started(`refund:${request.refundRequestId}`);
  await client.start(request);
  await client.result(request.refundRequestId);
  const { calls } = await historyOf(refunds, request.refundRequestId);
  expect(calls.map(({ type, isLocal }) => [type, isLocal])).toEqual([
    ['queryTradeOrder', true],
    ['queryTradeOrder', false],
    ['applyRefund', false],
    ['inquireRefund', false],
  ]);
});

test('calls of all kinds that arrive at the same time are made one after the other', async () => {
  const begun: string[] = [];
  const call = (name: string) => async () => {
    begun.push(name);
    return { kind: 'notSent' as const, reason: 'a test' };
  };
  const gateway = paced(
    {
      queryTradeOrder: call('query'),
      applyRefund: call('apply'),
      refund: call('refund'),
      inquireRefund: call('inquire'),
    },
    1,
  );
  const first = gateway.inquireRefund({ refundRequestIds: ['r'] });
  const second = gateway.queryTradeOrder({ tradeId: 't' });
  await first;
  expect(begun).toEqual(['inquire']);
  await second;
  expect(begun).toEqual(['inquire', 'query']);
});

test.each([0, 0.5, Number.NaN, Number.POSITIVE_INFINITY])(
  'a limit of %s calls is refused',
  async (callsPerSecond) => {
    const { connection } = workers[0] as (typeof workers)[number];
    await expect(
      createRefundWorker({ connection, taskQueue, worldfirst: refunds.worldfirst, callsPerSecond }),
    ).rejects.toThrow('callsPerSecond must be 1 or more');
  },
);
