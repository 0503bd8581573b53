import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { expectNoDoubleEffects, seenOf } from '../support/books.js';
import { useRefunds } from '../support/environment.js';
import { failedTasksOf } from '../support/workers.js';

const refunds = useRefunds({ stickyQueueScheduleToStartTimeout: '1s' });
expectNoDoubleEffects(refunds);

async function completedTasks(workflowId: string): Promise<number> {
  const { events } = await refunds.client.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes).length;
}

// Temporal's SDK (1.24) has this flag for scopes in a scope that cannot be cancelled, and writes it into the history with the
// workflow task that first needs it. Where a busy worker is late, the result of the local activity belongs to the first task and
// what follows from it to the next one: a replay would come to it without the flag, and take the refund for cancelled.
const SHIELDED = 1;

test('a cancellation while a local activity outlasts its workflow task: an operator decides, also in a replay', async () => {
  const request = refunds.worldtrade('plain');
  const workflowId = `refund:${request.refundRequestId}`;
  const hold = refunds.sandbox.hold({ api: 'queryTradeOrder', id: request.tradeId }, 'before');
  await refunds.stopWorker();
  const handle = await refunds.client.workflow.start('refund', {
    workflowId,
    taskQueue: refunds.taskQueue,
    args: [request, { alreadySent: true }],
    workflowTaskTimeout: '1s',
  });
  refunds.started(workflowId);
  await handle.cancel();
  await refunds.startWorker();
  await hold.arrived;
  while ((await completedTasks(workflowId)) < 1) await sleep(50);
  hold.release();

  const view = await refunds.until(request.refundRequestId, ({ attention }) => attention !== undefined);
  expect(view.attention?.reason).toBe('cancel-requested');
  // Another worker replays it.
  await refunds.stopWorker();
  await refunds.startWorker();
  await refunds.refunds.decide(request.refundRequestId, {
    decision: 'inquire-again',
    by: 'Ana',
    reason: 'to see what became of it',
  });
  await refunds.until(request.refundRequestId, ({ inquiries }) => inquiries.done > 0);
  const { events } = await handle.fetchHistory();
  const [first] = (events ?? []).flatMap((event) => event.workflowTaskCompletedEventAttributes ?? []);
  expect(first?.sdkMetadata?.langUsedFlags).toContain(SHIELDED);
  expect(await failedTasksOf(refunds, workflowId)).toEqual([]);
  expect(seenOf(refunds, request).moved).toBeLessThanOrEqual(1);
});
