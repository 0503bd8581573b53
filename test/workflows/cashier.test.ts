import { expect, test } from 'vitest';
import type { CashierRefundRequest } from '../../client/index.js';
import { expectNoDoubleEffects, seenOf, sendsOf } from '../support/books.js';
import { useRefunds } from '../support/environment.js';

const refunds = useRefunds();
expectNoDoubleEffects(refunds);

const bodyOf = (request: CashierRefundRequest) => JSON.parse(sendsOf(refunds, request)[0]?.body ?? '{}');

test.concurrent('a cashier refund that succeeds: the refund request, and the inquiry that finds it settled', async () => {
  const request = refunds.cashier();
  const view = await refunds.run(request);

  expect(view.outcome).toEqual({
    status: 'succeeded',
    confirmedBy: 'inquiry',
    refundRequestId: request.refundRequestId,
    providerRequestId: request.refundRequestId,
    product: 'cashier',
    reference: request.payToId,
    amount: { currency: 'USD', value: 1234 },
    refundId: expect.stringMatching(/^\d{28}$/),
  });
  expect(seenOf(refunds, request)).toEqual({ queries: 0, sends: 1, inquiries: 1, moved: 1 });
  expect(refunds.sandbox.journal.moved(request.payToId)).toMatchObject([
    { id: request.refundRequestId, amount: { currency: 'USD', value: 1234 } },
  ]);
});

test.concurrent('the body has every required field in the order of the page, the details twice', async () => {
  const request = refunds.cashier();
  const view = await refunds.run(request);
  const details =
    '[{"refundMethod":{"paymentMethodType":"WALLET_WF"},"refundToAmount":{"currency":"USD","value":1234},' +
    '"refundAmount":{"currency":"USD","value":1234}}]';
  const body = sendsOf(refunds, request)[0]?.body ?? '';
  expect(body.replace(/"refundRequestTime":"[^"]*"/, '"refundRequestTime":"TIME"')).toBe(
    `{"refundRequestId":"${request.refundRequestId}","payToId":"${request.payToId}","refundToDetails":${details},` +
      `"refundDetails":${details},"refundReason":"défaut 退款","refundRequestTime":"TIME"}`,
  );
  expect(view.status).toBe('succeeded');
});

test.concurrent('payee details in another notation are sent unchanged', async () => {
  const amount = { currency: 'USD', value: 617 };
  const half = {
    refundMethod: { paymentMethodType: 'CARD' },
    refundToAmount: amount,
    refundAmount: amount,
  };
  const request = refunds.cashier('plain', { refundDetails: [half, half] });
  const view = await refunds.run(request);
  expect(view.outcome?.status).toBe('succeeded');
  expect(bodyOf(request)).toMatchObject({
    refundDetails: [half, half],
    refundToDetails: request.refundToDetails,
  });
});

test.concurrent('several details: the amount is their sum, and each is sent', async () => {
  const detail = (type: string, value: number) => ({
    refundMethod: { paymentMethodType: type },
    refundToAmount: { currency: 'EUR', value },
    refundAmount: { currency: 'EUR', value },
  });
  const request = refunds.cashier('plain', {
    refundToDetails: [detail('CARD', 100), detail('WALLET_WF', 23)],
  });
  const view = await refunds.run(request);
  expect(view.outcome).toMatchObject({ status: 'succeeded', amount: { currency: 'EUR', value: 123 } });
  expect(bodyOf(request).refundToDetails).toHaveLength(2);
  expect(refunds.sandbox.journal.moved(request.payToId)).toMatchObject([
    { amount: { currency: 'EUR', value: 123 } },
  ]);
});

test.concurrent('the payer receives another currency than the payee refunds', async () => {
  const [detail] = refunds.cashier().refundToDetails;
  const request = refunds.cashier('plain', {
    refundToDetails: [{ ...detail, refundToAmount: { currency: 'JPY', value: 185100 } } as never],
  });
  const view = await refunds.run(request);
  expect(view.outcome).toMatchObject({ status: 'succeeded', amount: { currency: 'USD', value: 1234 } });
});

test.concurrent("a refund without a request time has the time of its start, in China's time zone", async () => {
  const request = refunds.cashier();
  await refunds.run(request);
  const { startTime } = await refunds.refunds.getHandle(request.refundRequestId).describe();
  const time: string = bodyOf(request).refundRequestTime;
  expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/);
  expect(Date.parse(time)).toBe(Math.floor(startTime.getTime() / 1000) * 1000);
});

test.concurrent('the request time stays that of the start when the refund is sent again hours later', async () => {
  const request = refunds.cashier('nobody');
  const view = await refunds.run(request);
  const sends = sendsOf(refunds, request);
  expect(sends).toHaveLength(8);
  expect(new Set(sends.map(({ body }) => body)).size).toBe(1);
  const { startTime } = await refunds.refunds.getHandle(request.refundRequestId).describe();
  const hours = (Date.parse(view.attention?.since ?? '') - startTime.getTime()) / 3_600_000;
  expect(hours).toBeGreaterThan(10.5);
  expect(Date.parse(bodyOf(request).refundRequestTime)).toBe(Math.floor(startTime.getTime() / 1000) * 1000);
});

test.concurrent.for(['2022-08-30T02:02:39+08:00', '2022-08-30T02:02:39.123Z', '2022-08-29T13:02:39-05:00'])(
  'the request time %s is sent word for word',
  async (refundRequestTime) => {
    const request = refunds.cashier('plain', { refundRequestTime });
    const view = await refunds.run(request);
    expect(view.outcome?.status).toBe('succeeded');
    expect(bodyOf(request).refundRequestTime).toBe(refundRequestTime);
  },
);

test.concurrent('the refund order is sent unchanged', async () => {
  const refundOrder = { goods: [{ name: '茶', price: 1.5 }], note: null, 'odd key': { deep: [true, 'é'] } };
  const request = refunds.cashier('plain', { refundOrder });
  const view = await refunds.run(request);
  expect(view.outcome?.status).toBe('succeeded');
  expect(sendsOf(refunds, request)[0]?.body).toContain(`"refundOrder":${JSON.stringify(refundOrder)}}`);
});

test.concurrent('a refund that WorldFirst accepts and then declines ends as failed, and no money moves', async () => {
  const request = refunds.cashier('declined');
  const view = await refunds.run(request);
  expect(view.outcome).toMatchObject({
    status: 'failed',
    code: 'FAIL',
    refundId: expect.any(String),
  });
  expect(view.outcome).toHaveProperty('advice', expect.stringContaining('before another refund is started'));
  expect(seenOf(refunds, request)).toEqual({ queries: 0, sends: 1, inquiries: 1, moved: 0 });
});

test.concurrent('an amount above the rest of the payment is refused, and the refund fails', async () => {
  const request = refunds.cashier('total-USD-1000');
  const view = await refunds.run(request);
  expect(view.outcome).toMatchObject({ status: 'failed', code: 'REFUND_AMOUNT_EXCEED' });
  expect(seenOf(refunds, request)).toEqual({ queries: 0, sends: 1, inquiries: 0, moved: 0 });
});

test.concurrent('a refund of half a megabyte succeeds, although its details are sent twice', async () => {
  const amount = { currency: 'USD', value: 1 };
  const line = {
    refundMethod: { paymentMethodType: 'WALLET_WF' },
    refundToAmount: amount,
    refundAmount: amount,
  };
  const refundToDetails = Array.from({ length: 3_500 }, () => line);
  const request = refunds.cashier('unknown-2', { refundToDetails });
  expect(JSON.stringify(request).length).toBeGreaterThan(490_000);
  const view = await refunds.run(request);
  expect(view.outcome?.status).toBe('succeeded');
});
