import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { actionsOf, type HistoryEvent } from './actions.js';
import type { RequestedRefund } from './load.js';
import type { Counts } from './results.js';

/** What Temporal has recorded of a refund. */
export interface History {
  counts: Omit<Counts, 'calls'>;
  /** Milliseconds from the request to the end of the first sending; undefined when nothing was sent. */
  firstAnswerAfter: number | undefined;
}

const AT_A_TIME = 20;
const LOOK_AGAIN_MS = 20;

/** Reads the histories of refunds that have ended or need an operator. Those that have not ended are terminated. */
export async function historiesOf(client: Client, refunds: readonly RequestedRefund[]): Promise<History[]> {
  const histories: History[] = [];
  for (let from = 0; from < refunds.length; from += AT_A_TIME) {
    const some = refunds.slice(from, from + AT_A_TIME);
    histories.push(...(await Promise.all(some.map((refund) => historyOf(client, refund)))));
  }
  return histories;
}

async function historyOf(client: Client, { workflowId, requestedAt }: RequestedRefund): Promise<History> {
  const handle = client.workflow.getHandle(workflowId);
  let description = await handle.describe();
  // A refund can be seen to need an operator while its last task is being recorded.
  while (description.raw.pendingWorkflowTask || description.raw.pendingActivities?.length) {
    await sleep(LOOK_AGAIN_MS);
    description = await handle.describe();
  }
  const events = (await handle.fetchHistory()).events ?? [];
  if (description.status.name === 'RUNNING') await handle.terminate('measured');
  const at = answeredAt(events);
  return {
    counts: {
      events: events.length,
      bytes: Number(description.historySize),
      actions: actionsOf(events),
    },
    firstAnswerAfter: at === undefined ? undefined : at - requestedAt,
  };
}

/** When the first sending had ended, on Temporal's clock in milliseconds since 1970. */
export function answeredAt(events: readonly HistoryEvent[]): number | undefined {
  const sending = events.find(
    ({ activityTaskScheduledEventAttributes: activity }) => activity?.activityType?.name === 'applyRefund',
  );
  const end = events.find(
    ({ activityTaskCompletedEventAttributes: activity }) =>
      activity && String(activity.scheduledEventId) === String(sending?.eventId),
  );
  const time = end?.eventTime;
  return time ? Number(time.seconds) * 1000 + Number(time.nanos ?? 0) / 1e6 : undefined;
}
