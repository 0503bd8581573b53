import { describe, expect, test } from 'vitest';
import { expectNoDoubleEffects, requestOf, seenOf, waitsOf } from '../support/books.js';
import { useRefunds } from '../support/environment.js';

const refunds = useRefunds();
expectNoDoubleEffects(refunds);

const PRODUCTS = ['worldtrade', 'cashier'] as const;

describe.for(PRODUCTS)('%s: WorldFirst accepted the refund', (product) => {
  test.concurrent('and settles it by the fourth inquiry', async () => {
    const request = requestOf(refunds, product, 'settles-4');
    const view = await refunds.run(request);
    expect(view.outcome).toMatchObject({ status: 'succeeded', confirmedBy: 'inquiry' });
    expect(view.inquiries).toEqual({ done: 4, allowed: 19 });
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 4, moved: 1 });
  });

  test.concurrent('and settles it at the very last inquiry', async () => {
    const request = requestOf(refunds, product, 'settles-19');
    const view = await refunds.run(request);
    expect(view.outcome).toMatchObject({ status: 'succeeded' });
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 19, moved: 1 });
  });

  test.concurrent('and never settles it: it needs an operator, and nothing is sent again', async () => {
    const request = requestOf(refunds, product, 'never-settles');
    const view = await refunds.run(request);
    expect(view.attention?.reason).toBe('settlement-overdue');
    expect(view.attention?.decisions).not.toContain('send-with-new-id');
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 19, moved: 1 });
  });

  test.concurrent('and later declines it: failed', async () => {
    const request = requestOf(refunds, product, 'declined-settles-3');
    const view = await refunds.run(request);
    expect(view.outcome).toMatchObject({ status: 'failed', code: 'FAIL' });
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 3, moved: 0 });
  });

  test.concurrent('and one inquiry has no answer: the next one finds the result', async () => {
    const request = requestOf(refunds, product, 'settles-2-inquire-dropped');
    const view = await refunds.run(request);
    expect(view.outcome).toMatchObject({ status: 'succeeded' });
    expect(view.inquiries.done).toBe(2);
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 2, moved: 1 });
  });

  test.concurrent('and refuses the inquiries because of the configuration: after the fix it continues', async () => {
    const request = requestOf(refunds, product, 'inquire-once-ACCESS_DENIED');
    const { attention } = await refunds.run(request);
    expect(attention?.reason).toBe('configuration');
    expect(attention?.decisions).not.toContain('send-with-new-id');
    await refunds.refunds.decide(request.refundRequestId, {
      decision: 'inquire-again',
      by: 'Ana',
      reason: 'mended',
    });
    const view = await refunds.refunds.waitUntilIdle(request.refundRequestId);
    expect(view.outcome).toMatchObject({ status: 'succeeded' });
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 2, moved: 1 });
  });

  test.concurrent('after an unknown result an inquiry finds the refund processing: settlement inquiries follow', async () => {
    const request = requestOf(refunds, product, 'unknown-1-settles-3');
    const view = await refunds.run(request);
    expect(view.outcome).toMatchObject({ status: 'succeeded' });
    expect(waitsOf(view)).toEqual([
      'inquiry 1 of 7 in 5 min: the result is unknown',
      'settlement inquiry 2 of 19 in 5 min: WorldFirst accepted the refund, which is not settled yet',
      'settlement inquiry 3 of 19 in 10 min: WorldFirst accepted the refund, which is not settled yet',
    ]);
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 3, moved: 1 });
  });

  test.concurrent('inquire-again for an overdue settlement inquires immediately', async () => {
    const request = requestOf(refunds, product, 'settles-3');
    const { attention } = await refunds.run(request, { settlementIntervals: ['0s', '1h'] });
    expect(attention?.reason).toBe('settlement-overdue');
    await refunds.refunds.decide(request.refundRequestId, {
      decision: 'inquire-again',
      by: 'Ana',
      reason: 'the payee asks',
    });
    const view = await refunds.refunds.waitUntilIdle(request.refundRequestId);
    expect(view.outcome).toMatchObject({ status: 'succeeded' });
    expect(waitsOf(view)).toHaveLength(1);
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 3, moved: 1 });
  });
});

describe('WorldFirst accepted the refund, and inquiries do not find it', () => {
  test.concurrent('WorldTrade, twice in a row: it ends as accepted', async () => {
    const request = refunds.worldtrade('unlisted');
    const view = await refunds.run(request);
    expect(view.outcome).toEqual({
      status: 'accepted',
      refundRequestId: request.refundRequestId,
      providerRequestId: request.refundRequestId,
      product: 'worldtrade',
      reference: request.tradeId,
      amount: { currency: 'USD', value: 10000 },
      refundOrderId: expect.any(String),
      paymentOrderId: expect.any(String),
    });
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 2, moved: 1 });
  });

  test.concurrent('WorldTrade, with an inquiry without an answer in between: only two in a row count', async () => {
    const request = refunds.worldtrade('unlisted');
    const where = { api: 'inquireRefund', id: request.refundRequestId } as const;
    refunds.sandbox.when(where, { code: 'REFUND_ORDER_NOT_EXIST', phase: 'before' });
    refunds.sandbox.when(where, { fault: 'badgateway', phase: 'before' });
    const view = await refunds.run(request);
    expect(view.outcome).toMatchObject({ status: 'accepted' });
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 4, moved: 1 });
  });

  test.concurrent('WorldTrade, only the first inquiry: the second one finds it', async () => {
    const request = refunds.worldtrade('inquire-once-REFUND_ORDER_NOT_EXIST');
    const view = await refunds.run(request);
    expect(view.outcome).toMatchObject({ status: 'succeeded', confirmedBy: 'inquiry' });
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 2, moved: 1 });
  });

  test.concurrent('WorldTrade, with awaitClosureNotification: all intervals, then it needs an operator', async () => {
    const request = refunds.worldtrade('unlisted');
    const view = await refunds.run(request, { awaitClosureNotification: true });
    expect(view.attention?.reason).toBe('settlement-overdue');
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 19, moved: 1 });
  });

  test.concurrent('WorldTrade, after an unknown result: only inquiries after the acceptance count', async () => {
    const request = refunds.worldtrade('unlisted-dropped-before');
    const view = await refunds.run(request);
    expect(view.outcome).toMatchObject({ status: 'accepted' });
    expect(seenOf(refunds, request)).toMatchObject({ sends: 2, inquiries: 3, moved: 1 });
  });

  test.concurrent('cashier: all intervals, then it needs an operator', async () => {
    const request = refunds.cashier('unlisted');
    const view = await refunds.run(request);
    expect(view.attention?.reason).toBe('settlement-overdue');
    expect(view.outcome).toBeUndefined();
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 19, moved: 1 });
  });
});

// The table of all statuses is in test/activities/activities.test.ts.
describe('statuses of a refund', () => {
  const SUCCESS = { resultCode: 'SUCCESS', resultStatus: 'S', resultMessage: 'success.' };

  test.concurrent.for(['FAILED'])('%s: failed', async (refundStatus) => {
    const request = refunds.cashier('declined');
    const refundInformation = [{ refundRequestId: request.refundRequestId, refundStatus }];
    refunds.sandbox.when(
      { api: 'inquireRefund', id: request.refundRequestId },
      { answer: { result: SUCCESS, refundInformation }, phase: 'after' },
    );
    const view = await refunds.run(request);
    expect(view.outcome).toMatchObject({ status: 'failed', code: refundStatus });
    expect(view.outcome).toHaveProperty('message', expect.stringContaining(refundStatus));
  });

  test.concurrent.for(['PENDING', 'SOMETHING_NEW', undefined])('%s: not yet', async (refundStatus) => {
    const request = refunds.cashier();
    const refundInformation = [
      { refundRequestId: request.refundRequestId, ...(refundStatus !== undefined && { refundStatus }) },
    ];
    refunds.sandbox.when(
      { api: 'inquireRefund', id: request.refundRequestId },
      { answer: { result: SUCCESS, refundInformation }, phase: 'after' },
    );
    const view = await refunds.run(request);
    expect(waitsOf(view)).toEqual([
      'settlement inquiry 2 of 19 in 5 min: WorldFirst accepted the refund, which is not settled yet',
    ]);
    expect(view.outcome).toMatchObject({ status: 'succeeded' });
  });
});
