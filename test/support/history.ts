import { defaultPayloadConverter } from '@temporalio/common';
import { workflowIdOf } from '../../rules/ids.js';
import { type Run, runsOf } from '../../testing/run-histories.js';
import type { Environment } from './environment.js';

/** A durable timer as the history has it; times in milliseconds of the workflow's own time. */
export interface Timer {
  seconds: number;
  summary: string;
  startedAt: number;
  firedAt?: number;
}

/** A call of an activity, of a local one too, as the history has it. */
export interface Call {
  type: string;
  isLocal: boolean;
  summary: string;
  scheduledAt: number;
}

/**
 * What Temporal has written down of a refund, in all its runs: its timers and its calls, in their order.
 * `shown` are the timers that only show in the Web UI that the refund waits for an operator.
 */
export async function historyOf(
  refunds: Environment,
  refundRequestId: string,
): Promise<{ timers: Timer[]; shown: Timer[]; calls: Call[] }> {
  const runs = await runsOf(refunds.client, workflowIdOf(refundRequestId));
  const timers = new Map<string, Timer>();
  const calls: Call[] = [];
  for (const { runId, event } of runs.reverse().flatMap(eventsOf)) {
    const { seconds, nanos } = event.eventTime ?? {};
    const at = Number(seconds) * 1000 + Math.floor((nanos ?? 0) / 1e6);
    const payload = event.userMetadata?.summary;
    const summary = payload ? defaultPayloadConverter.fromPayload<string>(payload) : '';
    const started = event.timerStartedEventAttributes;
    if (started) {
      const seconds = Number(started.startToFireTimeout?.seconds ?? 0);
      timers.set(`${runId} ${event.eventId}`, { seconds, summary, startedAt: at });
    }
    const fired = timers.get(`${runId} ${event.timerFiredEventAttributes?.startedEventId}`);
    if (fired) fired.firedAt = at;
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled) {
      calls.push({ type: scheduled.activityType?.name ?? '', isLocal: false, summary, scheduledAt: at });
    }
    const [inMarker] = event.markerRecordedEventAttributes?.details?.data?.payloads ?? [];
    if (inMarker) {
      const { activity_type: type } = defaultPayloadConverter.fromPayload<{ activity_type: string }>(
        inMarker,
      );
      calls.push({ type, isLocal: true, summary, scheduledAt: at });
    }
  }
  const isShown = ({ summary }: Timer) => summary.startsWith('WAITS FOR AN OPERATOR');
  const all = [...timers.values()];
  return { timers: all.filter((timer) => !isShown(timer)), shown: all.filter(isShown), calls };
}

function eventsOf({ runId, history }: Run) {
  return (history.events ?? []).map((event) => ({ runId, event }));
}
