import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import {
  type CheckManyItem,
  RefundClient,
  type RefundRequest,
  type StartManyItem,
} from '../../client/index.js';
import { expectNoDoubleEffects, seenOf } from '../support/books.js';
import { useRefunds } from '../support/environment.js';
import { grpcError, interceptedClient } from '../support/intercepted-client.js';

const refunds = useRefunds();
expectNoDoubleEffects(refunds);

const FAST = { startsPerSecond: 1000 };

async function collected<Item extends StartManyItem | CheckManyItem>(
  items: AsyncIterable<Item>,
): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) {
    all.push(item);
    if (item.result === 'started') refunds.started(`refund:${item.request.refundRequestId}`);
  }
  return all.sort((a, b) => a.index - b.index);
}

const resultsOf = (items: (StartManyItem | CheckManyItem)[]) => items.map(({ result }) => result);

const orders = (count: number, words = '') => Array.from({ length: count }, () => refunds.worldtrade(words));

/** The list lags behind. */
async function listed(request: RefundRequest, status?: string): Promise<void> {
  const reference = request.product === 'worldtrade' ? request.tradeId : request.payToId;
  for (;;) {
    const [first] = await refunds.refunds.findByReference(reference);
    if (first && (status === undefined || first.status === status)) return;
    await sleep(100);
  }
}

test('many refunds are each started once, and given again they are already there', async () => {
  const requests = [...orders(20), refunds.cashier()];
  const first = await collected(refunds.refunds.startMany(requests, FAST));
  expect(resultsOf(first)).toEqual(requests.map(() => 'started'));
  expect(first.map(({ request }) => request)).toEqual(requests);
  const second = await collected(refunds.refunds.startMany(requests, FAST));
  expect(resultsOf(second)).toEqual(requests.map(() => 'already-there'));
  expect(second.map(({ runId }) => runId)).toEqual(first.map(({ runId }) => runId));
  await Promise.all(requests.map(({ refundRequestId }) => refunds.refunds.result(refundRequestId)));
  for (const request of requests) expect(seenOf(refunds, request)).toMatchObject({ sends: 1, moved: 1 });
});

test('an invalid request, a conflict and another refund of an order are reported, and the others are started', async () => {
  const open = refunds.worldtrade('settles-3');
  await refunds.begin(open);
  await listed(open);
  const requests = [
    refunds.worldtrade(),
    { ...refunds.worldtrade(), tradeId: '' },
    { ...open, remark: 'different' },
    { ...open, refundRequestId: `${open.refundRequestId}-other` },
    refunds.worldtrade(),
  ];
  const items = await collected(refunds.refunds.startMany(requests, FAST));
  expect(resultsOf(items)).toEqual(['started', 'invalid', 'conflict', 'another-refund', 'started']);
  expect(items[3]?.error).toMatchObject({
    code: 'ANOTHER_REFUND',
    otherRefundRequestId: open.refundRequestId,
  });
});

test('two refunds of one order in one call are not both started, although the list lags behind', async () => {
  const request = refunds.worldtrade();
  const twice = [request, { ...request, refundRequestId: `${request.refundRequestId}-2` }];
  expect(resultsOf(await collected(refunds.refunds.startMany(twice, FAST)))).toEqual([
    'started',
    'another-refund',
  ]);
});

test('no more requests are taken than starts are under way, and an early end of the loop takes no more', async () => {
  let taken = 0;
  let isClosed = false;
  async function* source() {
    try {
      for (const request of orders(50)) {
        taken += 1;
        yield request;
      }
    } finally {
      isClosed = true;
    }
  }
  for await (const { request } of refunds.refunds.startMany(source(), { ...FAST, concurrency: 3 })) {
    refunds.started(`refund:${request.refundRequestId}`);
    await sleep(300);
    expect(taken).toBeLessThanOrEqual(4);
    break;
  }
  const before = taken;
  await sleep(300);
  expect(taken).toBe(before);
  expect(isClosed).toBe(true);
});

test('when the signal is aborted the starts under way are finished, and nothing more is started', async () => {
  const abort = new AbortController();
  let taken = 0;
  function* source() {
    for (const request of orders(50)) {
      taken += 1;
      yield request;
    }
  }
  const items: StartManyItem[] = [];
  const options = { ...FAST, concurrency: 5, signal: abort.signal };
  for await (const item of refunds.refunds.startMany(source(), options)) {
    items.push(item);
    refunds.started(`refund:${item.request.refundRequestId}`);
    if (items.length === 10) abort.abort();
  }
  expect(items.length).toBe(taken);
  expect(items.length).toBeLessThanOrEqual(15);
  expect(new Set(resultsOf(items))).toEqual(new Set(['started']));
});

test('a start that Temporal did not answer is repeated under the same id', async () => {
  let failures = 2;
  const client = interceptedClient(refunds.client, 'startWorkflowExecution', () => {
    if (failures-- > 0) throw grpcError('UNAVAILABLE');
  });
  const requests = orders(3);
  const many = new RefundClient(client, { taskQueue: refunds.taskQueue }).startMany(requests, FAST);
  expect(resultsOf(await collected(many))).toEqual(['started', 'started', 'started']);
});

test('a start waits until Temporal said whether the order has another refund', async () => {
  let failures = 0;
  const client = interceptedClient(refunds.client, 'listWorkflowExecutions', () => {
    if (failures-- > 0) throw grpcError('UNAVAILABLE');
  });
  const refundClient = new RefundClient(client, { taskQueue: refunds.taskQueue });
  const open = refunds.worldtrade('settles-3');
  await refunds.begin(open);
  await listed(open);
  // The first start also reads the newest refunds, to see whether they can be read here.
  await collected(refundClient.startMany([refunds.cashier()], FAST));
  failures = 1;
  const other = { ...open, refundRequestId: `${open.refundRequestId}-other` };
  expect(resultsOf(await collected(refundClient.startMany([other], FAST)))).toEqual(['another-refund']);
});

test('where Temporal refuses the calls, nothing more is started, and its error is thrown', async () => {
  let calls = 0;
  const client = interceptedClient(refunds.client, 'startWorkflowExecution', () => {
    calls += 1;
    throw grpcError('PERMISSION_DENIED');
  });
  const items: StartManyItem[] = [];
  const many = new RefundClient(client).startMany(orders(50), { ...FAST, concurrency: 2 });
  const reading = (async () => {
    for await (const item of many) items.push(item);
  })();
  await expect(reading).rejects.toMatchObject({ code: 'TEMPORAL_REFUSED' });
  expect(new Set(resultsOf(items))).toEqual(new Set(['no-answer']));
  expect(items.length).toBe(calls);
  expect(calls).toBeLessThanOrEqual(2);
});

test('the error of the source is thrown after the results of the starts under way', async () => {
  function* source() {
    yield refunds.worldtrade();
    throw new Error('the source is broken');
  }
  const items: StartManyItem[] = [];
  const reading = (async () => {
    for await (const item of refunds.refunds.startMany(source(), FAST)) items.push(item);
  })();
  await expect(reading).rejects.toThrow('the source is broken');
  expect(resultsOf(items)).toEqual(['started']);
});

test('options that are not valid are refused with their paths', () => {
  const options = { concurrency: 0, startsPerSecond: -1, allowAnother: 'yes', inquiryIntervals: ['x'] };
  try {
    refunds.refunds.startMany([], options as never);
    expect.unreachable();
  } catch (error) {
    const { issues } = error as { issues: { path: string }[] };
    expect(issues.map(({ path }) => path)).toEqual([
      'options.concurrency',
      'options.startsPerSecond',
      'options.allowAnother',
      'options.inquiryIntervals[0]',
    ]);
  }
});

test('a check finds what is in the way of each start with one list query for a hundred, and starts nothing', async () => {
  const open = refunds.worldtrade('settles-3');
  const ended = refunds.worldtrade('declined');
  const stopped = refunds.worldtrade('settles-3');
  await Promise.all([refunds.begin(open), refunds.run(ended), refunds.begin(stopped)]);
  await refunds.refunds.getHandle(stopped.refundRequestId).terminate('by a test');
  await Promise.all([listed(open), listed(ended, 'failed'), listed(stopped, 'stopped')]);
  let queries = 0;
  const client = interceptedClient(refunds.client, 'listWorkflowExecutions', () => {
    queries += 1;
  });
  const requests = [
    refunds.worldtrade(),
    open,
    { ...open, remark: 'different' },
    { ...open, refundRequestId: `${open.refundRequestId}-other` },
    { ...ended, refundRequestId: `${ended.refundRequestId}-again` },
    stopped,
    { ...open, tradeId: '' },
    ...orders(143),
  ];
  const items = await collected(new RefundClient(client).checkMany(requests));
  expect(resultsOf(items).slice(0, 7)).toEqual([
    'new',
    'already-there',
    'conflict',
    'another-refund',
    'new',
    'stopped',
    'invalid',
  ]);
  expect(resultsOf(items).slice(7)).toEqual(Array.from({ length: 143 }, () => 'new'));
  expect(items[1]?.refund).toMatchObject({ refundRequestId: open.refundRequestId });
  expect(queries).toBe(2);
});
