import type { WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';

/** A workflow's history. */
export type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

type Event = NonNullable<History['events']>[number];
type Payloads = NonNullable<Event['activityTaskCompletedEventAttributes']>['result'];

/** The longest runs of inquiries without a decision in between. */
export interface Runs {
  /** While the result was unknown. */
  unknown: number;
  /** After WorldFirst had accepted the refund. */
  accepted: number;
}

/** Counts inquiries in Temporal's history, independently of the refund's view. A throttled one does not count. */
export function runsOfInquiries({ events }: History): Runs {
  const longest: Runs = { unknown: 0, accepted: 0 };
  const types = new Map<string, string>();
  let state: keyof Runs = 'unknown';
  let run = 0;
  for (const event of events ?? []) {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled) types.set(String(event.eventId), scheduled.activityType?.name ?? '');
    if (isDecision(event)) run = 0;
    const answer = answerOf(event, types);
    if (!answer) continue;
    if (answer.type === 'inquireRefund' && answer.kind !== 'throttled') run += 1;
    longest[state] = Math.max(longest[state], run);
    if (answer.kind === 'accepted' || answer.kind === 'pending') {
      if (state === 'unknown') run = 0;
      state = 'accepted';
    }
  }
  return longest;
}

function isDecision(event: Event): boolean {
  const signal = event.workflowExecutionSignaledEventAttributes?.signalName;
  const update = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input?.name;
  return signal === 'decide' || update === 'decide';
}

/** The answer of an activity, local ones included; `none` when it ended without one. */
function answerOf(event: Event, types: Map<string, string>): { type: string; kind: string } | undefined {
  const completed = event.activityTaskCompletedEventAttributes;
  const over =
    completed ?? event.activityTaskTimedOutEventAttributes ?? event.activityTaskFailedEventAttributes;
  if (over) {
    const type = types.get(String(over.scheduledEventId)) ?? '';
    return { type, kind: kindOf(completed?.result) };
  }
  const marker = event.markerRecordedEventAttributes;
  // A local activity that failed is repeated as an activity.
  if (!marker || marker.failure) return undefined;
  const [data] = marker.details?.data?.payloads ?? [];
  if (!data) return undefined;
  const { activity_type: type } = defaultPayloadConverter.fromPayload<{ activity_type: string }>(data);
  return { type, kind: kindOf(marker.details?.result) };
}

function kindOf(result: Payloads): string {
  const [payload] = result?.payloads ?? [];
  const answer = payload && defaultPayloadConverter.fromPayload<{ kind?: string } | string>(payload);
  return (typeof answer === 'object' && answer.kind) || 'none';
}
