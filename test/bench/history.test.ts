import { expect, test } from 'vitest';
import type { HistoryEvent } from '../../tools/bench/actions.js';
import { answeredAt } from '../../tools/bench/history.js';

const activity = (eventId: number, name: string): HistoryEvent => ({
  eventId: eventId as never,
  activityTaskScheduledEventAttributes: { activityType: { name } },
});
const completed = (scheduledEventId: number, seconds: number, nanos: number): HistoryEvent => ({
  eventTime: { seconds: seconds as never, nanos },
  activityTaskCompletedEventAttributes: { scheduledEventId: scheduledEventId as never },
});

test('the first answer comes with the end of the first sending', () => {
  const events = [
    activity(5, 'queryTradeOrder'),
    completed(5, 10, 0),
    activity(11, 'applyRefund'),
    completed(11, 20, 250_500_000),
    activity(30, 'applyRefund'),
    completed(30, 99, 0),
  ];
  expect(answeredAt(events)).toBe(20_250.5);
});

test('a refund that was not sent has no first answer', () => {
  expect(answeredAt([activity(5, 'queryTradeOrder'), completed(5, 10, 0)])).toBeUndefined();
  expect(answeredAt([activity(5, 'applyRefund')])).toBeUndefined();
});
