import { Client, type WorkflowClientInterceptor } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { expect, inject, test } from 'vitest';
import { createRefundActivities } from '../../activities/index.js';
import { RefundClient, type RefundRequest, workflowIdOf } from '../../client/index.js';
import { NO_CODE_LIMIT } from '../../testing/no-code-limit.js';
import { useRefunds } from '../support/environment.js';

const refunds = useRefunds();
const taskQueue = `eager-${process.pid}`;
const started = ({ refundRequestId }: RefundRequest) => refunds.started(workflowIdOf(refundRequestId));

/** Notes of each start whether its first task came back with it. */
function eagerness() {
  const noted: boolean[] = [];
  const interceptor: WorkflowClientInterceptor = {
    async startWithDetails(input, next) {
      const output = await next(input);
      noted.push(output.eagerlyStarted);
      return output;
    },
  };
  return { noted, interceptor };
}

test('on the connection of a worker in the same process the start call returns the first task', async () => {
  const connection = await NativeConnection.connect({ address: inject('temporalAddress') });
  const worker = await Worker.create({
    ...NO_CODE_LIMIT,
    connection,
    taskQueue,
    workflowBundle: { codePath: inject('workflowBundle') },
    activities: createRefundActivities({ worldfirst: refunds.worldfirst }),
  });
  const { noted, interceptor } = eagerness();
  const client = new Client({ connection, interceptors: { workflow: [interceptor] } });
  await worker.runUntil(async () => {
    for (const [eagerStart, request] of [
      [true, refunds.worldtrade('plain')],
      [false, refunds.worldtrade('plain')],
    ] as const) {
      started(request);
      const eager = new RefundClient(client, { taskQueue, eagerStart });
      expect(await eager.start(request)).toMatchObject({ started: true });
      expect(await eager.result(request.refundRequestId)).toMatchObject({ status: 'succeeded' });
      expect(await eager.start(request)).toMatchObject({ started: false });
    }
  });
  expect(noted).toEqual([true, false]);
  await connection.close();
});

test('on any other connection eager start is rejected before anything is started', async () => {
  const request = refunds.cashier('plain');
  const eager = new RefundClient(refunds.client, { taskQueue: refunds.taskQueue, eagerStart: true });
  await expect(eager.start(request)).rejects.toThrow('NativeConnection');
  await expect(refunds.refunds.getHandle(request.refundRequestId).describe()).rejects.toThrow('not found');
});
