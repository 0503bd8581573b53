import type { Client } from '@temporalio/client';
import { toMilliseconds } from '../../testing/timers.js';

// A file can have hundreds of refunds. Those with a pending task come first.
const MOST = 3;

/** What the open workflows of a test that timed out wait for: pending tasks, workers that poll, and their histories. */
export async function describeStuck(client: Client, workflowIds: readonly string[]): Promise<string> {
  const found = await Promise.allSettled(workflowIds.map((workflowId) => lookAt(client, workflowId)));
  const open = found.flatMap((result) =>
    result.status === 'fulfilled' && !result.value.closeTime ? [result.value] : [],
  );
  const stuck = open.toSorted((a, b) => Number(b.pending !== '') - Number(a.pending !== '')).slice(0, MOST);
  const reports = await Promise.all(stuck.map((each) => report(client, each)));
  return [`Open workflows: ${open.length} of ${workflowIds.length}`, ...reports].join('\n');
}

type Described = Awaited<ReturnType<typeof lookAt>>;

async function lookAt(client: Client, workflowId: string) {
  const { raw, taskQueue, closeTime } = await client.workflow.getHandle(workflowId).describe();
  const { pendingWorkflowTask: task, pendingActivities } = raw;
  const pending = [
    ...(task
      ? [`a workflow task, attempt ${task.attempt}, ${task.startedTime ? 'started' : 'scheduled'}`]
      : []),
    ...(pendingActivities ?? []).map(
      ({ activityType, attempt, lastStartedTime }) =>
        `the activity ${activityType?.name}, attempt ${attempt}, ${lastStartedTime ? 'started' : 'scheduled'}`,
    ),
  ].join(' and ');
  return { workflowId, taskQueue, closeTime, pending };
}

async function report(client: Client, { workflowId, taskQueue, pending }: Described): Promise<string> {
  const { namespace } = client.options;
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: WORKFLOW,
  });
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const started = toMilliseconds(events?.[0]?.eventTime ?? {});
  const lines = (events ?? []).map((event) => {
    const name = Object.keys(event).find((key) => key.endsWith('EventAttributes'));
    const after = (toMilliseconds(event.eventTime ?? {}) - started) / 1000;
    return `+${after.toFixed(1)} s ${name?.replace('EventAttributes', '')}`;
  });
  const now = `+${((Date.now() - started) / 1000).toFixed(1)} s, in real time: the test timed out`;
  return [
    `${workflowId} waits for ${pending || 'a timer or a message'}; ${pollers?.length ?? 0} workers poll ${taskQueue}`,
    ...lines,
    now,
  ].join('\n  ');
}

// temporal.api.enums.v1.TaskQueueType
const WORKFLOW = 1;
