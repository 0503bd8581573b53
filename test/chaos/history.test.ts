import { defaultPayloadConverter } from '@temporalio/common';
import { expect, test } from 'vitest';
import { type History, runsOfInquiries } from '../../tools/chaos/history.js';

const payloads = (value: unknown) => ({ payloads: [defaultPayloadConverter.toPayload(value)] });

/** The two events of an activity with such an answer. */
function activity(name: string, kind: string): object[] {
  return [
    { activityTaskScheduledEventAttributes: { activityType: { name } } },
    { activityTaskCompletedEventAttributes: { result: payloads({ kind }) } },
  ];
}
const inquiry = (kind = 'unknown') => activity('inquireRefund', kind);
const inquiries = (count: number) => Array.from({ length: count }, () => inquiry()).flat();
const TIMED_OUT = [
  { activityTaskScheduledEventAttributes: { activityType: { name: 'inquireRefund' } } },
  { activityTaskTimedOutEventAttributes: {} },
];
const DECISION = {
  workflowExecutionUpdateAcceptedEventAttributes: { acceptedRequest: { input: { name: 'decide' } } },
};

function historyOf(...events: object[]): History {
  const numbered = events.map((event, index) => {
    const previous = { scheduledEventId: index };
    return Object.fromEntries([
      ['eventId', index + 1],
      ...Object.entries(event).map(([name, attributes]) => [
        name,
        /Completed|TimedOut/.test(name) ? { ...attributes, ...previous } : attributes,
      ]),
    ]);
  });
  return { events: numbered } as unknown as History;
}

test('inquiries are counted, including one that timed out', () => {
  const history = historyOf(...activity('refund', 'unknown'), ...inquiries(6), ...TIMED_OUT, ...inquiries(1));
  expect(runsOfInquiries(history)).toEqual({ unknown: 8, accepted: 0 });
});

test('throttled inquiries and other activities are not counted', () => {
  const history = historyOf(...inquiry('throttled'), ...inquiries(2), ...activity('refund', 'unknown'));
  expect(runsOfInquiries(history)).toEqual({ unknown: 2, accepted: 0 });
});

test('a decision starts a new run of inquiries, by update or by signal', () => {
  const signal = { workflowExecutionSignaledEventAttributes: { signalName: 'decide' } };
  const history = historyOf(...inquiries(7), DECISION, ...inquiries(5), signal, ...inquiries(6));
  expect(runsOfInquiries(history)).toEqual({ unknown: 7, accepted: 0 });
});

test('inquiries after the acceptance are counted apart, local ones too', () => {
  const local = {
    markerRecordedEventAttributes: {
      details: { data: payloads({ activity_type: 'inquireRefund' }), result: payloads({ kind: 'pending' }) },
    },
  };
  const failed = {
    markerRecordedEventAttributes: {
      failure: {},
      details: { data: payloads({ activity_type: 'inquireRefund' }) },
    },
  };
  const taken = activity('applyRefund', 'accepted');
  const history = historyOf(...inquiries(3), ...taken, failed, local, ...inquiries(4));
  expect(runsOfInquiries(history)).toEqual({ unknown: 3, accepted: 5 });
});
