import { randomUUID } from 'node:crypto';
import type { RefundRequest } from '../../client/index.js';
import type { Environment } from './environment.js';

/** Where a workflow is reset to. */
type Point = 'first task' | 'last task' | 'task before the refund request' | 'task after the refund request';

/** Resets the workflow as `temporal workflow reset` does. */
export async function resetWorkflow(
  { client }: Environment,
  { refundRequestId }: RefundRequest,
  point: Point,
): Promise<void> {
  const workflowId = `refund:${refundRequestId}`;
  const handle = client.workflow.getHandle(workflowId);
  const { runId } = await handle.describe();
  const { events } = await handle.fetchHistory();
  const completed = (events ?? []).filter(({ workflowTaskCompletedEventAttributes: task }) => task);
  const sending = (events ?? []).find(({ activityTaskScheduledEventAttributes: activity }) =>
    ['applyRefund', 'refund'].includes(activity?.activityType?.name ?? ''),
  );
  const sentAt = Number(sending?.eventId ?? 0);
  const task = {
    'first task': completed[0],
    'last task': completed.at(-1),
    'task before the refund request': completed.findLast(({ eventId }) => Number(eventId) < sentAt),
    'task after the refund request': completed.find(({ eventId }) => Number(eventId) > sentAt),
  }[point];
  await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId, runId },
    reason: 'a test',
    workflowTaskFinishEventId: task?.eventId ?? null,
    requestId: randomUUID(),
  });
}
