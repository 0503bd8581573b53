import { afterEach, describe, expect, test } from 'vitest';
import { expectNoDoubleEffects, seenOf, sendsOf } from '../support/books.js';
import { stepClock } from '../support/clock.js';
import { useRefunds } from '../support/environment.js';
import { historyOf } from '../support/history.js';
import { rests } from '../support/patient.js';
import { untilATaskWaits } from '../support/workers.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOTE = { by: 'Ana', reason: 'the support said so' };

const refunds = useRefunds();
expectNoDoubleEffects(refunds);

test.concurrent.for(['worldtrade', 'cashier'] as const)(
  '%s: an operator decides after 30 days, and the refund continues',
  async (product) => {
    const request = refunds[product]('refused-once-PROCESS_FAIL');
    const id = await refunds.begin(request);
    const before = await refunds.until(id, rests);
    await refunds.skipper.fastForward(`refund:${id}`, 30 * DAY);
    expect(await refunds.refunds.describe(id)).toEqual(before);
    const { historyLength } = await refunds.refunds.getHandle(id).describe();
    expect(historyLength).toBeLessThan(40);
    await refunds.refunds.decide(id, { decision: 'send-again', ...NOTE });
    await refunds.skipper.resume(`refund:${id}`);
    const { timeline } = await refunds.refunds.waitUntilIdle(id);
    expect(await refunds.refunds.result(id)).toMatchObject({ status: 'succeeded', providerRequestId: id });
    const [asked, decided] = ['attention', 'decision'].map(
      (name) => timeline.find(({ event }) => event === name)?.at,
    );
    expect(Date.parse(decided ?? '') - Date.parse(asked ?? '')).toBeGreaterThanOrEqual(30 * DAY);
    expect(seenOf(refunds, request)).toMatchObject({ sends: 2, moved: 1 });
  },
);

test('without a worker for two days the inquiries continue where they stopped, and none is added', async () => {
  const request = refunds.cashier('unknown-3');
  const id = await refunds.begin(request, { inquiryIntervals: ['5m', '3d', '1h'] });
  await refunds.until(id, rests);
  await refunds.skipper.fastForward(`refund:${id}`, HOUR);
  const before = await refunds.refunds.describe(id);
  expect(before).toMatchObject({ status: 'unknown', inquiries: { done: 1 } });
  await refunds.stopWorker();
  // No clock passes a task that nobody takes, so the two days lie within one wait.
  await refunds.skipper.fastForward(`refund:${id}`, 2 * DAY);
  await refunds.startWorker();
  expect(await refunds.refunds.describe(id)).toEqual(before);
  await refunds.stopWorker();
  const late = refunds.skipper.fastForward(`refund:${id}`, DAY);
  await untilATaskWaits(refunds, `refund:${id}`);
  await refunds.startWorker();
  await late;
  await refunds.skipper.resume(`refund:${id}`);
  expect(await refunds.refunds.waitUntilIdle(id)).toMatchObject({
    status: 'succeeded',
    inquiries: { done: 3 },
  });
  expect(seenOf(refunds, request)).toMatchObject({ inquiries: 3, moved: 1 });
  const { timers } = await historyOf(refunds, id);
  expect(timers.map(({ seconds }) => seconds)).toEqual([300, 3 * 86_400, 3600]);
});

describe('the clock of the worker’s machine jumps', () => {
  let setRight = () => {};
  afterEach(() => setRight());

  test.for([
    ['an hour ahead', HOUR],
    ['a day back', -DAY],
  ] as const)(
    '%s, while it sends and while it inquires: only the calls to WorldFirst have that time',
    async ([, step]) => {
      const request = refunds.cashier('unknown-2');
      const id = request.refundRequestId;
      const hold = refunds.sandbox.hold({ api: 'refund', id }, 'after');
      await refunds.begin(request);
      await hold.arrived;
      setRight = stepClock(step);
      hold.release();
      await refunds.until(id, rests);
      await refunds.skipper.resume(`refund:${id}`);
      const view = await refunds.refunds.waitUntilIdle(id);
      expect(view).toMatchObject({ status: 'succeeded', inquiries: { done: 2 } });
      expect(seenOf(refunds, request)).toMatchObject({ sends: 2, inquiries: 2, moved: 1 });
      setRight();
      // A refund's own time is the server's, so its waits are as long as ever, and its body is the same.
      const { timers } = await historyOf(refunds, id);
      expect(timers.map(({ seconds }) => seconds)).toEqual([300, 600]);
      expect(new Set(sendsOf(refunds, request).map(({ body }) => body)).size).toBe(1);
    },
  );
});
