import { Client, Connection } from '@temporalio/client';
import { expect, inject, test } from 'vitest';
import { RefundClient, type RefundRequest, workflowIdOf } from '../../client/index.js';
import { useRefunds } from '../support/environment.js';

const refunds = useRefunds();
const started = (request: RefundRequest) => refunds.started(workflowIdOf(request.refundRequestId));

test.each([
  ['accepted', refunds.worldtrade('never-settles')],
  ['accepted', refunds.cashier('plain')],
  ['refused', refunds.worldtrade('refused-REFUND_PERIOD_EXPIRED')],
  ['refused', refunds.worldtrade('missing')],
  ['pending', refunds.cashier('unknown-7')],
  ['pending', refunds.worldtrade('refused-PROCESS_FAIL')],
  ['pending', refunds.worldtrade('phases')],
])('a web handler gets the first answer %s immediately', async (answer, request) => {
  started(request);
  const first = await refunds.refunds.startAndWait(request, { until: 'answer' });
  expect(first).toMatchObject({ answer, refundRequestId: request.refundRequestId });
  expect(first.view?.refundRequestId).toBe(request.refundRequestId);
});

test('a refund that was started before, is running, or has ended gives its answer again and starts nothing', async () => {
  const request = refunds.cashier('declined');
  started(request);
  const first = await refunds.refunds.startAndWait(request, { until: 'idle' });
  const again = await refunds.refunds.startAndWait(request, { until: 'answer' });
  expect([first.answer, again.answer]).toEqual(['refused', 'refused']);
  expect(refunds.calls(request, 'refund')).toHaveLength(1);
});

test('another content under the same id is a conflict, while the first refund runs and after it ended', async () => {
  const request = refunds.cashier('never-settles');
  await refunds.begin(request);
  const other = { ...request, refundReason: 'another reason' };
  const wait = { until: 'answer' } as const;
  await expect(refunds.refunds.startAndWait(other, wait)).rejects.toMatchObject({ code: 'REFUND_CONFLICT' });
  await expect(refunds.refunds.start(other)).rejects.toMatchObject({ code: 'REFUND_CONFLICT' });

  const over = refunds.cashier('declined');
  await refunds.run(over);
  await expect(
    refunds.refunds.startAndWait({ ...over, refundReason: 'another reason' }, wait),
  ).rejects.toMatchObject({ code: 'REFUND_CONFLICT' });
});

test('until idle: waits until the refund ends or needs an operator', async () => {
  const settled = refunds.cashier('settles-2');
  started(settled);
  const options = { until: 'idle', settlementIntervals: ['0s', '100ms'] } as const;
  expect(await refunds.refunds.startAndWait(settled, options)).toMatchObject({
    answer: 'accepted',
    view: { status: 'succeeded' },
  });

  const stuck = refunds.cashier('refused-CONTRACT_NOT_EXIST');
  started(stuck);
  expect(await refunds.refunds.startAndWait(stuck, options)).toMatchObject({
    answer: 'pending',
    view: { status: 'needs-attention' },
  });
});

test('after the timeout the answer is pending or accepted, and the refund continues', async () => {
  const request = refunds.cashier('never-settles');
  started(request);
  const first = await refunds.refunds.startAndWait(request, { until: 'idle', timeout: 500 });
  expect(first).toMatchObject({ answer: 'accepted', view: { status: 'processing' } });
});

test('without a worker the answer is pending, and the refund is started', async () => {
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  const nobody = new RefundClient(new Client({ connection }), { taskQueue: `${refunds.taskQueue}-nobody` });
  const request = refunds.cashier();
  const first = await nobody.startAndWait(request, { until: 'answer', timeout: 1500 });
  expect(first).toEqual({
    refundRequestId: request.refundRequestId,
    workflowId: workflowIdOf(request.refundRequestId),
    answer: 'pending',
  });
  expect(await nobody.start(request)).toMatchObject({ started: false });
  await nobody.getHandle(request.refundRequestId).terminate('the test is over');
  await connection.close();
});

test('a second refund of the same WorldTrade order is rejected, unless it is allowed or the first one failed', async () => {
  const first = refunds.worldtrade('never-settles');
  await refunds.begin(first);
  const { tradeId } = first;
  const second = refunds.worldtrade('', { tradeId });
  // The list lags behind the refunds.
  await expect
    .poll(async () => refunds.refunds.list({ reference: tradeId })[Symbol.asyncIterator]().next(), {
      timeout: 20_000,
    })
    .toMatchObject({ done: false });
  await expect(refunds.refunds.start(second)).rejects.toMatchObject({
    code: 'ANOTHER_REFUND',
    otherRefundRequestId: first.refundRequestId,
  });
  await expect(refunds.refunds.startAndWait(second, { until: 'answer' })).rejects.toMatchObject({
    code: 'ANOTHER_REFUND',
  });
  expect(refunds.calls(second, 'applyRefund').filter(({ id }) => id === second.refundRequestId)).toEqual([]);
  // Starting the same one again is no second one.
  expect(await refunds.refunds.start(first)).toMatchObject({ started: false });

  started(second);
  expect(await refunds.refunds.start(second, { allowAnother: true })).toMatchObject({ started: true });

  const refused = refunds.worldtrade('refused-REFUND_PERIOD_EXPIRED');
  await refunds.run(refused);
  await expect
    .poll(async () => refunds.refunds.list({ reference: refused.tradeId })[Symbol.asyncIterator]().next(), {
      timeout: 20_000,
    })
    .toMatchObject({ value: { status: 'failed' } });
  const anew = refunds.worldtrade('', { tradeId: refused.tradeId });
  started(anew);
  expect(await refunds.refunds.start(anew)).toMatchObject({ started: true });
});

test('watching a refund returns its views until the end', async () => {
  const request = refunds.cashier('unknown-2');
  await refunds.begin(request, { inquiryIntervals: ['300ms', '300ms'], settlementIntervals: ['0s'] });
  const statuses = new Set<string>();
  let last: string | undefined;
  for await (const view of refunds.refunds.watch(request.refundRequestId)) {
    statuses.add(view.status);
    last = view.outcome?.status;
  }
  expect(last).toBe('succeeded');
  expect(statuses).toContain('succeeded');
});

test('watching an unknown refund fails with a clear error', async () => {
  const watching = refunds.refunds.watch('no-such-refund')[Symbol.asyncIterator]();
  await expect(watching.next()).rejects.toMatchObject({ code: 'REFUND_NOT_FOUND' });
});
