import { expect, test } from 'vitest';
import { useRefunds } from '../support/environment.js';
import { historyOf } from '../support/history.js';

const refunds = useRefunds();

test('without a notifier no activity notifies, and no timer waits for a reminder', async () => {
  const request = refunds.worldtrade('phases');
  const id = request.refundRequestId;
  await refunds.run(request, { remindAfter: '1h' });
  await refunds.skipper.settled(`refund:${id}`);
  const { calls, timers } = await historyOf(refunds, id);
  expect(calls.map(({ type }) => type)).toEqual(['queryTradeOrder']);
  expect(timers).toEqual([]);
  const { status, timeline } = await refunds.refunds.describe(id);
  expect(status).toBe('needs-attention');
  expect(timeline.map(({ event }) => event)).not.toContain('notification-failed');
});

test('without a notifier a decision ends the refund', async () => {
  const request = refunds.worldtrade('phases');
  const id = request.refundRequestId;
  await refunds.run(request);
  await refunds.refunds.decide(id, {
    decision: 'mark-failed',
    by: 'Ana',
    reason: 'not owed',
    evidence: 'the order',
  });
  expect(await refunds.refunds.result(id)).toMatchObject({ status: 'failed' });
});
