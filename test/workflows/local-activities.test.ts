import { expect, test } from 'vitest';
import { expectNoDoubleEffects, seenOf } from '../support/books.js';
import { useRefunds } from '../support/environment.js';
import { historyOf } from '../support/history.js';

const refunds = useRefunds();
expectNoDoubleEffects(refunds);

const callsOf = async (id: string) =>
  (await historyOf(refunds, id)).calls.map(({ type, isLocal }) => (isLocal ? `${type}, in passing` : type));

test.concurrent('the query of the order and an immediate settlement inquiry are local activities; the refund request never is', async () => {
  const request = refunds.worldtrade('plain');
  const id = request.refundRequestId;
  await refunds.run(request);
  expect(await callsOf(id)).toEqual([
    'queryTradeOrder, in passing',
    'applyRefund',
    'inquireRefund, in passing',
  ]);
  const { events } = await refunds.refunds.getHandle(id).fetchHistory();
  expect(events).toHaveLength(14);
});

test.concurrent('an inquiry after a wait is a regular activity', async () => {
  const request = refunds.cashier('unknown-2');
  await refunds.run(request);
  expect(await callsOf(request.refundRequestId)).toEqual([
    'refund',
    'inquireRefund',
    'refund',
    'inquireRefund',
  ]);
});

test.concurrent('a query that fails as a local activity is repeated by an activity, and the list does not show that nothing was sent', async () => {
  const request = refunds.worldtrade('query-badgateway-always');
  const id = await refunds.begin(request);
  await expect
    .poll(async () => (await refunds.refunds.getHandle(id).describe()).raw.pendingActivities)
    .toMatchObject([{ activityType: { name: 'queryTradeOrder' } }]);
  const list = refunds.refunds.list({ reference: request.tradeId })[Symbol.asyncIterator]();
  const { value: listed } = await list.next();
  expect(listed).toMatchObject({ refundRequestId: id, status: 'unknown' });
  expect(seenOf(refunds, request)).toMatchObject({ sends: 0 });
});

test.concurrent('a query that is too slow for a local activity is repeated, and later calls are regular activities', async () => {
  const request = refunds.worldtrade('query-silent');
  await refunds.run(request);
  expect(await callsOf(request.refundRequestId)).toEqual([
    'queryTradeOrder, in passing',
    'queryTradeOrder',
    'applyRefund',
    'inquireRefund',
  ]);
  expect(seenOf(refunds, request)).toMatchObject({ queries: 2, sends: 1, moved: 1 });
});

test.concurrent('a settlement inquiry that fails as a local activity is repeated, and both count as one inquiry', async () => {
  // No order is asked for here, which a busy machine might not have brought in passing either.
  const request = refunds.cashier('plain');
  refunds.sandbox.when(
    { api: 'inquireRefund', id: request.refundRequestId },
    { fault: 'silent', phase: 'after' },
  );
  const view = await refunds.run(request);
  expect(view).toMatchObject({ status: 'succeeded', inquiries: { done: 1 } });
  expect(await callsOf(request.refundRequestId)).toEqual([
    'refund',
    'inquireRefund, in passing',
    'inquireRefund',
  ]);
});

test.concurrent('a caller that waits for the first answer does not wait for the settlement', async () => {
  const request = refunds.worldtrade('plain');
  const id = request.refundRequestId;
  refunds.started(`refund:${id}`);
  const hold = refunds.sandbox.hold({ api: 'inquireRefund', id }, 'after');
  const first = await refunds.refunds.startAndWait(request, { until: 'answer' });
  expect(first).toMatchObject({ answer: 'accepted', view: { status: 'processing' } });
  hold.release();
  await refunds.refunds.result(id);
  expect(await callsOf(id)).toEqual(['queryTradeOrder, in passing', 'applyRefund', 'inquireRefund']);
});
