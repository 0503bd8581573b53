import type { temporal } from '@temporalio/proto';

/** An event of a workflow's history, as Temporal's API has it. */
export type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/** The billed Actions of a history, by what they are for. */
export type Actions = Partial<Record<ActionKind, number>>;

/** What Temporal Cloud bills, as far as a history shows it. Queries and heartbeats are billed too, and leave no event. */
type ActionKind =
  | 'workflow started'
  | 'continued as new'
  | 'activity'
  | 'activity retry'
  | 'local activities of a task'
  | 'local activity retry'
  | 'timer'
  | 'signal'
  | 'update'
  | 'search attributes'
  | 'options updated'
  | 'child workflow';

/** Counts the Actions of one run by the rules of docs.temporal.io/evaluate/cloud/actions. */
export function actionsOf(events: readonly HistoryEvent[]): Actions {
  const actions: Actions = {};
  const tasksWithMarkers = new Set<string>();
  for (const event of events) {
    const marker = event.markerRecordedEventAttributes;
    if (marker) {
      // All of one workflow task are one Action.
      const task = String(marker.workflowTaskCompletedEventId);
      if (tasksWithMarkers.has(task)) continue;
      tasksWithMarkers.add(task);
      add(actions, 'local activities of a task', 1);
    }
    for (const [kind, count] of billed(event)) add(actions, kind, count);
  }
  return actions;
}

/** All Actions together. */
export function sumOf(actions: Actions): number {
  return Object.values(actions).reduce((sum, count) => sum + count, 0);
}

function add(actions: Actions, kind: ActionKind, count: number): void {
  if (count > 0) actions[kind] = (actions[kind] ?? 0) + count;
}

function billed(event: HistoryEvent): [ActionKind, number][] {
  const started = event.workflowExecutionStartedEventAttributes;
  // A run that follows another one of the same workflow is billed as what it is, not as a start.
  if (started) return [[started.continuedExecutionRunId ? 'continued as new' : 'workflow started', 1]];
  if (event.activityTaskScheduledEventAttributes) return [['activity', 1]];
  const attempt = event.activityTaskStartedEventAttributes?.attempt;
  if (attempt) return [['activity retry', attempt - 1]];
  const metering = event.workflowTaskCompletedEventAttributes?.meteringMetadata;
  if (metering) return [['local activity retry', metering.nonfirstLocalActivityExecutionAttempts ?? 0]];
  if (event.timerStartedEventAttributes) return [['timer', 1]];
  if (event.workflowExecutionSignaledEventAttributes) return [['signal', 1]];
  if (event.workflowExecutionUpdateAcceptedEventAttributes) return [['update', 1]];
  if (event.workflowExecutionUpdateRejectedEventAttributes) return [['update', 1]];
  if (event.workflowExecutionOptionsUpdatedEventAttributes) return [['options updated', 1]];
  if (event.startChildWorkflowExecutionInitiatedEventAttributes) return [['child workflow', 2]];
  const attributes = event.upsertWorkflowSearchAttributesEventAttributes?.searchAttributes?.indexedFields;
  if (event.upsertWorkflowSearchAttributesEventAttributes) {
    const names = Object.keys(attributes ?? {});
    return [['search attributes', names.length === 1 && names[0] === 'TemporalChangeVersion' ? 0 : 1]];
  }
  return [];
}
