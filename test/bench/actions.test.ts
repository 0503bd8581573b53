import { describe, expect, test } from 'vitest';
import { actionsOf, type HistoryEvent, sumOf } from '../../tools/bench/actions.js';

const started: HistoryEvent = { workflowExecutionStartedEventAttributes: {} };
const marker = (task: number): HistoryEvent => ({
  markerRecordedEventAttributes: { workflowTaskCompletedEventId: task as never },
});
const attempt = (attempt: number): HistoryEvent => ({ activityTaskStartedEventAttributes: { attempt } });
const upsert = (...names: string[]): HistoryEvent => ({
  upsertWorkflowSearchAttributesEventAttributes: {
    searchAttributes: { indexedFields: Object.fromEntries(names.map((name) => [name, {}])) },
  },
});

describe('what Temporal Cloud bills', () => {
  test('a start, and a run that follows another one', () => {
    expect(actionsOf([started])).toEqual({ 'workflow started': 1 });
    const next = { workflowExecutionStartedEventAttributes: { continuedExecutionRunId: 'run-1' } };
    expect(actionsOf([next])).toEqual({ 'continued as new': 1 });
  });

  test('an activity once, and each of its retries', () => {
    const scheduled = { activityTaskScheduledEventAttributes: {} };
    expect(actionsOf([scheduled, attempt(1)])).toEqual({ activity: 1 });
    expect(actionsOf([scheduled, attempt(4)])).toEqual({ activity: 1, 'activity retry': 3 });
  });

  test('the local activities of one workflow task together, and each of their retries', () => {
    expect(actionsOf([marker(4), marker(4)])).toEqual({ 'local activities of a task': 1 });
    expect(actionsOf([marker(4), marker(9)])).toEqual({ 'local activities of a task': 2 });
    const retried = {
      workflowTaskCompletedEventAttributes: {
        meteringMetadata: { nonfirstLocalActivityExecutionAttempts: 2 },
      },
    };
    expect(actionsOf([retried])).toEqual({ 'local activity retry': 2 });
  });

  test('search attributes, except for the one that Temporal itself sets', () => {
    expect(actionsOf([upsert('RefundStatus', 'RefundAttention')])).toEqual({ 'search attributes': 1 });
    expect(actionsOf([upsert('TemporalChangeVersion')])).toEqual({});
    expect(actionsOf([upsert('TemporalChangeVersion', 'RefundStatus')])).toEqual({ 'search attributes': 1 });
  });

  test('two Actions for a child workflow', () => {
    expect(actionsOf([{ startChildWorkflowExecutionInitiatedEventAttributes: {} }])).toEqual({
      'child workflow': 2,
    });
  });

  test.each<[string, HistoryEvent]>([
    ['timer', { timerStartedEventAttributes: {} }],
    ['signal', { workflowExecutionSignaledEventAttributes: {} }],
    ['update', { workflowExecutionUpdateAcceptedEventAttributes: {} }],
    ['update', { workflowExecutionUpdateRejectedEventAttributes: {} }],
    ['options updated', { workflowExecutionOptionsUpdatedEventAttributes: {} }],
  ])('one Action: %s', (kind, event) => {
    expect(actionsOf([event])).toEqual({ [kind]: 1 });
  });

  test('nothing for what follows from what was billed already', () => {
    const free: HistoryEvent[] = [
      { workflowTaskScheduledEventAttributes: {} },
      { workflowTaskStartedEventAttributes: {} },
      { workflowTaskCompletedEventAttributes: {} },
      { activityTaskCompletedEventAttributes: {} },
      { timerFiredEventAttributes: {} },
      { timerCanceledEventAttributes: {} },
      { workflowPropertiesModifiedEventAttributes: {} },
      { workflowExecutionUpdateCompletedEventAttributes: {} },
      { workflowExecutionCompletedEventAttributes: {} },
    ];
    expect(actionsOf(free)).toEqual({});
  });

  test('a whole refund', () => {
    const sending = { activityTaskScheduledEventAttributes: {} };
    const events = [started, marker(4), sending, attempt(1), marker(9), upsert('RefundStatus')];
    expect(sumOf(actionsOf(events))).toBe(5);
  });
});
