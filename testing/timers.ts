import type { WorkflowHandle } from '@temporalio/client';

type HistoryEvent = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>[number];

/** When the pending timers will fire, in milliseconds of the workflow's own time. */
export function endsOfTimers(events: readonly HistoryEvent[]): number[] {
  const ends = new Map<string, number>();
  for (const event of events) {
    const started = event.timerStartedEventAttributes;
    const over = event.timerFiredEventAttributes ?? event.timerCanceledEventAttributes;
    if (started?.timerId && event.eventTime)
      ends.set(
        started.timerId,
        toMilliseconds(event.eventTime) + toMilliseconds(started.startToFireTimeout ?? {}),
      );
    if (over?.timerId) ends.delete(over.timerId);
  }
  return [...ends.values()];
}

/** A protobuf timestamp or duration in milliseconds. */
export function toMilliseconds({ seconds, nanos }: { seconds?: unknown; nanos?: number | null }): number {
  return Number(seconds ?? 0) * 1000 + (nanos ?? 0) / 1_000_000;
}
