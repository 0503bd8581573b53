import { expect, test } from 'vitest';
import { expectNoDoubleEffects, seenOf } from '../support/books.js';
import { useRefunds } from '../support/environment.js';
import { historyOf } from '../support/history.js';

const refunds = useRefunds();
expectNoDoubleEffects(refunds);

const DOCUMENTED = [5, 10, 20, 40, 80, 160, 320];
const minutes = (from: number, to: number) => Math.floor((to - from) / 60_000);

test.concurrent('after an unknown result the refund waits 5, 10, 20, 40, 80, 160 and 320 minutes, with a timer summary for each', async () => {
  const request = refunds.worldtrade('nobody');
  await refunds.run(request);
  const { timers, calls } = await historyOf(refunds, request.refundRequestId);

  expect(timers.map(({ seconds }) => seconds / 60)).toEqual(DOCUMENTED);
  expect(timers.map(({ startedAt, firedAt = 0 }) => minutes(startedAt, firedAt))).toEqual(DOCUMENTED);
  expect(timers.map(({ summary }) => summary)).toEqual([
    'inquiry 1 of 7 in 5 min: the result is unknown',
    'inquiry 2 of 7 in 10 min: the result is unknown',
    'inquiry 3 of 7 in 20 min: the result is unknown',
    'inquiry 4 of 7 in 40 min: the result is unknown',
    'inquiry 5 of 7 in 1 h 20 min: the result is unknown',
    'inquiry 6 of 7 in 2 h 40 min: the result is unknown',
    'inquiry 7 of 7 in 5 h 20 min: the result is unknown',
  ]);
  const inquiries = calls
    .filter(({ type }) => type === 'inquireRefund')
    .map(({ scheduledAt }) => scheduledAt);
  const gaps = inquiries.slice(1).map((at, index) => minutes(inquiries[index] as number, at));
  expect(gaps).toEqual(DOCUMENTED.slice(1));
});

test.concurrent('the view has the time of the next inquiry, and none after the last one', async () => {
  const id = await refunds.begin(refunds.cashier('nobody'));
  const { inquiries, timeline } = await refunds.until(id, ({ inquiries }) => inquiries.nextAt !== undefined);
  const waitBegan = timeline.find(({ event }) => event === 'wait')?.at ?? '';
  expect(Date.parse(inquiries.nextAt ?? '') - Date.parse(waitBegan)).toBe(5 * 60_000);
  expect(inquiries).toMatchObject({ done: 0, allowed: 7 });
});

test.concurrent('an accepted refund is inquired about immediately, on the documented intervals, then daily for eleven days', async () => {
  const request = refunds.cashier('never-settles');
  const view = await refunds.run(request);
  const { timers, calls } = await historyOf(refunds, request.refundRequestId);

  expect(view).toMatchObject({
    status: 'needs-attention',
    attention: { reason: 'settlement-overdue' },
    inquiries: { done: 19, allowed: 19 },
  });
  expect(timers.map(({ seconds }) => seconds / 60)).toEqual([...DOCUMENTED, ...Array(11).fill(24 * 60)]);
  expect(timers[0]?.summary).toBe(
    'settlement inquiry 2 of 19 in 5 min: WorldFirst accepted the refund, which is not settled yet',
  );
  expect(timers.at(-1)?.summary).toBe(
    'settlement inquiry 19 of 19 in 1 d: WorldFirst accepted the refund, which is not settled yet',
  );
  const [sent, first] = calls;
  expect(sent?.type).toBe('refund');
  expect(minutes(sent?.scheduledAt ?? 0, first?.scheduledAt ?? 0)).toBe(0);
  expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 19, moved: 1 });
});

test.concurrent("a custom inquiry schedule is part of the refund's input", async () => {
  const request = refunds.worldtrade('nobody');
  const view = await refunds.run(request, { inquiryIntervals: ['90s', 60_000, '0s', '1.5h'] });
  const { timers } = await historyOf(refunds, request.refundRequestId);
  expect(timers.map(({ seconds }) => seconds)).toEqual([90, 60, 5400]);
  expect(view.inquiries).toEqual({ done: 4, allowed: 4 });
  expect(view.attention?.reason).toBe('unknown-after-all-inquiries');
  expect(seenOf(refunds, request)).toMatchObject({ sends: 5, inquiries: 4 });
});

test.concurrent("a custom settlement schedule is part of the refund's input", async () => {
  const request = refunds.cashier('never-settles');
  const view = await refunds.run(request, { settlementIntervals: ['10m', '2d'] });
  const { timers } = await historyOf(refunds, request.refundRequestId);
  expect(timers.map(({ seconds }) => seconds)).toEqual([600, 172_800]);
  expect(view).toMatchObject({
    attention: { reason: 'settlement-overdue' },
    inquiries: { done: 2, allowed: 2 },
  });
});
