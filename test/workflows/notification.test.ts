import { describe, expect, test } from 'vitest';
import type { RefundRequest, RefundView } from '../../client/index.js';
import { keepTheBooks, referenceOf, seenOf } from '../support/books.js';
import { eventsOf, lastOf, rests, usePatientRefunds } from '../support/patient.js';

const refunds = usePatientRefunds();
keepTheBooks(refunds);

const REMARK = { by: 'Ana', reason: 'the customer called' };

async function notify(request: RefundRequest, isRefund: 'Y' | 'N', more: object = {}): Promise<void> {
  const content = { requestId: 'create-1', tradeId: referenceOf(request), isRefund, ...more };
  const notification = refunds.sandbox.signedNotification(content);
  await refunds.client.workflow
    .getHandle(`refund:${request.refundRequestId}`)
    .signal('notification', notification);
}

async function begunUntilItRests(request: RefundRequest): Promise<string> {
  const id = await refunds.begin(request);
  await refunds.until(id, rests);
  return id;
}

const heard = (event: string) => (view: RefundView) => eventsOf(view).includes(event);

describe('closed with a refund (Y) confirms', () => {
  test.concurrent('a refund whose submission is unknown', async () => {
    const request = refunds.worldtrade('unknown-7');
    const id = await begunUntilItRests(request);
    await notify(request, 'Y');
    expect(await refunds.refunds.result(id)).toMatchObject({
      status: 'succeeded',
      confirmedBy: 'notification',
    });
    expect(seenOf(refunds, request)).toEqual({ queries: 1, sends: 1, inquiries: 0, moved: 1 });
  });

  test.concurrent('a refund that WorldFirst took', async () => {
    const request = refunds.worldtrade('never-settles');
    const id = await begunUntilItRests(request);
    await notify(request, 'Y');
    expect(await refunds.refunds.result(id)).toMatchObject({
      status: 'succeeded',
      confirmedBy: 'notification',
    });
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, moved: 1 });
  });

  test.concurrent('a refund that a person is asked about', async () => {
    const request = refunds.worldtrade('unknown-7');
    const id = await begunUntilItRests(request);
    await refunds.refunds.escalate(id, REMARK);
    await notify(request, 'Y');
    const outcome = await refunds.refunds.result(id);
    expect(outcome).toMatchObject({ status: 'succeeded', confirmedBy: 'notification' });
    const view = await refunds.refunds.describe(id);
    expect(view.attention).toBeUndefined();
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, moved: 1 });
  });

  test.concurrent.each(['before', 'after'] as const)(
    'a refund that is being sent, %s its effect: once the answer is in',
    async (phase) => {
      const request = refunds.worldtrade('plain');
      const id = request.refundRequestId;
      const hold = refunds.sandbox.hold({ api: 'applyRefund', id }, phase);
      await refunds.begin(request);
      await hold.arrived;
      await notify(request, 'Y');
      expect((await refunds.refunds.describe(id)).status).toBe('applying');
      hold.release();
      expect(await refunds.refunds.result(id)).toMatchObject({
        status: 'succeeded',
        confirmedBy: 'notification',
        refundOrderId: expect.any(String),
      });
      expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 0, moved: 1 });
    },
  );

  test.concurrent('a refund that is being inquired about: it is not sent again', async () => {
    const request = refunds.worldtrade('unknown-7');
    const id = await begunUntilItRests(request);
    const hold = refunds.sandbox.hold({ api: 'inquireRefund', id }, 'before');
    await refunds.refunds.getHandle(id).signal('checkNow', REMARK);
    await hold.arrived;
    await notify(request, 'Y');
    hold.release();
    expect(await refunds.refunds.result(id)).toMatchObject({
      status: 'succeeded',
      confirmedBy: 'notification',
    });
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 1, moved: 1 });
  });

  test.concurrent('but not an answer that does not match: that stays a person’s case', async () => {
    const request = refunds.worldtrade('wrong-id-after');
    const id = await begunUntilItRests(request);
    expect((await refunds.refunds.describe(id)).attention).toMatchObject({ reason: 'answer-does-not-match' });
    await notify(request, 'Y');
    const view = await refunds.until(id, heard('notification'));
    expect(view.attention).toMatchObject({ reason: 'answer-does-not-match' });
    expect(view.outcome).toBeUndefined();
  });
});

describe('closed with a refund (Y), and ours cannot be it', () => {
  test.concurrent('before it was sent: a person is asked, and nothing is sent', async () => {
    const request = refunds.worldtrade('query-badgateway-always');
    const id = await refunds.begin(request);
    await refunds.refunds.describe(id);
    await notify(request, 'Y');
    const view = await refunds.until(id, rests);
    expect(view.attention).toMatchObject({ reason: 'refunded-elsewhere' });
    expect(seenOf(refunds, request)).toMatchObject({ sends: 0, moved: 0 });
  });

  test.concurrent('after it was refused: nobody takes it for a success', async () => {
    const request = refunds.worldtrade('refused-PROCESS_FAIL');
    const id = await begunUntilItRests(request);
    await notify(request, 'Y');
    const view = await refunds.until(id, heard('notification'));
    expect(view.outcome).toBeUndefined();
    expect(view.attention).toMatchObject({ reason: 'refunded-elsewhere' });
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, moved: 0 });
  });
});

describe('closed without a refund (N)', () => {
  test.concurrent.each([
    ['that WorldFirst took', 'never-settles'],
    ['whose submission is unknown', 'nobody'],
  ])('asks a person about a refund %s', async (_which, words) => {
    const request = refunds.worldtrade(words);
    const id = await begunUntilItRests(request);
    await notify(request, 'N');
    const view = await refunds.until(id, ({ attention }) => attention !== undefined);
    expect(view.attention).toMatchObject({ reason: 'closed-without-refund' });
    expect(view.attention?.decisions).not.toContain('send-with-new-id');
    await refunds.skipper.resume(`refund:${id}`);
    await refunds.skipper.settled(`refund:${id}`);
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1 });
  });

  test.concurrent('while it is being sent: a person is asked once the answer is in', async () => {
    const request = refunds.worldtrade('plain');
    const id = request.refundRequestId;
    const hold = refunds.sandbox.hold({ api: 'applyRefund', id }, 'after');
    await refunds.begin(request);
    await hold.arrived;
    await notify(request, 'N');
    hold.release();
    const view = await refunds.until(id, rests);
    expect(view.attention).toMatchObject({ reason: 'closed-without-refund' });
    expect(view.lastAnswer).toMatchObject({ step: 'send', kind: 'accepted' });
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 0, moved: 1 });
  });

  test.concurrent('before it was sent changes nothing: WorldFirst will say whether it can be refunded', async () => {
    const request = refunds.worldtrade('plain');
    const hold = refunds.sandbox.hold({ api: 'queryTradeOrder', id: request.tradeId }, 'before');
    const id = await refunds.begin(request);
    await hold.arrived;
    await notify(request, 'N');
    hold.release();
    expect(await refunds.refunds.result(id)).toMatchObject({ status: 'succeeded', confirmedBy: 'inquiry' });
    expect(eventsOf(await refunds.refunds.describe(id))).toContain('notification');
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, moved: 1 });
  });

  test.concurrent('while a person is asked already: noted, and the reason stays', async () => {
    const request = refunds.worldtrade('nobody');
    const id = await begunUntilItRests(request);
    const { attention } = await refunds.refunds.escalate(id, REMARK);
    await notify(request, 'N');
    const view = await refunds.until(id, heard('notification'));
    expect(view.attention).toEqual(attention);
  });

  test.concurrent('and then with one, after all: the last word confirms it', async () => {
    const request = refunds.worldtrade('never-settles');
    const id = await begunUntilItRests(request);
    await notify(request, 'N');
    await refunds.until(id, ({ attention }) => attention !== undefined);
    await notify(request, 'Y');
    expect(await refunds.refunds.result(id)).toMatchObject({
      status: 'succeeded',
      confirmedBy: 'notification',
    });
  });
});

describe('a notification that is not for this refund is noted, and dropped', () => {
  test.concurrent.each(['Y', 'N'] as const)('another trade’s (%s)', async (isRefund) => {
    const request = refunds.worldtrade('never-settles');
    const id = await begunUntilItRests(request);
    await notify(request, isRefund, { tradeId: 'trade-of-somebody-else' });
    const view = await refunds.until(id, heard('message-dropped'));
    expect(view).toMatchObject({ status: 'processing', inquiries: { nextAt: expect.any(String) } });
    expect(lastOf(view, 'message-dropped')?.text).toContain('another order');
  });

  test.concurrent('a cashier refund has no order, even where the ids are the same', async () => {
    const request = refunds.cashier('never-settles');
    const id = await begunUntilItRests(request);
    await notify(request, 'Y');
    const view = await refunds.until(id, heard('message-dropped'));
    expect(view).toMatchObject({ status: 'processing' });
    expect(view.outcome).toBeUndefined();
  });
});

test.concurrent('WorldFirst resends: every copy of N asks the same person once', async () => {
  const request = refunds.worldtrade('never-settles');
  const id = await begunUntilItRests(request);
  for (let copy = 0; copy < 3; copy += 1) await notify(request, 'N');
  const view = await refunds.until(
    id,
    (now) => eventsOf(now).filter((each) => each === 'notification').length === 3,
  );
  expect(eventsOf(view).filter((each) => each === 'attention')).toHaveLength(1);
});

test.concurrent('fields that WorldFirst may add are no reason to drop it', async () => {
  const request = refunds.worldtrade('never-settles');
  const id = await begunUntilItRests(request);
  await notify(request, 'Y', { closedAt: '2026-01-01T00:00:00+08:00', more: { of: ['it'] } });
  expect(await refunds.refunds.result(id)).toMatchObject({
    status: 'succeeded',
    confirmedBy: 'notification',
  });
});

test.concurrent('the wait for the closure: no confirmation to be had otherwise', async () => {
  const request = refunds.worldtrade('unlisted');
  const id = await refunds.begin(request, { awaitClosureNotification: true });
  await refunds.until(id, rests);
  for (const done of [2, 3]) {
    const view = await refunds.refunds.checkNow(id, REMARK);
    expect(view).toMatchObject({ status: 'processing', inquiries: { done } });
  }
  await notify(request, 'Y');
  expect(await refunds.refunds.result(id)).toMatchObject({
    status: 'succeeded',
    confirmedBy: 'notification',
  });
});
