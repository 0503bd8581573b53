import { describe, expect, test } from 'vitest';
import { CheckRefusedError } from '../../client/index.js';
import { expectNoDoubleEffects, seenOf } from '../support/books.js';
import { eventsOf, lastOf, rests, usePatientRefunds } from '../support/patient.js';
import { update } from '../support/raw-messages.js';

const refunds = usePatientRefunds();
expectNoDoubleEffects(refunds);

const NOTE = { by: 'Ana', reason: 'WorldFirst says it is done' };

test.concurrent('the update runs the planned inquiry now, and returns the view after its answer', async () => {
  const request = refunds.worldtrade('unknown-1');
  const id = await refunds.begin(request);
  await refunds.until(id, rests);
  const view = await refunds.refunds.checkNow(id, NOTE);
  expect(view).toMatchObject({
    status: 'succeeded',
    outcome: { confirmedBy: 'inquiry' },
    inquiries: { done: 1, allowed: 7 },
    lastAnswer: { step: 'inquire', kind: 'settled' },
  });
  expect(lastOf(view, 'check-now')).toMatchObject({
    by: 'Ana',
    text: expect.stringContaining(NOTE.reason),
  });
  expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 1, moved: 1 });
});

test.concurrent('a check counts as the planned inquiry: after seven checks the refund needs an operator', async () => {
  const request = refunds.worldtrade('nobody');
  const id = await refunds.begin(request);
  await refunds.until(id, rests);
  for (let done = 1; done <= 6; done += 1) {
    const view = await refunds.refunds.checkNow(id, NOTE);
    expect(view).toMatchObject({ status: 'unknown', inquiries: { done, allowed: 7 } });
    // It did not know the refund, so the identical request was sent again: that answer is in the view too.
    expect(view.lastAnswer).toMatchObject({ step: 'send', kind: 'unknown' });
    expect(view.inquiries.nextAt).toBeDefined();
  }
  const last = await refunds.refunds.checkNow(id, NOTE);
  expect(last.attention).toMatchObject({ reason: 'unknown-after-all-inquiries' });
  expect(last.inquiries).toEqual({ done: 7, allowed: 7 });
  expect(seenOf(refunds, request)).toMatchObject({ sends: 8, inquiries: 7, moved: 0 });
});

test.concurrent('after a check the next wait is the next interval, not the same one again', async () => {
  const id = await refunds.begin(refunds.worldtrade('nobody'));
  await refunds.until(id, rests);
  const view = await refunds.refunds.checkNow(id, NOTE);
  const waited = view.timeline.filter(({ event }) => event === 'wait').at(-1);
  expect(waited?.text).toContain('inquiry 2 of 7 in 10 min');
});

test.concurrent('the signal runs the planned inquiry too', async () => {
  const request = refunds.cashier('settles-2');
  const id = await refunds.begin(request);
  await refunds.until(id, rests);
  await refunds.refunds.getHandle(id).signal('checkNow', NOTE);
  expect(await refunds.refunds.result(id)).toMatchObject({ status: 'succeeded', confirmedBy: 'inquiry' });
  expect((await refunds.refunds.describe(id)).inquiries).toMatchObject({ done: 2, allowed: 19 });
  expect(seenOf(refunds, request)).toMatchObject({ sends: 1, moved: 1 });
});

test.concurrent('several checks at once make one inquiry, and all return its answer', async () => {
  const request = refunds.worldtrade('nobody');
  const id = await refunds.begin(request);
  await refunds.until(id, rests);
  const hold = refunds.sandbox.hold({ api: 'inquireRefund', id }, 'after');
  const checks = ['Ana', 'Ben'].map((by) => update(refunds, id, 'checkNow', { by, reason: 'now' }));
  await hold.arrived;
  hold.release();
  for (const check of await Promise.all(checks)) {
    // Who comes when the inquiry is under way already is told that there is nothing planned.
    if ('view' in check) expect(check.view.inquiries.done).toBe(1);
    else expect(check).toMatchObject({ type: 'CheckNowRefused' });
  }
  expect(seenOf(refunds, request)).toMatchObject({ inquiries: 1 });
});

describe('a check is rejected if no inquiry is planned', () => {
  test.concurrent.each([
    ['it waits for an operator', 'phases'],
    ['the order is being queried', 'query-badgateway-always'],
  ])('%s: the update says so, and the signal is noted', async (_why, words) => {
    const request = refunds.worldtrade(words);
    const id = await refunds.begin(request);
    const before = await refunds.until(id, (view) => rests(view) || words.startsWith('query'));
    await expect(refunds.refunds.checkNow(id, NOTE)).rejects.toThrow(CheckRefusedError);
    expect(await update(refunds, id, 'checkNow', NOTE)).toMatchObject({
      type: 'CheckNowRefused',
      message: expect.stringContaining(before.status),
    });
    expect(eventsOf(await refunds.refunds.describe(id))).not.toContain('check-now');

    await refunds.refunds.getHandle(id).signal('checkNow', NOTE);
    const view = await refunds.until(id, (now) => eventsOf(now).includes('check-now'));
    expect(lastOf(view, 'check-now')).toMatchObject({
      by: 'Ana',
      text: expect.stringContaining('no inquiry was made'),
    });
    expect(seenOf(refunds, request)).toMatchObject({ sends: 0, inquiries: 0 });
  });

  test.concurrent('the refund is being sent', async () => {
    const request = refunds.worldtrade('nobody');
    const id = request.refundRequestId;
    const hold = refunds.sandbox.hold({ api: 'applyRefund', id }, 'before');
    await refunds.begin(request);
    await hold.arrived;
    await expect(refunds.refunds.checkNow(id, NOTE)).rejects.toThrow(CheckRefusedError);
    await refunds.refunds.getHandle(id).signal('checkNow', NOTE);
    hold.release();
    // The check that came too early does not cut the wait short that comes next.
    const view = await refunds.until(id, rests);
    expect(view.inquiries).toMatchObject({ done: 0, nextAt: expect.any(String) });
    await refunds.skipper.settled(`refund:${id}`);
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 0 });
  });

  test.concurrent('an inquiry runs already', async () => {
    const request = refunds.worldtrade('nobody');
    const id = await refunds.begin(request);
    await refunds.until(id, rests);
    const hold = refunds.sandbox.hold({ api: 'inquireRefund', id }, 'before');
    await refunds.refunds.getHandle(id).signal('checkNow', NOTE);
    await hold.arrived;
    await expect(refunds.refunds.checkNow(id, { by: 'Ben', reason: 'now' })).rejects.toThrow(
      CheckRefusedError,
    );
    hold.release();
    expect(await refunds.until(id, rests)).toMatchObject({ inquiries: { done: 1 } });
    expect(seenOf(refunds, request)).toMatchObject({ inquiries: 1 });
  });

  test.concurrent('the refund has ended', async () => {
    const id = await refunds.begin(refunds.worldtrade('plain'));
    await refunds.refunds.result(id);
    await expect(refunds.refunds.checkNow(id, NOTE)).rejects.toThrow(/ended/);
  });
});

test.concurrent('a check whose inquiry is stopped by an escalation returns the escalated view', async () => {
  const request = refunds.worldtrade('nobody');
  const id = await refunds.begin(request);
  await refunds.until(id, rests);
  const hold = refunds.sandbox.hold({ api: 'inquireRefund', id }, 'after');
  const check = refunds.refunds.checkNow(id, NOTE);
  await hold.arrived;
  await refunds.refunds.escalate(id, { by: 'Ben', reason: 'stop' });
  hold.release();
  expect(await check).toMatchObject({ status: 'needs-attention', attention: { reason: 'escalated' } });
  expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 1 });
});
