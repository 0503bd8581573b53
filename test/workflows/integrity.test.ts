import { describe, expect, test } from 'vitest';
import type { JsonObject, RefundRequest } from '../../client/index.js';
import { expectNoDoubleEffects, requestOf, seenOf, sendingApiOf } from '../support/books.js';
import { useRefunds } from '../support/environment.js';

const refunds = useRefunds();
expectNoDoubleEffects(refunds);

const SUCCESS = { resultCode: 'SUCCESS', resultStatus: 'S', resultMessage: 'success.' };
const usd = (value: number | string, currency = 'USD') => ({ currency, value });

/** Runs a refund whose sending was carried out and answered like this. */
async function answeredToSending(request: RefundRequest, answer: JsonObject) {
  const where = { api: sendingApiOf(request), id: request.refundRequestId };
  refunds.sandbox.when(where, { answer: { result: SUCCESS, ...answer }, phase: 'after' });
  return refunds.run(request);
}

async function answeredToInquiry(request: RefundRequest, refundInformation: JsonObject[]) {
  const where = { api: 'inquireRefund', id: request.refundRequestId } as const;
  refunds.sandbox.when(where, { answer: { result: SUCCESS, refundInformation }, phase: 'after' });
  return refunds.run(request);
}

describe('the answer to a WorldTrade refund request', () => {
  test.concurrent.for(['of-another-payment', '0'])(
    'with another payment (%s) needs an operator',
    async (paymentOrderId) => {
      const request = refunds.worldtrade();
      const { attention, outcome } = await answeredToSending(request, {
        refundOrderId: 'r-1',
        paymentOrderId,
      });
      expect(outcome).toBeUndefined();
      expect(attention?.reason).toBe('answer-does-not-match');
      expect(attention?.explanation).toContain(`paymentOrderId is ${paymentOrderId}`);
      expect(attention?.decisions).not.toContain('send-with-new-id');
      expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 0, moved: 1 });
    },
  );

  test.concurrent('without a payment does not contradict the request, so the inquiry decides', async () => {
    const request = refunds.worldtrade();
    const view = await answeredToSending(request, {});
    expect(view.outcome).toMatchObject({ status: 'succeeded', confirmedBy: 'inquiry' });
  });
});

describe('the answer to a cashier refund request', () => {
  const detail = (refundToAmount: JsonObject, refundAmount = refundToAmount) => ({
    refundMethod: { paymentMethodType: 'WALLET_WF' },
    refundToAmount,
    refundAmount,
  });

  test.concurrent.for<[string, JsonObject]>([
    ['payToId', { payToId: 'another' }],
    ['refundRequestId', { refundRequestId: 'another' }],
    ['refundAmount', { refundToDetails: [detail(usd('1234'), usd('1235'))] }],
    ['refundToAmount', { refundToDetails: [detail(usd('1'), usd('1234'))] }],
    ['refundAmount', { refundToDetails: [detail(usd('1234', 'EUR'))] }],
    ['refundAmount', { refundToDetails: [detail(usd('1234')), detail(usd('1234'))] }],
    ['cannot be read', { refundToDetails: [detail(usd('12.34'))] }],
    ['cannot be read', { refundToDetails: [detail(usd('99999999999999999'))] }],
  ])('with another %s %j needs an operator', async ([field, answer]) => {
    const request = refunds.cashier();
    const { attention, outcome } = await answeredToSending(request, answer);
    expect(outcome).toBeUndefined();
    expect(attention?.reason).toBe('answer-does-not-match');
    expect(attention?.explanation).toContain(field);
    expect(attention?.decisions).not.toContain('send-with-new-id');
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 0, moved: 1 });
  });

  test.concurrent('with the amount split differently is the same money', async () => {
    const request = refunds.cashier();
    const view = await answeredToSending(request, {
      refundToDetails: [detail(usd('1000')), detail(usd(234))],
    });
    expect(view.outcome).toMatchObject({ status: 'succeeded' });
  });
});

describe.for([
  ['that follows the settlement', ''],
  ['after an unknown result', 'dropped-after'],
] as const)('the answer to an inquiry %s', ([, words]) => {
  test.concurrent.for<[string, JsonObject]>([
    ['amount', { refundAmount: usd('1235') }],
    ['currency', { refundAmount: usd('1234', 'EUR') }],
    ['payToId', { payToId: 'another' }],
    ['request id', { refundRequestId: 'another' }],
    ['amount that cannot be read', { refundAmount: usd('-1') }],
  ])('has another %s: never a success', async ([, change]) => {
    const request = refunds.cashier(words);
    const { refundRequestId, payToId } = request;
    const entry = { refundRequestId, payToId, refundAmount: usd('1234'), refundStatus: 'SUCCESS' };
    const { attention, outcome } = await answeredToInquiry(request, [{ ...entry, ...change }]);
    expect(outcome).toBeUndefined();
    expect(attention?.reason).toBe('answer-does-not-match');
    expect(attention?.explanation).toContain(
      String(Object.keys(change)[0] === 'refundRequestId' ? 'other refunds' : Object.keys(change)[0]),
    );
    expect(attention?.decisions).not.toContain('send-with-new-id');
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 1, moved: 1 });
  });

  test.concurrent('with the refund twice is never a success', async () => {
    const request = refunds.cashier(words);
    const { refundRequestId } = request;
    const { attention } = await answeredToInquiry(request, [
      { refundRequestId, refundStatus: 'SUCCESS' },
      { refundRequestId, refundStatus: 'FAIL' },
    ]);
    expect(attention?.reason).toBe('answer-does-not-match');
  });

  test.concurrent('with other refunds too: only ours counts', async () => {
    const request = refunds.cashier(words);
    const { refundRequestId } = request;
    const view = await answeredToInquiry(request, [
      { refundRequestId: 'another', refundStatus: 'FAIL', refundAmount: usd('1') },
      { refundRequestId, refundStatus: 'SUCCESS', refundAmount: usd(1234) },
    ]);
    expect(view.outcome).toMatchObject({ status: 'succeeded' });
  });
});

test.concurrent('an inquiry with another refundId than in the acceptance', async () => {
  const request = refunds.cashier();
  const { refundRequestId } = request;
  const { attention } = await answeredToInquiry(request, [
    { refundRequestId, refundId: 'another', refundStatus: 'SUCCESS' },
  ]);
  expect(attention?.reason).toBe('answer-does-not-match');
  expect(attention?.explanation).toContain('refundId is another');
});

test.concurrent('an inquiry with another amount than the total of the WorldTrade order', async () => {
  const request = refunds.worldtrade('inquire-wrong-amount');
  const { attention, outcome } = await refunds.run(request);
  expect(outcome).toBeUndefined();
  expect(attention?.reason).toBe('answer-does-not-match');
  expect(attention?.explanation).toMatch(/USD 100\.01.*USD 100\.00/);
  expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 1, moved: 1 });
});

test.concurrent.for([
  ['worldtrade', 'wrong-id-after'],
  ['worldtrade', 'inquire-wrong-id'],
  ['cashier', 'wrong-id-after'],
  ['cashier', 'wrong-amount-after'],
  ['cashier', 'inquire-wrong-id'],
  ['cashier', 'inquire-wrong-amount'],
] as const)(
  '%s, %s: the answer does not match, and the refund needs an operator',
  async ([product, words]) => {
    const request = requestOf(refunds, product, words);
    const { attention, outcome } = await refunds.run(request);
    expect(outcome).toBeUndefined();
    expect(attention?.reason).toBe('answer-does-not-match');
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, moved: 1 });
  },
);

test.concurrent('an order that answers with the ids of another: nothing is sent', async () => {
  const request = refunds.worldtrade('query-wrong-id');
  const { attention } = await refunds.run(request);
  expect(attention?.reason).toBe('answer-does-not-match');
  expect(attention?.explanation).toContain('tradeId');
  expect(seenOf(refunds, request)).toEqual({ queries: 1, sends: 0, inquiries: 0, moved: 0 });
});

test.concurrent('after a temporary refusal the inquiry shows another refund under the id: a new id is not possible', async () => {
  const request = refunds.worldtrade();
  const { refundRequestId } = request;
  refunds.sandbox.when(
    { api: 'applyRefund', id: refundRequestId },
    { code: 'REFUND_FAILED_TRY_AGAIN_LATER', phase: 'before' },
  );
  const { attention } = await answeredToInquiry(request, [
    { refundRequestId, refundAmount: usd('1'), refundStatus: 'SUCCESS' },
  ]);
  expect(attention?.reason).toBe('answer-does-not-match');
  expect(attention?.decisions).not.toContain('send-with-new-id');
  expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 1, moved: 0 });
});
