import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { RefundClient } from '../../client/index.js';
import { expectNoDoubleEffects, seenOf } from '../support/books.js';
import { usePatientRefunds } from '../support/patient.js';
import { failedTasksOf, startActivityWorker, startWorkflowWorker } from '../support/workers.js';

const refunds = usePatientRefunds();
expectNoDoubleEffects(refunds);

async function completedActivities(workflowId: string): Promise<number> {
  const { events } = await refunds.client.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []).filter((event) => event.activityTaskCompletedEventAttributes).length;
}

test('a verified notification that arrives in one workflow task with the answer, before it, is applied before the next step', async () => {
  const request = refunds.worldtrade('plain');
  const workflowId = `refund:${request.refundRequestId}`;
  const taskQueue = `${refunds.taskQueue}-together`;
  let isVerifying = false;
  let verify = () => {};
  const mayVerify = new Promise<void>((resolve) => {
    verify = resolve;
  });
  const caller = await startActivityWorker(taskQueue, refunds.worldfirst, ({ verifyNotification }) => ({
    async verifyNotification(message) {
      isVerifying = true;
      await mayVerify;
      return verifyNotification(message);
    },
  }));
  const first = await startWorkflowWorker(taskQueue);
  const hold = refunds.sandbox.hold({ api: 'applyRefund', id: request.refundRequestId }, 'after');
  await new RefundClient(refunds.client, { taskQueue }).start(request);
  refunds.started(workflowId);
  await hold.arrived;
  const notification = refunds.sandbox.signedNotification({ tradeId: request.tradeId, isRefund: 'Y' });
  await refunds.client.workflow.getHandle(workflowId).signal('notification', notification);
  while (!isVerifying) await sleep(50);

  // While no worker runs workflows, both are done: the verification first.
  await first.stop();
  const before = await completedActivities(workflowId);
  verify();
  while ((await completedActivities(workflowId)) < before + 1) await sleep(50);
  hold.release();
  while ((await completedActivities(workflowId)) < before + 2) await sleep(50);
  const second = await startWorkflowWorker(taskQueue);

  expect(await refunds.refunds.result(request.refundRequestId)).toMatchObject({
    status: 'succeeded',
    confirmedBy: 'notification',
  });
  expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 0, moved: 1 });
  expect(await failedTasksOf(refunds, workflowId)).toEqual([]);
  await Promise.all([second.stop(), caller.stop()]);
});
