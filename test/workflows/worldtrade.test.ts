import { expect, test } from 'vitest';
import type { JsonObject } from '../../client/index.js';
import { expectNoDoubleEffects, seenOf, sendsOf } from '../support/books.js';
import { useRefunds } from '../support/environment.js';

const refunds = useRefunds();
expectNoDoubleEffects(refunds);

const NOTHING_SENT = { sends: 0, inquiries: 0, moved: 0 };

test.concurrent('a WorldTrade refund that succeeds: the query of the order, the refund with its total, the settlement', async () => {
  const request = refunds.worldtrade('total-JPY-5000', { remark: 'défaut 退款' });
  const view = await refunds.run(request);

  const paymentOrderId = expect.stringMatching(/^\d{28}$/);
  expect(view.outcome).toEqual({
    status: 'succeeded',
    confirmedBy: 'inquiry',
    refundRequestId: request.refundRequestId,
    providerRequestId: request.refundRequestId,
    product: 'worldtrade',
    reference: request.tradeId,
    amount: { currency: 'JPY', value: 5000 },
    paymentOrderId,
    refundOrderId: expect.stringMatching(/^\d{28}$/),
    refundId: expect.stringMatching(/^\d{28}$/),
  });
  expect(seenOf(refunds, request)).toEqual({ queries: 1, sends: 1, inquiries: 1, moved: 1 });
  expect(refunds.sandbox.journal.moved(request.tradeId)).toMatchObject([
    { id: request.refundRequestId, amount: { currency: 'JPY', value: 5000 } },
  ]);
  expect(sendsOf(refunds, request)[0]?.body).toBe(
    `{"requestId":"${request.refundRequestId}","tradeId":"${request.tradeId}",` +
      `"paymentOrderId":"${view.paymentOrderId}","refundAmount":{"currency":"JPY","value":5000},"remark":"défaut 退款"}`,
  );
});

test.concurrent('the workflow returns the outcome that the view shows', async () => {
  const request = refunds.worldtrade();
  const view = await refunds.run(request);
  expect(await refunds.refunds.result(request.refundRequestId)).toEqual(view.outcome);
  expect(view).toMatchObject({ status: 'succeeded', inquiries: { done: 1 } });
  expect(view.attention).toBeUndefined();
});

test.concurrent('a refund without a remark has none in its body', async () => {
  const request = refunds.worldtrade();
  await refunds.run(request);
  expect(Object.keys(JSON.parse(sendsOf(refunds, request)[0]?.body ?? ''))).toEqual([
    'requestId',
    'tradeId',
    'paymentOrderId',
    'refundAmount',
  ]);
});

test.concurrent('an empty remark is sent unchanged', async () => {
  const request = refunds.worldtrade('', { remark: '' });
  await refunds.run(request);
  expect(JSON.parse(sendsOf(refunds, request)[0]?.body ?? '')).toMatchObject({ remark: '' });
});

test.concurrent('an order with two payments, and the request names the second', async () => {
  const request = refunds.worldtrade('phases');
  refunds.sandbox.addFixture({ tradeId: request.tradeId, paymentOrderIds: ['advance-1', 'balance-2'] });
  const view = await refunds.run({ ...request, paymentOrderId: 'balance-2' });
  expect(view.outcome).toMatchObject({ status: 'succeeded', paymentOrderId: 'balance-2' });
  expect(JSON.parse(sendsOf(refunds, request)[0]?.body ?? '')).toMatchObject({ paymentOrderId: 'balance-2' });
});

test.concurrent('an amount that equals the total of the order is accepted', async () => {
  const request = refunds.worldtrade('total-USD-777', { refundAmount: { currency: 'USD', value: 777 } });
  expect(await refunds.run(request)).toMatchObject({ outcome: { status: 'succeeded' } });
});

test.concurrent('an order with two payments, and the request names none: the refund needs an operator', async () => {
  const request = refunds.worldtrade('phases');
  refunds.sandbox.addFixture({ tradeId: request.tradeId, paymentOrderIds: ['advance-1', 'balance-2'] });
  const { attention } = await refunds.run(request);
  expect(attention?.reason).toBe('several-payments');
  expect(attention?.explanation).toContain('advance-1, balance-2');
  expect(attention?.decisions).toEqual(['send-again', 'cancel', 'mark-failed']);
  expect(seenOf(refunds, request)).toEqual({ queries: 1, ...NOTHING_SENT });
});

test.concurrent('an order without a payment: the refund needs an operator, and continues once the order is paid', async () => {
  const request = refunds.worldtrade('unpaid');
  const { attention } = await refunds.run(request);
  expect(attention?.reason).toBe('no-payment');
  expect(seenOf(refunds, request)).toEqual({ queries: 1, ...NOTHING_SENT });

  refunds.sandbox.addFixture({ tradeId: request.tradeId, paymentOrderIds: ['paid-now'] });
  await refunds.refunds.decide(request.refundRequestId, {
    decision: 'send-again',
    by: 'Ana',
    reason: 'the buyer has paid',
  });
  const view = await refunds.refunds.waitUntilIdle(request.refundRequestId);
  expect(view.outcome).toMatchObject({ status: 'succeeded', paymentOrderId: 'paid-now' });
  expect(seenOf(refunds, request)).toEqual({ queries: 2, sends: 1, inquiries: 1, moved: 1 });
});

test.concurrent('a paymentOrderId that is not in the order: nothing is sent', async () => {
  const request = refunds.worldtrade('plain', { paymentOrderId: 'of-another-order' });
  const { attention } = await refunds.run(request);
  expect(attention?.reason).toBe('answer-does-not-match');
  expect(attention?.explanation).toMatch(/of-another-order.*Nothing was sent, so this refund moved no money/);
  expect(attention?.decisions).not.toContain('send-with-new-id');
  expect(seenOf(refunds, request)).toEqual({ queries: 1, ...NOTHING_SENT });
});

test.concurrent.for([
  { why: 'value', refundAmount: { currency: 'USD', value: 9999 } },
  { why: 'currency', refundAmount: { currency: 'EUR', value: 10000 } },
])('an amount whose $why is not that of the order: nothing is sent', async ({ refundAmount }) => {
  const request = refunds.worldtrade('total-USD-10000', { refundAmount });
  const { attention } = await refunds.run(request);
  expect(attention?.reason).toBe('amount-differs');
  expect(attention?.explanation).toContain('USD 100.00');
  expect(seenOf(refunds, request)).toEqual({ queries: 1, ...NOTHING_SENT });
});

test.concurrent('an order that does not exist: failed, and nothing is sent', async () => {
  const request = refunds.worldtrade('missing');
  const view = await refunds.run(request);
  expect(view.outcome).toMatchObject({ status: 'failed', code: 'ORDER_NOT_EXIST' });
  expect(view.outcome).toHaveProperty('advice', expect.stringMatching(/\w/));
  expect(seenOf(refunds, request)).toEqual({ queries: 1, ...NOTHING_SENT });
});

test.concurrent('a query of the order without an answer is repeated, also a second time', async () => {
  const request = refunds.worldtrade();
  const query = { api: 'queryTradeOrder', id: request.tradeId } as const;
  refunds.sandbox.when(query, { code: 'UNKNOWN_EXCEPTION', status: 'U', phase: 'before' });
  refunds.sandbox.when(query, { fault: 'badgateway', phase: 'before' });
  const view = await refunds.run(request);
  expect(view.outcome).toMatchObject({ status: 'succeeded' });
  expect(seenOf(refunds, request)).toEqual({ queries: 3, sends: 1, inquiries: 1, moved: 1 });
});

test.concurrent.for([
  { code: 'OAUTH_FAIL', reason: 'configuration' },
  { code: 'INVALID_SIGNATURE', reason: 'configuration' },
  { code: 'PROCESS_FAIL', reason: 'refused-needs-person' },
  { code: 'SOMETHING_NEW', reason: 'refused-needs-person' },
])(
  'a query refused with $code: $reason, nothing is sent, and send-again queries the order again',
  async ({ code, reason }) => {
    const request = refunds.worldtrade(`query-once-${code}`);
    const { attention } = await refunds.run(request);
    expect(attention?.reason).toBe(reason);
    expect(attention?.explanation).toContain(code);
    expect(attention?.decisions).not.toContain('send-with-new-id');
    expect(seenOf(refunds, request)).toEqual({ queries: 1, ...NOTHING_SENT });

    await refunds.refunds.decide(request.refundRequestId, {
      decision: 'send-again',
      by: 'Ana',
      reason: 'mended',
    });
    const view = await refunds.refunds.waitUntilIdle(request.refundRequestId);
    expect(view.outcome).toMatchObject({ status: 'succeeded' });
    expect(seenOf(refunds, request)).toEqual({ queries: 2, sends: 1, inquiries: 1, moved: 1 });
  },
);

const SUCCESS = { resultCode: 'SUCCESS', resultStatus: 'S', resultMessage: 'success.' };
const total = { totalAmount: { currency: 'USD', value: '10000' } };

test.concurrent.for<{ what: string; answer: JsonObject }>([
  { what: 'no total', answer: { paymentResultList: [{ paymentOrderId: 'p-1' }] } },
  {
    what: 'a total that is no whole number',
    answer: {
      orderBasicInfo: { totalAmount: { currency: 'USD', value: '99.5' } },
      paymentResultList: [{ paymentOrderId: 'p-1' }],
    },
  },
  {
    what: 'a payment without an id',
    answer: { orderBasicInfo: total, paymentResultList: [{ paymentPhase: 'FULL_PAYMENT' }] },
  },
])('an order with $what needs an operator: nothing is sent', async ({ answer }) => {
  const request = refunds.worldtrade();
  refunds.sandbox.when(
    { api: 'queryTradeOrder', id: request.tradeId },
    { answer: { result: SUCCESS, ...answer }, phase: 'before' },
  );
  const { attention } = await refunds.run(request);
  expect(attention?.reason).toBe('answer-does-not-match');
  expect(attention?.explanation).toContain('cannot be read');
  expect(seenOf(refunds, request)).toEqual({ queries: 1, ...NOTHING_SENT });
});

test.concurrent('an order with another trade id in the answer: nothing is sent', async () => {
  const request = refunds.worldtrade();
  refunds.sandbox.when(
    { api: 'queryTradeOrder', id: request.tradeId },
    {
      answer: {
        result: SUCCESS,
        orderBasicInfo: { ...total, tradeId: 'another-trade' },
        paymentResultList: [{ paymentOrderId: 'p-1' }],
      },
      phase: 'before',
    },
  );
  const { attention } = await refunds.run(request);
  expect(attention?.reason).toBe('answer-does-not-match');
  expect(attention?.explanation).toContain('another-trade');
  expect(seenOf(refunds, request)).toEqual({ queries: 1, ...NOTHING_SENT });
});
