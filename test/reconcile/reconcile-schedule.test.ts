import { setTimeout as sleep } from 'node:timers/promises';
import { NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AttentionNotice } from '../../activities/index.js';
import type { CashierRefundRequest } from '../../client/index.js';
import type { ReconciliationResult } from '../../rules/reconciliation.js';
import { noticeSchema } from '../../tools/docs/notice-schema.js';
import { attentionWebhook, createRefundWorker } from '../../worker/index.js';
import { Cli } from '../cli/cli.js';
import { useRefunds } from '../support/environment.js';
import { verified, WebhookReceiver } from '../worker/webhook-receiver.js';

// A server of this file's own: a reconciliation compares every refund of the namespace.
const environment = useRefunds({}, {}, {});
const { cashier } = environment;
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const taskQueue = 'reconciliation';
const receiver = new WebhookReceiver();
let cli: Cli;
let stop: () => Promise<void>;

beforeAll(async () => {
  await receiver.start();
  const { address = '' } =
    (environment.client.connection as { options?: { address?: string } }).options ?? {};
  cli = new Cli({ TEMPORAL_ADDRESS: address, REFUND_TASK_QUEUE: taskQueue, ...environment.sandbox.env });
  const connection = await NativeConnection.connect({ address });
  const { worldfirst } = environment;
  const notifyAttention = attentionWebhook({ url: receiver.url, secret });
  const worker = await createRefundWorker({ connection, taskQueue, worldfirst, notifyAttention });
  const running = worker.run();
  stop = async () => {
    worker.shutdown();
    await running;
    await connection.close();
  };
});
afterAll(async () => {
  await stop();
  await receiver.stop();
  cli.stop();
});

async function succeeded(): Promise<CashierRefundRequest> {
  const request = cashier();
  await environment.begin(request);
  await environment.refunds.result(request.refundRequestId);
  return request;
}

async function reconciled(workflowId: string): Promise<ReconciliationResult> {
  return (await environment.client.workflow.getHandle(workflowId).result()) as ReconciliationResult;
}

test('the schedule reconciles, and the webhook receives exactly the differences', async () => {
  const [reversed, , agreed] = [await succeeded(), await succeeded(), await succeeded()];
  const query = "WorkflowType = 'refund' AND CloseTime IS NOT NULL";
  while ((await environment.client.workflow.count(query)).count < 3) await sleep(100);
  environment.sandbox.addFixture({ payToId: reversed.payToId, scenario: 'declined' });
  const view = await environment.refunds.describe(reversed.refundRequestId);

  expect((await cli.json(['reconcile', 'schedule', '--daily', '--at', '02:30'])).document.result).toBe(
    'created',
  );
  const flags = ['--daily', '--since', '2h', '--calls-per-second', '50'];
  expect((await cli.json(['reconcile', 'schedule', ...flags])).document.result).toBe('updated');
  const schedule = environment.client.schedule.getHandle('worldfirst-refunds-reconciliation');
  const { action } = await schedule.describe();
  expect(action).toMatchObject({ args: [{ since: '2h', callsPerSecond: 50 }], taskQueue });
  await schedule.trigger();
  let started: string | undefined;
  while (started === undefined) {
    started = (await schedule.describe()).info.recentActions[0]?.action.workflow.workflowId;
    await sleep(100);
  }
  const result = await reconciled(started);
  expect(result).toMatchObject({ complete: true, refunds: 3, agreed: 2, counts: { differences: 1 } });

  const [delivery, ...more] = receiver.of(reversed.refundRequestId);
  expect([more.length, receiver.of(agreed.refundRequestId).length]).toEqual([0, 0]);
  const notice = verified(delivery as NonNullable<typeof delivery>, secret);
  noticeSchema.parse(notice);
  expect(notice).toMatchObject({
    type: 'refund.difference-found',
    data: { difference: { kind: 'reversed', recorded: 'succeeded', answered: 'FAIL' } },
  } satisfies Partial<{ type: AttentionNotice['type']; data: object }>);
  expect(await environment.refunds.describe(reversed.refundRequestId)).toEqual(view);

  const gone = ['reconcile', 'schedule', '--delete'];
  expect((await cli.json(gone)).document.result).toBe('deleted');
  expect((await cli.json(gone)).document.result).toBe('not there');
  // Every pages of one refund, and as many runs.
  const paged = await environment.client.workflow.start('reconcileRefunds', {
    workflowId: 'small-pages',
    taskQueue,
    args: [{ since: '2h', callsPerSecond: 50, pageSize: 1, pagesPerRun: 1 }],
  });
  environment.started('small-pages');
  expect(await reconciled(paged.workflowId)).toMatchObject({ refunds: 3, agreed: 2, complete: true });
  const runs = await environment.client.workflow.count("WorkflowId = 'small-pages'");
  expect(runs.count).toBeGreaterThan(1);
  // The second time the same difference has the same id.
  const ids = receiver.of(reversed.refundRequestId).map(({ id }) => id);
  expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
});
