import { expect, test } from 'vitest';
import type { RefundView } from '../../client/index.js';
import { eventsOf, rests, usePatientRefunds } from '../support/patient.js';

const refunds = usePatientRefunds();

const NOTE = { by: 'Ana', reason: 'the customer called' };
const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

const FIELDS = [
  'amount',
  'attention',
  'inquiries',
  'lastAnswer',
  'outcome',
  'paymentOrderId',
  'product',
  'providerRequestId',
  'reference',
  'refundId',
  'refundOrderId',
  'refundRequestId',
  'status',
  'submission',
  'timeline',
  'workflowId',
];

/** Only what is promised, in the promised shapes. */
function expectPromised(view: RefundView): void {
  expect(FIELDS).toEqual(expect.arrayContaining(Object.keys(view)));
  const { refundRequestId, timeline } = view;
  expect(view).toMatchObject({
    refundRequestId,
    workflowId: `refund:${refundRequestId}`,
    inquiries: { done: expect.any(Number), allowed: expect.any(Number) },
  });
  for (const entry of timeline) {
    expect(entry).toMatchObject({ at: TIME, event: expect.any(String), text: expect.any(String) });
    expect(['at', 'event', 'text', 'by']).toEqual(expect.arrayContaining(Object.keys(entry)));
  }
  expect(timeline.map(({ at }) => at)).toEqual(timeline.map(({ at }) => at).sort());
  expect(view.attention !== undefined).toBe(view.status === 'needs-attention');
  expect(view.outcome?.status).toBe(
    ['succeeded', 'accepted', 'failed', 'cancelled'].includes(view.status) ? view.status : undefined,
  );
}

test.concurrent('the view of a WorldTrade refund, from its start to its end', async () => {
  const request = refunds.worldtrade('unknown-2-settles-4-total-JPY-5000');
  const { refundRequestId: id, tradeId } = request;
  const query = refunds.sandbox.hold({ api: 'queryTradeOrder', id: tradeId }, 'before');
  const send = refunds.sandbox.hold({ api: 'applyRefund', id }, 'before');
  await refunds.begin(request);

  await query.arrived;
  const preparing = await refunds.refunds.describe(id);
  expectPromised(preparing);
  expect(preparing).toEqual({
    refundRequestId: id,
    workflowId: `refund:${id}`,
    product: 'worldtrade',
    reference: tradeId,
    status: 'preparing',
    submission: 'not-sent',
    providerRequestId: id,
    inquiries: { done: 0, allowed: 0 },
    timeline: [{ at: TIME, event: 'started', text: expect.stringContaining(id) }],
  });

  query.release();
  await send.arrived;
  const applying = await refunds.refunds.describe(id);
  expectPromised(applying);
  expect(applying).toMatchObject({
    status: 'applying',
    amount: { currency: 'JPY', value: 5000 },
    paymentOrderId: expect.stringMatching(/^\d{28}$/),
    lastAnswer: { step: 'query', kind: 'found', code: 'SUCCESS', at: TIME },
  });

  send.release();
  const unknown = await refunds.until(id, rests);
  expectPromised(unknown);
  expect(unknown).toMatchObject({
    status: 'unknown',
    inquiries: { done: 0, allowed: 7, nextAt: TIME },
    lastAnswer: {
      step: 'send',
      kind: 'unknown',
      code: 'UNKNOWN_EXCEPTION',
      message: expect.any(String),
      advice: expect.any(String),
      at: TIME,
    },
  });
  const wait =
    Date.parse(unknown.inquiries.nextAt as string) - Date.parse(unknown.timeline.at(-1)?.at as string);
  expect(wait).toBe(5 * 60_000);

  await refunds.refunds.checkNow(id, NOTE);
  const found = await refunds.refunds.checkNow(id, NOTE);
  expectPromised(found);
  // Known, and not settled yet: from now on the settlement is followed.
  expect(found).toMatchObject({ status: 'processing', lastAnswer: { step: 'inquire', kind: 'pending' } });

  const stopped = await refunds.refunds.escalate(id, NOTE);
  expectPromised(stopped);
  expect(stopped.attention).toEqual({
    reason: 'escalated',
    explanation: expect.any(String),
    advice: expect.any(String),
    since: TIME,
    decisions: ['inquire-again', 'send-again', 'mark-succeeded', 'mark-failed'],
  });

  await refunds.refunds.decide(id, { decision: 'inquire-again', ...NOTE });
  await refunds.skipper.resume(`refund:${id}`);
  await refunds.refunds.result(id);
  const ended = await refunds.refunds.describe(id);
  expectPromised(ended);
  expect(ended).toMatchObject({
    status: 'succeeded',
    outcome: {
      status: 'succeeded',
      confirmedBy: 'inquiry',
      refundRequestId: id,
      product: 'worldtrade',
      reference: tradeId,
      amount: { currency: 'JPY', value: 5000 },
      paymentOrderId: preparing.paymentOrderId ?? applying.paymentOrderId,
    },
  });
  expect(ended.inquiries.nextAt).toBeUndefined();
  expect(
    eventsOf(ended).filter((event) =>
      ['started', 'sent', 'escalate', 'attention', 'decision', 'ended'].includes(event),
    ),
  ).toEqual([
    'started',
    'sent',
    'sent', // The first inquiry did not know it.
    'escalate',
    'attention',
    'decision',
    'ended',
  ]);
});

test.concurrent('the view of a cashier refund: its amount and payment from the beginning', async () => {
  const request = refunds.cashier('settles-2');
  const id = await refunds.begin(request);
  const view = await refunds.until(id, rests);
  expectPromised(view);
  expect(view).toMatchObject({
    product: 'cashier',
    reference: request.payToId,
    status: 'processing',
    amount: { currency: 'USD', value: 1234 },
    refundId: expect.stringMatching(/^\d{28}$/),
    inquiries: { done: 1, allowed: 19, nextAt: TIME },
  });
});

test.concurrent('a query with any arguments is answered', async () => {
  const id = await refunds.begin(refunds.worldtrade('nobody'));
  await refunds.until(id, rests);
  const handle = refunds.client.workflow.getHandle(`refund:${id}`);
  expect(await handle.query('refund', null, { any: 'thing' })).toMatchObject({ refundRequestId: id });
});
