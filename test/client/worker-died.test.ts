import { Client, Connection } from '@temporalio/client';
import { expect, inject, test } from 'vitest';
import { RefundClient } from '../../client/index.js';
import { useRefunds } from '../support/environment.js';

const refunds = useRefunds();
const remark = { by: 'Ana', reason: 'the customer called' };

/** Takes the task of a refund and fails it, as often as Temporal needs to take it for failed. */
async function failTasks(taskQueue: string): Promise<void> {
  const { client } = refunds;
  const { workflowService } = client;
  const { namespace } = client.options;
  for (let attempt = 1; attempt <= 4; attempt++) {
    const poll = () => workflowService.pollWorkflowTaskQueue({ namespace, taskQueue: { name: taskQueue } });
    const { taskToken } = await client.withDeadline(Date.now() + 20_000, poll);
    await workflowService.respondWorkflowTaskFailed({ namespace, taskToken });
  }
}

test('a refund whose workers crash repeatedly: every call fails with the task queue that no worker answers', async () => {
  const taskQueue = `${refunds.taskQueue}-dying`;
  const dying = new RefundClient(refunds.client, { taskQueue });
  const request = refunds.cashier();
  const id = request.refundRequestId;
  await dying.start(request);
  await failTasks(taskQueue);
  const noWorker = {
    code: 'NO_WORKER',
    taskQueue,
    message: expect.stringMatching(
      new RegExp(
        `No worker for the task queue "${taskQueue}" answered.* workflow task failed or timed out \\d+ times: see the worker’s log`,
      ),
    ),
  };
  // A client with another task queue names the one that the refund has.
  await expect(refunds.refunds.describe(id)).rejects.toMatchObject(noWorker);
  await expect(dying.describe(id)).rejects.toMatchObject(noWorker);
  await expect(dying.checkNow(id, remark)).rejects.toMatchObject(noWorker);
  await expect(dying.decide(id, { decision: 'send-again', ...remark })).rejects.toMatchObject(noWorker);
  await dying.getHandle(id).terminate();
});

test('a refund that is watched while no worker runs for longer than a query waits: the next view comes once one runs', async () => {
  const id = await refunds.begin(refunds.worldtrade('never-settles'));
  await refunds.until(id, ({ inquiries }) => inquiries.nextAt !== undefined);
  const watching = refunds.refunds.watch(id)[Symbol.asyncIterator]();
  expect((await watching.next()).value).toMatchObject({ status: 'processing' });
  await refunds.stopWorker();
  await refunds.refunds.getHandle(id).signal('escalate', remark);
  const next = watching.next();
  await new Promise((resolve) => setTimeout(resolve, 12_000));
  await refunds.startWorker();
  expect((await next).value).toMatchObject({ status: 'needs-attention' });
});

test('a refund that ends while a message arrives has ended, and is not reported as unknown', async () => {
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  const late = new RefundClient(new Client({ connection }), { taskQueue: refunds.taskQueue });
  const service = connection.workflowService;
  /** Lets a refund end between the client's look and its message. */
  const endBefore = (call: 'updateWorkflowExecution' | 'signalWorkflowExecution', id: string) => {
    const original = service[call].bind(service) as (...request: unknown[]) => unknown;
    const changed = async (...request: unknown[]) => {
      await refunds.refunds.getHandle(id).terminate();
      return original(...request);
    };
    Object.assign(service, { [call]: changed });
  };
  const waiting = async () => {
    const request = refunds.worldtrade('never-settles');
    await refunds.begin(request);
    return request.refundRequestId;
  };
  const ended = { code: 'REFUND_ENDED' };

  const checked = await waiting();
  endBefore('updateWorkflowExecution', checked);
  await expect(late.checkNow(checked, remark)).rejects.toMatchObject(ended);
  const escalated = await waiting();
  endBefore('signalWorkflowExecution', escalated);
  await expect(late.escalate(escalated, remark)).rejects.toMatchObject(ended);
  await connection.close();
});

test('a decision that is sent twice, because the first answer was lost, is applied once', async () => {
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  const late = new RefundClient(new Client({ connection }), { taskQueue: refunds.taskQueue });
  const request = refunds.worldtrade('unpaid');
  const id = request.refundRequestId;
  await refunds.run(request);
  const decision = { decision: 'mark-failed', evidence: 'support case 4711', ...remark } as const;
  const service = connection.workflowService;
  const original = service.updateWorkflowExecution.bind(service) as (...request: unknown[]) => unknown;
  const repeated = async (...given: unknown[]) => {
    await refunds.refunds.decide(id, decision);
    return original(...given);
  };
  Object.assign(service, { updateWorkflowExecution: repeated });
  expect(await late.decide(id, decision)).toMatchObject({ status: 'failed' });
  await connection.close();
});
