import { describe, expect, test } from 'vitest';
import type { RefundRequest, RefundView } from '../../client/index.js';
import { expectNoDoubleEffects, referenceOf, seenOf } from '../support/books.js';
import { eventsOf, lastOf, rests, usePatientRefunds } from '../support/patient.js';

const refunds = usePatientRefunds();
expectNoDoubleEffects(refunds);

const NOTE = { by: 'Ana', reason: 'the customer called' };

async function notify(
  request: RefundRequest,
  isRefund: 'Y' | 'N',
  more: object = {},
  concerns?: 'another',
): Promise<void> {
  const content = { requestId: 'create-1', tradeId: referenceOf(request), isRefund, ...more };
  const notification = refunds.sandbox.signedNotification(content);
  await refunds.client.workflow
    .getHandle(`refund:${request.refundRequestId}`)
    .signal('notification', { ...notification, ...(concerns && { concerns }) });
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

  test.concurrent('a refund that WorldFirst accepted', async () => {
    const request = refunds.worldtrade('never-settles');
    const id = await begunUntilItRests(request);
    await notify(request, 'Y');
    expect(await refunds.refunds.result(id)).toMatchObject({
      status: 'succeeded',
      confirmedBy: 'notification',
    });
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, moved: 1 });
  });

  test.concurrent('a refund that needs an operator', async () => {
    const request = refunds.worldtrade('unknown-7');
    const id = await begunUntilItRests(request);
    await refunds.refunds.escalate(id, NOTE);
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

  test.concurrent('a refund during an inquiry: it is not sent again', async () => {
    const request = refunds.worldtrade('unknown-7');
    const id = await begunUntilItRests(request);
    const hold = refunds.sandbox.hold({ api: 'inquireRefund', id }, 'before');
    await refunds.refunds.getHandle(id).signal('checkNow', NOTE);
    await hold.arrived;
    await notify(request, 'Y');
    hold.release();
    expect(await refunds.refunds.result(id)).toMatchObject({
      status: 'succeeded',
      confirmedBy: 'notification',
    });
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 1, moved: 1 });
  });

  test.concurrent('not a refund with an answer that does not match: it still needs an operator', async () => {
    const request = refunds.worldtrade('wrong-id-after');
    const id = await begunUntilItRests(request);
    expect((await refunds.refunds.describe(id)).attention).toMatchObject({ reason: 'answer-does-not-match' });
    await notify(request, 'Y');
    const view = await refunds.until(id, heard('notification'));
    expect(view.attention).toMatchObject({ reason: 'answer-does-not-match' });
    expect(view.outcome).toBeUndefined();
  });
});

describe('closed with a refund (Y) that cannot be this one', () => {
  test.concurrent('before it was sent: it needs an operator, and nothing is sent', async () => {
    const request = refunds.worldtrade('query-badgateway-always');
    const id = await refunds.begin(request);
    await refunds.refunds.describe(id);
    await notify(request, 'Y');
    const view = await refunds.until(id, rests);
    expect(view.attention).toMatchObject({ reason: 'refunded-elsewhere' });
    expect(seenOf(refunds, request)).toMatchObject({ sends: 0, moved: 0 });
  });

  test.concurrent('after it was refused, and inquired again: nothing is sent', async () => {
    const request = refunds.worldtrade('refused-once-PROCESS_FAIL');
    const id = await begunUntilItRests(request);
    await notify(request, 'Y');
    await refunds.until(id, ({ attention }) => attention?.reason === 'refunded-elsewhere');
    await refunds.refunds.decide(id, { decision: 'inquire-again', ...NOTE });
    await refunds.skipper.resume(`refund:${id}`);
    const { attention, inquiries } = await refunds.refunds.waitUntilIdle(id);
    expect(attention).toMatchObject({ reason: 'refunded-elsewhere' });
    expect(inquiries.done).toBe(7);
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 7, moved: 0 });
  });

  test.concurrent('after it was sent, and it was another refund: an inquiry is not followed by a repeat', async () => {
    const request = refunds.worldtrade('nobody');
    const id = await begunUntilItRests(request);
    const { sends } = seenOf(refunds, request);
    await notify(request, 'Y', {}, 'another');
    await refunds.until(id, ({ attention }) => attention?.reason === 'refunded-elsewhere');
    await refunds.refunds.decide(id, { decision: 'inquire-again', ...NOTE });
    await refunds.skipper.resume(`refund:${id}`);
    const { attention } = await refunds.refunds.waitUntilIdle(id);
    expect(attention).toMatchObject({ reason: 'unknown-after-all-inquiries' });
    expect(attention?.decisions).toEqual(['inquire-again', 'mark-succeeded', 'mark-failed']);
    expect(seenOf(refunds, request)).toMatchObject({ sends, moved: 0 });
  });

  test.concurrent('after it was refused: it is not a success', async () => {
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
    ['that WorldFirst accepted', 'never-settles'],
    ['whose submission is unknown', 'nobody'],
  ])('asks an operator about a refund %s', async (_which, words) => {
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

  test.concurrent('while it is being sent: it needs an operator after the answer', async () => {
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

  test.concurrent('before it was sent changes nothing: WorldFirst decides whether the order can be refunded', async () => {
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

  test.concurrent('while it needs an operator already: noted, and the reason stays', async () => {
    const request = refunds.worldtrade('nobody');
    const id = await begunUntilItRests(request);
    const { attention } = await refunds.refunds.escalate(id, NOTE);
    await notify(request, 'N');
    const view = await refunds.until(id, heard('notification'));
    expect(view.attention).toEqual(attention);
  });

  test.concurrent('and later with one (Y): the later notification confirms it', async () => {
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

describe('a notification for another refund is noted and dropped', () => {
  test.concurrent.each(['Y', 'N'] as const)('another trade’s (%s)', async (isRefund) => {
    const request = refunds.worldtrade('never-settles');
    const id = await begunUntilItRests(request);
    await notify(request, isRefund, { tradeId: 'trade-of-somebody-else' });
    const view = await refunds.until(id, heard('message-dropped'));
    expect(view).toMatchObject({ status: 'processing', inquiries: { nextAt: expect.any(String) } });
    expect(lastOf(view, 'message-dropped')?.text).toContain('another order');
  });

  test.concurrent('a notification does not confirm a cashier refund, even with the same id', async () => {
    const request = refunds.cashier('never-settles');
    const id = await begunUntilItRests(request);
    await notify(request, 'Y');
    const view = await refunds.until(id, heard('message-dropped'));
    expect(view).toMatchObject({ status: 'processing' });
    expect(view.outcome).toBeUndefined();
  });
});

test.concurrent('repeats of the notification N ask an operator once', async () => {
  const request = refunds.worldtrade('never-settles');
  const id = await begunUntilItRests(request);
  for (let copy = 0; copy < 3; copy += 1) await notify(request, 'N');
  const view = await refunds.until(
    id,
    (now) => eventsOf(now).filter((each) => each === 'notification').length === 3,
  );
  expect(eventsOf(view).filter((each) => each === 'attention')).toHaveLength(1);
});

test.concurrent('a notification with new fields is not dropped', async () => {
  const request = refunds.worldtrade('never-settles');
  const id = await begunUntilItRests(request);
  await notify(request, 'Y', { closedAt: '2026-01-01T00:00:00+08:00', more: { of: ['it'] } });
  expect(await refunds.refunds.result(id)).toMatchObject({
    status: 'succeeded',
    confirmedBy: 'notification',
  });
});

test.concurrent('a refund with awaitClosureNotification stays processing until the notification confirms it', async () => {
  const request = refunds.worldtrade('unlisted');
  const id = await refunds.begin(request, { awaitClosureNotification: true });
  await refunds.until(id, rests);
  for (const done of [2, 3]) {
    const view = await refunds.refunds.checkNow(id, NOTE);
    expect(view).toMatchObject({ status: 'processing', inquiries: { done } });
  }
  await notify(request, 'Y');
  expect(await refunds.refunds.result(id)).toMatchObject({
    status: 'succeeded',
    confirmedBy: 'notification',
  });
});
