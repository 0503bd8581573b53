import type { Client } from '@temporalio/client';
import { actionsOf, type HistoryEvent } from './actions.js';
import type { AskedRefund } from './load.js';
import type { Counts } from './results.js';

/** What Temporal has written down of a refund. */
export interface History {
  counts: Omit<Counts, 'calls'>;
  /** When the first sending had ended; undefined when nothing was sent. */
  answeredAt: number | undefined;
}

const AT_A_TIME = 20;

/** Reads the histories of refunds that have ended, or need a person. Those that have not ended are terminated. */
export async function historiesOf(client: Client, asked: readonly AskedRefund[]): Promise<History[]> {
  const histories: History[] = [];
  for (let from = 0; from < asked.length; from += AT_A_TIME) {
    const some = asked.slice(from, from + AT_A_TIME);
    histories.push(...(await Promise.all(some.map(({ workflowId }) => historyOf(client, workflowId)))));
  }
  return histories;
}

async function historyOf(client: Client, workflowId: string): Promise<History> {
  const handle = client.workflow.getHandle(workflowId);
  let description = await handle.describe();
  // The list can show a refund that needs a person while its last task is being written down.
  while (description.raw.pendingWorkflowTask || description.raw.pendingActivities?.length) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    description = await handle.describe();
  }
  const events = (await handle.fetchHistory()).events ?? [];
  if (description.status.name === 'RUNNING') await handle.terminate('measured');
  return {
    counts: {
      events: events.length,
      bytes: Number(description.historySize),
      actions: actionsOf(events),
    },
    answeredAt: answeredAt(events),
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
