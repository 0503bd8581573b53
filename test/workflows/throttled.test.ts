import { describe, expect, test } from 'vitest';
import { expectNoDoubleEffects, seenOf } from '../support/books.js';
import { historyOf } from '../support/history.js';
import { eventsOf, rests, usePatientRefunds } from '../support/patient.js';

const refunds = usePatientRefunds();
expectNoDoubleEffects(refunds);

const BUSY = 'REQUEST_TRAFFIC_EXCEED_LIMIT';

const timersOf = async (id: string) =>
  (await historyOf(refunds, id)).timers.map(({ seconds, summary }) => ({ seconds, summary }));

/** A wait of about so many seconds: not all refunds of a backlog may come back at once. */
const about = (seconds: number) => ({
  asymmetricMatch: (given: number) => given >= seconds * 0.8 - 1 && given <= seconds * 1.2 + 1,
});

describe('an inquiry meets WorldFirst’s rate limit', () => {
  test.concurrent('it is made again with growing waits, and is not counted among the seven', async () => {
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

  test.concurrent('for an hour: it counts as one inquiry without an answer, and the next one follows', async () => {
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

  test.concurrent('always: the refund needs an operator, and nothing was sent again', async () => {
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

  test.concurrent('a gateway answers 429: it is made again with growing waits too', async () => {
    const request = refunds.cashier('dropped-after');
    const id = request.refundRequestId;
    refunds.sandbox.when({ api: 'inquireRefund', id }, { fault: 'throttled', phase: 'after' });
    const view = await refunds.run(request);
    expect(view).toMatchObject({ status: 'succeeded', inquiries: { done: 1 } });
  });

  test.concurrent('an operator can escalate during the wait, or check now', async () => {
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

describe('the query of the order meets WorldFirst’s rate limit', () => {
  test.concurrent('it is made again with growing waits, and nothing is sent until then', async () => {
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

  test.concurrent('for a day: the refund needs an operator, and nothing was sent', async () => {
    const request = refunds.worldtrade(`query-${BUSY}`);
    const view = await refunds.run(request);
    expect(view.attention).toMatchObject({ reason: 'worldfirst-unreachable' });
    expect(eventsOf(view)).not.toContain('sent');
    expect(seenOf(refunds, request)).toMatchObject({ sends: 0, moved: 0 });
  });

  test.concurrent('a cancellation during the wait: nothing is sent', async () => {
    const request = refunds.worldtrade(`query-${BUSY}`);
    const id = await refunds.begin(request);
    await refunds.until(id, ({ inquiries }) => inquiries.nextAt !== undefined);
    await refunds.refunds.getHandle(id).cancel();
    expect(await refunds.refunds.result(id)).toMatchObject({ status: 'cancelled' });
    expect(seenOf(refunds, request)).toMatchObject({ sends: 0 });
  });
});

test.concurrent('a refund request that meets the rate limit: the submission is unknown, and an inquiry comes before a repeat', async () => {
  const request = refunds.cashier(`refused-once-${BUSY}`);
  const view = await refunds.run(request);
  expect(view.status).toBe('succeeded');
  const [first] = await timersOf(request.refundRequestId);
  expect(first).toEqual({ seconds: 300, summary: expect.stringContaining('inquiry 1 of 7') });
});
