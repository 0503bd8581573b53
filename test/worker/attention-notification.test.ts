import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { RefundClient, type RefundRequest } from '../../client/index.js';
import { NO_CODE_LIMIT } from '../../testing/no-code-limit.js';
import { attentionWebhook, createRefundWorker, RefundPlugin, readWorkerConfig } from '../../worker/index.js';
import { notificationSignal } from '../../workflows/definitions.js';
import { useRefunds } from '../support/environment.js';
import { historyOf } from '../support/history.js';
import { type Delivery, verified, WebhookReceiver } from '../support/webhook-receiver.js';

const SECRET = `whsec_${Buffer.alloc(32, 'ours').toString('base64')}`;
const DAY = 86_400;
const NO_REMINDER = { remindAfter: 0 };
const MARK_FAILED = {
  decision: 'mark-failed',
  by: 'Ana',
  reason: 'not owed',
  evidence: 'the order',
} as const;
const SEND_AGAIN = { decision: 'send-again', by: 'Ana', reason: 'it is mended' } as const;

const receiver = new WebhookReceiver();
// Not in a hook: the worker of the environment is told the receiver's address before any hook runs.
await receiver.start();
afterAll(() => receiver.stop());

const refunds = useRefunds({ notifyAttention: attentionWebhook({ url: receiver.url, secret: SECRET }) });

/** Resolves once it is so. */
const once = (isSo: () => unknown) => vi.waitFor(isSo, { timeout: 50_000 });

/** The deliveries that say that a refund needs an operator. Those that say that it is over have a test of their own. */
const openings = (id: string) =>
  receiver.of(id).filter((each) => verified(each, SECRET).type !== 'refund.attention-closed');

/** The same, once there are so many. */
async function delivered(id: string, count: number): Promise<Delivery[]> {
  await once(() => expect(openings(id).length).toBeGreaterThanOrEqual(count));
  return openings(id);
}

/** The deliveries about a refund when nothing more is to come, however much time passes. */
async function allDelivered(id: string): Promise<Delivery[]> {
  await refunds.skipper.resume(`refund:${id}`);
  await refunds.skipper.settled(`refund:${id}`);
  return openings(id);
}

const typesOf = (deliveries: Delivery[]) => deliveries.map((each) => verified(each, SECRET).type);
const idsOf = (deliveries: Delivery[]) => new Set(deliveries.map(({ id }) => id));
const toldOf = async (id: string) =>
  (await refunds.refunds.describe(id)).timeline
    .filter(({ event }) => event === 'notification-failed')
    .map(({ text }) => text);

describe('a refund that needs an operator', () => {
  test.concurrent('notifies when WorldFirst could not be reached for a day', {
    timeout: 180_000,
  }, async () => {
    const request = refunds.worldtrade('query-badgateway-always');
    const id = request.refundRequestId;
    refunds.started(`refund:${id}`);
    await refunds.skipper.skipOnStart(() => refunds.refunds.start(request, NO_REMINDER));
    // The server leaves off skipping after 200 of the attempts.
    await vi.waitFor(
      async () => {
        await refunds.skipper.resume(`refund:${id}`);
        expect(openings(id)).toHaveLength(1);
      },
      { timeout: 170_000, interval: 500 },
    );
    const view = await refunds.refunds.describe(id);
    expect(view.attention).toMatchObject({ reason: 'worldfirst-unreachable' });
    expect(refunds.calls(request, 'applyRefund')).toEqual([]);
  });

  test.concurrent('sends a notice with its id, the reason and the possible decisions', async () => {
    const request = refunds.worldtrade('phases', { refundRequestId: `退款.${process.pid}` });
    const view = await refunds.run(request, NO_REMINDER);
    const [delivery] = await delivered(request.refundRequestId, 1);
    expect(delivery && verified(delivery, SECRET)).toEqual({
      version: 2,
      type: 'refund.needs-attention',
      timestamp: view.attention?.since,
      data: {
        refundRequestId: request.refundRequestId,
        workflowId: view.workflowId,
        product: 'worldtrade',
        reference: request.tradeId,
        namespace: 'default',
        runId: expect.stringMatching(/^[\da-f-]{36}$/),
        startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        submission: 'not-sent',
        money: 'Nothing was sent, so this refund moved no money.',
        ids: { providerRequestId: request.refundRequestId },
        inquiries: { done: 0, allowed: 0 },
        attention: view.attention,
        incident: {
          key: `${view.workflowId}/${view.attention?.since}`,
          group: 'worldtrade/several-payments',
        },
        command: `worldfirst-refunds decide '${request.refundRequestId}'`,
      },
    });
    expect(view.attention).toMatchObject({ reason: 'several-payments', decisions: expect.any(Array) });
  });

  test.concurrent.for<{ what: string; make: () => RefundRequest }>([
    { what: 'remark', make: () => refunds.worldtrade('phases', { remark: 'for Ms. Lovelace' }) },
    {
      what: 'refundReason',
      make: () => refunds.cashier('refused-PROCESS_FAIL', { refundReason: 'Ms. Lovelace is ill' }),
    },
    {
      what: 'refundOrder',
      make: () => refunds.cashier('refused-PROCESS_FAIL', { refundOrder: { buyer: 'Ms. Lovelace' } }),
    },
  ])('does not send its $what', async ({ make }) => {
    const request = make();
    await refunds.run(request, NO_REMINDER);
    const [delivery] = await delivered(request.refundRequestId, 1);
    expect(delivery?.body).toContain(request.refundRequestId);
    expect(delivery?.body).not.toMatch(/Lovelace|whsec/);
  });

  test.concurrent('repeats its notice under one id until the receiver accepts it', async () => {
    const request = refunds.worldtrade('phases');
    const id = request.refundRequestId;
    receiver.reply(id, (nth) => (nth <= 2 ? 503 : 204));
    await refunds.run(request, NO_REMINDER);
    await delivered(id, 3);
    const deliveries = await allDelivered(id);
    expect(typesOf(deliveries)).toEqual(Array(3).fill('refund.needs-attention'));
    expect(idsOf(deliveries).size).toBe(1);
    expect(new Set(deliveries.map(({ body }) => body)).size).toBe(1);
    expect(await toldOf(id)).toEqual([]);
  });

  test.concurrent('stops notifying a receiver that answers 410, with an entry in its timeline', async () => {
    const request = refunds.worldtrade('phases');
    const id = request.refundRequestId;
    receiver.reply(id, () => 410);
    await refunds.run(request, NO_REMINDER);
    await delivered(id, 1);
    expect(await allDelivered(id)).toHaveLength(1);
    expect(await toldOf(id)).toEqual([
      'the attention notification failed: the attention webhook answered 410',
    ]);
  });

  test.concurrent('gives up a receiver that is down for a day, and still needs an operator', async () => {
    const request = refunds.worldtrade('phases');
    const id = request.refundRequestId;
    receiver.reply(id, () => 503);
    await refunds.run(request, NO_REMINDER);
    await once(async () => expect(await toldOf(id)).toHaveLength(1));
    expect((await refunds.refunds.describe(id)).status).toBe('needs-attention');
    const view = await refunds.refunds.decide(id, MARK_FAILED);
    expect(view.status).toBe('failed');
  });
});

describe('a receiver without an answer', () => {
  test.concurrent('delays neither a decision nor the end of the refund', async () => {
    const request = refunds.worldtrade('phases');
    const id = request.refundRequestId;
    receiver.reply(id, () => 'nothing');
    await refunds.begin(request);
    await delivered(id, 1);
    await refunds.refunds.decide(id, MARK_FAILED);
    expect(await refunds.refunds.result(id)).toMatchObject({ status: 'failed' });
    expect(openings(id)).toHaveLength(1);
  });

  test.concurrent('does not delay the notice for another reason', async () => {
    const request = refunds.worldtrade('phases');
    const id = request.refundRequestId;
    receiver.reply(id, (nth) => (nth === 1 ? 'nothing' : 204));
    await refunds.begin(request);
    await delivered(id, 1);
    await refunds.refunds
      .getHandle(id)
      .signal(
        notificationSignal,
        refunds.sandbox.signedNotification({ tradeId: request.tradeId, isRefund: 'Y' }),
      );
    const deliveries = await delivered(id, 2);
    expect(deliveries.map((each) => verified(each, SECRET).data.attention.reason)).toEqual([
      'several-payments',
      'refunded-elsewhere',
    ]);
    expect(idsOf(deliveries).size).toBe(2);
  });
});

describe('an attention reminder', () => {
  test.concurrent('is sent once when no decision came in time', async () => {
    const request = refunds.worldtrade('phases');
    const id = request.refundRequestId;
    await refunds.run(request, { remindAfter: '1d' });
    await delivered(id, 2);
    const deliveries = await allDelivered(id);
    expect(typesOf(deliveries)).toEqual(['refund.needs-attention', 'refund.still-needs-attention']);
    expect(idsOf(deliveries).size).toBe(2);
    const { timers } = await historyOf(refunds, id);
    expect(timers).toMatchObject([{ seconds: DAY, summary: 'reminder that the refund needs an operator' }]);
  });

  test.concurrent('is sent after a day by default', async () => {
    const request = refunds.worldtrade('phases');
    await refunds.run(request);
    await delivered(request.refundRequestId, 2);
    const { timers } = await historyOf(refunds, request.refundRequestId);
    expect(timers).toMatchObject([{ seconds: DAY }]);
  });

  test.concurrent('is sent although the first notice failed', async () => {
    const request = refunds.worldtrade('phases');
    const id = request.refundRequestId;
    receiver.reply(id, (nth) => (nth === 1 ? 410 : 204));
    await refunds.run(request);
    await delivered(id, 2);
    expect(typesOf(await allDelivered(id))).toEqual([
      'refund.needs-attention',
      'refund.still-needs-attention',
    ]);
  });

  test.concurrent('is not sent after a decision, although the refund goes on for days', async () => {
    const request = refunds.worldtrade('query-once-OAUTH_FAIL');
    const id = request.refundRequestId;
    await refunds.begin(request, { settlementIntervals: ['2d'] });
    await delivered(id, 1);
    await once(async () => expect((await historyOf(refunds, id)).timers).toHaveLength(1));
    await refunds.refunds.decide(id, SEND_AGAIN);
    await refunds.skipper.resume(`refund:${id}`);
    expect(await refunds.refunds.result(id)).toMatchObject({ status: 'succeeded' });
    expect(typesOf(openings(id))).toEqual(['refund.needs-attention']);
    const { timers } = await historyOf(refunds, id);
    expect(timers.map(({ seconds, firedAt }) => [seconds, firedAt !== undefined])).toEqual([
      [DAY, false],
      [2 * DAY, true],
    ]);
  });

  test.concurrent('is not sent with an interval of 0s, and has no timer then', async () => {
    const request = refunds.worldtrade('phases');
    const id = request.refundRequestId;
    await refunds.run(request, { remindAfter: '0s' });
    await delivered(id, 1);
    expect(await allDelivered(id)).toHaveLength(1);
    expect((await historyOf(refunds, id)).timers).toEqual([]);
  });
});

test.concurrent('a refund that needs an operator again sends another notice, under another id', async () => {
  const request = refunds.worldtrade('phases');
  const id = request.refundRequestId;
  await refunds.begin(request);
  await delivered(id, 1);
  await refunds.refunds.decide(id, SEND_AGAIN);
  const deliveries = await delivered(id, 2);
  expect(typesOf(deliveries)).toEqual(['refund.needs-attention', 'refund.needs-attention']);
  expect(idsOf(deliveries).size).toBe(2);
});

test.concurrent('a refund that needs no operator sends no notice', async () => {
  const request = refunds.worldtrade();
  await refunds.run(request);
  expect(receiver.of(request.refundRequestId)).toEqual([]);
  const { calls } = await historyOf(refunds, request.refundRequestId);
  expect(calls.map(({ type }) => type)).not.toContain('notifyAttention');
});

describe('a worker configured by the environment', () => {
  let connection: NativeConnection;
  beforeAll(async () => {
    connection = await NativeConnection.connect({ address: inject('temporalAddress') });
  });
  afterAll(() => connection.close());

  test.for([
    {
      made: 'createRefundWorker',
      make: (taskQueue: string) =>
        createRefundWorker({
          ...NO_CODE_LIMIT,
          connection,
          taskQueue,
          workflowBundle: bundle(),
          ...dependencies(),
        }),
    },
    {
      made: 'RefundPlugin',
      make: (taskQueue: string) =>
        Worker.create({
          ...NO_CODE_LIMIT,
          connection,
          taskQueue,
          workflowBundle: bundle(),
          plugins: [new RefundPlugin(dependencies())],
        }),
    },
  ])('and made by $made notifies the webhook', async ({ made, make }) => {
    const taskQueue = `told-${made}-${process.pid}`;
    const worker = await make(taskQueue);
    const request = refunds.worldtrade('phases');
    await worker.runUntil(async () => {
      const { workflowId } = await new RefundClient(refunds.client, { taskQueue }).start(request);
      refunds.started(workflowId);
      await delivered(request.refundRequestId, 1);
    });
    expect(typesOf(receiver.of(request.refundRequestId))).toEqual(['refund.needs-attention']);
  });

  const bundle = () => ({ codePath: inject('workflowBundle') });
  const dependencies = () => {
    const { notifyAttention } = readWorkerConfig({
      ...refunds.sandbox.env,
      REFUND_ATTENTION_WEBHOOK_URL: receiver.url,
      REFUND_ATTENTION_WEBHOOK_SECRET: SECRET,
    });
    return { worldfirst: refunds.worldfirst, notifyAttention };
  };
});
