import { setTimeout as sleep } from 'node:timers/promises';
import { NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { AttentionNotice, ReconciliationNotice } from '../../activities/index.js';
import type { CashierRefundRequest } from '../../client/index.js';
import type { ReconciliationOptions, ReconciliationResult } from '../../rules/reconciliation.js';
import { noticeSchema, reconciliationNoticeSchema } from '../../tools/docs/notice-schema.js';
import { attentionWebhook, createRefundWorker } from '../../worker/index.js';
import { Cli } from '../cli/cli.js';
import { useRefunds } from '../support/environment.js';
import { verified, WebhookReceiver } from '../support/webhook-receiver.js';

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
  const webhook = attentionWebhook({ url: receiver.url, secret });
  const notifiers = { notifyAttention: webhook, notifyReconciliation: webhook };
  const webUiUrl = 'https://temporal.example.com';
  const worker = await createRefundWorker({ connection, taskQueue, worldfirst, webUiUrl, ...notifiers });
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

/** Runs the schedule now, and gives the id of the workflow. */
async function triggered(): Promise<string> {
  const schedule = environment.client.schedule.getHandle('worldfirst-refunds-reconciliation');
  const { numActionsTaken: before } = (await schedule.describe()).info;
  await schedule.trigger();
  for (;;) {
    const { numActionsTaken, recentActions } = (await schedule.describe()).info;
    const started = recentActions.at(-1)?.action.workflow.workflowId;
    if (numActionsTaken > before && started !== undefined) return started;
    await sleep(100);
  }
}

/** Starts a reconciliation as the schedule does. */
async function start(workflowId: string, options: ReconciliationOptions = {}): Promise<void> {
  const args = [{ since: '2h', callsPerSecond: 50, ...options }];
  await environment.client.workflow.start('reconcileRefunds', { workflowId, taskQueue, args });
  environment.started(workflowId);
}

/** Waits until a page has failed; `hurry` lets its attempts follow each other at once, as many as are allowed then. */
async function failedPage(workflowId: string): Promise<{ hurry(attempts?: number): Promise<unknown> }> {
  const { workflow, workflowService, options } = environment.client;
  await vi.waitFor(async () => {
    const { raw } = await workflow.getHandle(workflowId).describe();
    expect(raw.pendingActivities?.[0]?.lastFailure?.message).toContain('WorldFirst gave no answer');
  }, 20_000);
  const interval = { seconds: 0 as never, nanos: 100_000_000 };
  const hurry = (maximumAttempts = 6) =>
    workflowService.updateActivityOptions({
      namespace: options.namespace,
      execution: { workflowId },
      type: 'reconcilePage',
      activityOptions: {
        retryPolicy: { initialInterval: interval, maximumInterval: interval, maximumAttempts },
      },
      updateMask: {
        paths: ['initial_interval', 'maximum_interval', 'maximum_attempts'].map(
          (each) => `retry_policy.${each}`,
        ),
      },
    });
  return { hurry };
}

/** The notices that this reconciliation is not complete. */
function incompleteNotices(workflowId: string): { id: string; notice: ReconciliationNotice }[] {
  return receiver.of(workflowId).map((delivery) => {
    const notice = verified(delivery, secret) as unknown as ReconciliationNotice;
    reconciliationNoticeSchema.parse(notice);
    return { id: delivery.id, notice };
  });
}

/** Waits until Temporal's list has so many refunds that ended. */
async function listed(count: number): Promise<void> {
  const query = "WorkflowType = 'refund' AND CloseTime IS NOT NULL";
  while ((await environment.client.workflow.count(query)).count < count) await sleep(100);
}

async function reconciled(workflowId: string): Promise<ReconciliationResult> {
  return (await environment.client.workflow.getHandle(workflowId).result()) as ReconciliationResult;
}

test('the schedule reconciles, and the webhook receives exactly the differences', async () => {
  const [reversed, , agreed] = [await succeeded(), await succeeded(), await succeeded()];
  await listed(3);
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
  const started = await triggered();
  const result = await reconciled(started);
  expect(incompleteNotices(started)).toEqual([]);
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

  // WorldFirst is down: that is said once, and not for each refund.
  await environment.sandbox.refuseConnections();
  const whileDown = await triggered();
  expect(await reconciled(whileDown)).toMatchObject({ complete: false, counts: { notChecked: 3 } });
  await environment.sandbox.acceptConnections();
  const [incomplete, ...others] = incompleteNotices(whileDown);
  expect(others).toEqual([]);
  expect(incomplete?.notice).toMatchObject({
    version: 1,
    type: 'reconciliation.incomplete',
    data: {
      workflowId: whileDown,
      namespace: 'default',
      link: expect.stringContaining(`https://temporal.example.com/namespaces/default/workflows/reconcile`),
      counts: { refunds: 3, agreed: 0, differences: 0, information: 0, notChecked: 3, noAnswer: 3 },
      advice: expect.stringContaining('Find out why WorldFirst gave no answer'),
      reason: expect.stringContaining('was refused'),
      command: `worldfirst-refunds reconcile --since ${incomplete?.notice.data.period.from}`,
    },
  });

  const gone = ['reconcile', 'schedule', '--delete'];
  expect((await cli.json(gone)).document.result).toBe('deleted');
  expect((await cli.json(gone)).document.result).toBe('not there');
  // Every pages of one refund, and as many runs.
  await start('small-pages', { pageSize: 1, pagesPerRun: 1 });
  expect(await reconciled('small-pages')).toMatchObject({ refunds: 3, agreed: 2, complete: true });
  const runs = await environment.client.workflow.count("WorkflowId = 'small-pages'");
  expect(runs.count).toBeGreaterThan(1);
  // The second time the same difference has the same id.
  const ids = receiver.of(reversed.refundRequestId).map(({ id }) => id);
  expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
});

test('a refund that WorldFirst’s rate limit leaves out is told once for all pages, and again until the webhook accepts it', async () => {
  const throttled = await succeeded();
  const scenario = 'inquire-REQUEST_TRAFFIC_EXCEED_LIMIT';
  environment.sandbox.addFixture({ payToId: throttled.payToId, scenario });
  await listed(4);
  receiver.reply('throttled', (nth) => (nth === 1 ? 503 : 204));
  await start('throttled', { pageSize: 1, pagesPerRun: 1, product: 'cashier' });
  expect(await reconciled('throttled')).toMatchObject({ complete: false, refunds: 4 });
  const notices = incompleteNotices('throttled');
  expect([notices.length, new Set(notices.map(({ id }) => id)).size]).toEqual([2, 1]);
  expect(notices[1]?.notice.data).toMatchObject({
    counts: { refunds: 4, notChecked: 1 },
    reason: expect.stringContaining('REQUEST_TRAFFIC_EXCEED_LIMIT'),
    command: `worldfirst-refunds reconcile --since ${notices[1]?.notice.data.period.from} --product cashier`,
  });
  environment.sandbox.addFixture({ payToId: throttled.payToId, scenario: 'settles-1' });
});

test('WorldFirst that comes back before the last attempt leaves nothing out, and there is no notice', async () => {
  for (let more = 0; more < 2; more += 1) await succeeded();
  await listed(6);
  await environment.sandbox.refuseConnections();
  await start('comes-back');
  const page = await failedPage('comes-back');
  await environment.sandbox.acceptConnections();
  await page.hurry();
  expect(await reconciled('comes-back')).toMatchObject({ complete: true, refunds: 6 });
  expect(incompleteNotices('comes-back')).toEqual([]);
});

test('a reconciliation that fails before its end says so, too', async () => {
  await environment.sandbox.refuseConnections();
  await start('fails');
  // Temporal gives up before the page does.
  await (await failedPage('fails')).hurry(2);
  await expect(reconciled('fails')).rejects.toThrow();
  await environment.sandbox.acceptConnections();
  const [{ notice } = { notice: undefined }, ...others] = incompleteNotices('fails');
  expect(others).toEqual([]);
  expect(notice?.data).toMatchObject({
    stoppedEarly: true,
    counts: { refunds: 0 },
    reason: expect.stringContaining('WorldFirst gave no answer'),
  });
});
