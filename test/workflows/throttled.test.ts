import { describe, expect, test } from 'vitest';
import { keepTheBooks, seenOf } from '../support/books.js';
import { historyOf } from '../support/history.js';
import { eventsOf, rests, usePatientRefunds } from '../support/patient.js';

const refunds = usePatientRefunds();
keepTheBooks(refunds);

const BUSY = 'REQUEST_TRAFFIC_EXCEED_LIMIT';

const timersOf = async (id: string) =>
  (await historyOf(refunds, id)).timers.map(({ seconds, summary }) => ({ seconds, summary }));

/** A wait of about so many seconds: not all refunds of a backlog may come back at once. */
const about = (seconds: number) => ({
  asymmetricMatch: (given: number) => given >= seconds * 0.8 - 1 && given <= seconds * 1.2 + 1,
});

describe('WorldFirst’s rate limit was exceeded to answer an inquiry', () => {
  test.concurrent('it is asked again, ever later, and none of that is one of the seven', async () => {
    const request = refunds.cashier('dropped-after');
    const id = request.refundRequestId;
    refunds.sandbox.when({ api: 'inquireRefund', id, times: 3 }, { code: BUSY, phase: 'before' });
    const view = await refunds.run(request);
    expect(view).toMatchObject({ status: 'succeeded', inquiries: { done: 1, allowed: 7 } });
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 4, moved: 1 });
    const timers = await timersOf(id);
    expect(timers).toEqual([
      { seconds: 300, summary: expect.stringContaining('inquiry 1 of 7 in 5 min') },
      { seconds: about(30), summary: expect.stringContaining('WorldFirst’s rate limit was exceeded') },
      { seconds: about(60), summary: expect.stringMatching(/^inquiry 1 of 7 in /) },
      { seconds: about(120), summary: expect.stringMatching(/^inquiry 1 of 7 in /) },
    ]);
  });

  test.concurrent('for an hour: that is one inquiry without an answer, and the next one has its turn', async () => {
    const request = refunds.cashier('dropped-after');
    const id = request.refundRequestId;
    refunds.sandbox.when({ api: 'inquireRefund', id, times: 8 }, { code: BUSY, phase: 'before' });
    const view = await refunds.run(request);
    expect(view).toMatchObject({ status: 'succeeded', inquiries: { done: 2, allowed: 7 } });
    const timers = await timersOf(id);
    expect(timers.map(({ seconds }) => seconds)).toEqual([
      300,
      ...[30, 60, 120, 240, 480, 960, 1920].map(about),
      600,
    ]);
  });

  test.concurrent('always: a person is asked in the end, and nothing was sent again', async () => {
    const request = refunds.worldtrade('dropped-after');
    refunds.sandbox.when(
      { api: 'inquireRefund', id: request.refundRequestId, times: Number.POSITIVE_INFINITY },
      { code: BUSY, phase: 'before' },
    );
    const view = await refunds.run(request, { inquiryIntervals: ['5m', '10m'] });
    expect(view).toMatchObject({
      status: 'needs-attention',
      attention: { reason: 'unknown-after-all-inquiries' },
      inquiries: { done: 2, allowed: 2 },
    });
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 16, moved: 1 });
  });

  test.concurrent('a gateway says so by 429: the same', async () => {
    const request = refunds.cashier('dropped-after');
    const id = request.refundRequestId;
    refunds.sandbox.when({ api: 'inquireRefund', id }, { fault: 'throttled', phase: 'after' });
    const view = await refunds.run(request);
    expect(view).toMatchObject({ status: 'succeeded', inquiries: { done: 1 } });
  });

  test.concurrent('a person can stop that wait, or check now', async () => {
    const request = refunds.cashier('dropped-after');
    const id = request.refundRequestId;
    refunds.sandbox.when({ api: 'inquireRefund', id, times: 2 }, { code: BUSY, phase: 'before' });
    await refunds.begin(request);
    await refunds.until(id, rests);
    await refunds.refunds.checkNow(id, { by: 'Ana', reason: 'now' });
    expect(await refunds.refunds.describe(id)).toMatchObject({
      status: 'unknown',
      lastAnswer: { step: 'inquire', kind: 'throttled', code: BUSY },
      inquiries: { done: 0, nextAt: expect.any(String) },
    });
    const view = await refunds.refunds.escalate(id, { by: 'Ana', reason: 'stop' });
    expect(view.attention).toMatchObject({ reason: 'escalated' });
    expect(view.inquiries.nextAt).toBeUndefined();
  });
});

describe('WorldFirst’s rate limit was exceeded to tell the order', () => {
  test.concurrent('it is asked again, ever later, and nothing is sent meanwhile', async () => {
    const request = refunds.worldtrade('plain');
    refunds.sandbox.when(
      { api: 'queryTradeOrder', id: request.tradeId, times: 2 },
      { code: BUSY, phase: 'before' },
    );
    const view = await refunds.run(request);
    expect(view.status).toBe('succeeded');
    expect(seenOf(refunds, request)).toMatchObject({ queries: 3, sends: 1, moved: 1 });
    expect(await timersOf(request.refundRequestId)).toEqual([
      { seconds: about(30), summary: expect.stringMatching(/^query the trade order in /) },
      { seconds: about(60), summary: expect.stringMatching(/^query the trade order in /) },
    ]);
  });

  test.concurrent('for a day: a person is asked, and nothing was sent', async () => {
    const request = refunds.worldtrade(`query-${BUSY}`);
    const view = await refunds.run(request);
    expect(view.attention).toMatchObject({ reason: 'worldfirst-unreachable' });
    expect(eventsOf(view)).not.toContain('sent');
    expect(seenOf(refunds, request)).toMatchObject({ sends: 0, moved: 0 });
  });

  test.concurrent('cancelled during such a wait: nothing is sent', async () => {
    const request = refunds.worldtrade(`query-${BUSY}`);
    const id = await refunds.begin(request);
    await refunds.until(id, ({ inquiries }) => inquiries.nextAt !== undefined);
    await refunds.refunds.getHandle(id).cancel();
    expect(await refunds.refunds.result(id)).toMatchObject({ status: 'cancelled' });
    expect(seenOf(refunds, request)).toMatchObject({ sends: 0 });
  });
});

test.concurrent('too many calls to take a refund: its submission is unknown, and it is not sent again before an inquiry', async () => {
  const request = refunds.cashier(`refused-once-${BUSY}`);
  const view = await refunds.run(request);
  expect(view.status).toBe('succeeded');
  const [first] = await timersOf(request.refundRequestId);
  expect(first).toEqual({ seconds: 300, summary: expect.stringContaining('inquiry 1 of 7') });
});
