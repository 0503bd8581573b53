import { describe, expect, test } from 'vitest';
import { RefundClient, type RefundRequest, type RefundView } from '../../client/index.js';
import { expectNoDoubleEffects, seenOf } from '../support/books.js';
import { eventsOf, lastOf, rests, usePatientRefunds } from '../support/patient.js';
import { nobodysClient, startActivityWorker, startWorkflowWorker } from '../support/workers.js';

const refunds = usePatientRefunds();
expectNoDoubleEffects(refunds);

const NOTE = { by: 'Ana', reason: 'the customer called' };

const handleOf = (id: string) => refunds.client.workflow.getHandle(`refund:${id}`);

/** It ended, as an outcome: the workflow completed, and is not what Temporal calls cancelled. */
async function expectCancelled(request: RefundRequest): Promise<RefundView> {
  const id = request.refundRequestId;
  expect(await refunds.refunds.result(id)).toMatchObject({
    status: 'cancelled',
    refundRequestId: id,
    by: expect.any(String),
    reason: expect.any(String),
  });
  expect((await handleOf(id).describe()).status.name).toBe('COMPLETED');
  const view = await refunds.refunds.describe(id);
  expect(view).toMatchObject({ status: 'cancelled', outcome: { status: 'cancelled' } });
  expect(view.attention).toBeUndefined();
  expect(lastOf(view, 'cancel-requested')).toBeDefined();
  expect(seenOf(refunds, request)).toMatchObject({ sends: 0, inquiries: 0, moved: 0 });
  return view;
}

describe('a cancellation before anything was sent ends the refund as cancelled', () => {
  test.concurrent.each(['worldtrade', 'cashier'] as const)(
    'a %s refund that no worker has seen yet',
    async (product) => {
      const request = refunds[product]('plain');
      const taskQueue = `${refunds.taskQueue}-later-${product}`;
      const handle = await refunds.client.workflow.start('refund', {
        workflowId: `refund:${request.refundRequestId}`,
        taskQueue,
        args: [request],
      });
      refunds.started(handle.workflowId);
      await handle.cancel();
      const workers = [
        await startWorkflowWorker(taskQueue),
        await startActivityWorker(taskQueue, refunds.worldfirst),
      ];
      await expectCancelled(request);
      await Promise.all(workers.map((worker) => worker.stop()));
    },
  );

  test.concurrent('while the order is queried without success', async () => {
    const request = refunds.worldtrade('query-badgateway-always');
    const id = await refunds.begin(request);
    await refunds.refunds.describe(id);
    await handleOf(id).cancel();
    await expectCancelled(request);
  });

  test.concurrent('while the query runs', async () => {
    const request = refunds.worldtrade('plain');
    const hold = refunds.sandbox.hold({ api: 'queryTradeOrder', id: request.tradeId }, 'before');
    const id = await refunds.begin(request);
    await hold.arrived;
    await handleOf(id).cancel();
    await expectCancelled(request);
    hold.release();
  });

  test.concurrent('while it waits for an operator, with nothing sent', async () => {
    const request = refunds.worldtrade('phases');
    const id = await refunds.begin(request);
    await refunds.until(id, rests);
    await handleOf(id).cancel();
    await expectCancelled(request);
  });
});

describe('a cancellation after the refund was sent asks an operator', () => {
  async function expectAsked(request: RefundRequest): Promise<RefundView> {
    const id = request.refundRequestId;
    const view = await refunds.until(id, ({ attention }) => attention !== undefined);
    expect(view.attention).toMatchObject({ reason: 'cancel-requested' });
    expect(lastOf(view, 'cancel-requested')).toBeDefined();
    expect((await handleOf(id).describe()).status.name).toBe('RUNNING');
    return view;
  }

  test.concurrent.each(['before', 'after'] as const)(
    'while it is being sent, %s its effect',
    async (phase) => {
      const request = refunds.cashier('plain');
      const id = request.refundRequestId;
      const hold = refunds.sandbox.hold({ api: 'refund', id }, phase);
      await refunds.begin(request);
      await hold.arrived;
      await handleOf(id).cancel();
      // The call is not torn down: its answer would be lost.
      expect((await refunds.refunds.describe(id)).status).toBe('applying');
      hold.release();
      const view = await expectAsked(request);
      expect(view.lastAnswer).toMatchObject({ step: 'send', kind: 'accepted' });
      expect(seenOf(refunds, request)).toMatchObject({ sends: 1, moved: 1 });
    },
  );

  test.concurrent.each([
    ['between two inquiries', 'nobody'],
    ['while the settlement is followed', 'never-settles'],
  ])('%s', async (_when, words) => {
    const request = refunds.worldtrade(words);
    const id = await refunds.begin(request);
    await refunds.until(id, rests);
    await handleOf(id).cancel();
    const view = await expectAsked(request);
    expect(view.attention?.decisions).not.toContain('send-with-new-id');
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1 });
  });

  test.concurrent('a cancellation during an inquiry that does not find the refund: it is not sent again', async () => {
    const request = refunds.worldtrade('nobody');
    const id = await refunds.begin(request);
    await refunds.until(id, rests);
    const hold = refunds.sandbox.hold({ api: 'inquireRefund', id }, 'before');
    await refunds.refunds.getHandle(id).signal('checkNow', NOTE);
    await hold.arrived;
    await handleOf(id).cancel();
    hold.release();
    await expectAsked(request);
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 1 });
  });

  test.concurrent('after a cancellation and a decision, the refund continues to its end', async () => {
    const request = refunds.worldtrade('unknown-1');
    const id = await refunds.begin(request);
    await refunds.until(id, rests);
    await handleOf(id).cancel();
    await expectAsked(request);
    await refunds.refunds.decide(id, { decision: 'inquire-again', ...NOTE });
    await refunds.skipper.resume(`refund:${id}`);
    expect(await refunds.refunds.result(id)).toMatchObject({ status: 'succeeded', confirmedBy: 'inquiry' });
    expect((await handleOf(id).describe()).status.name).toBe('COMPLETED');
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, moved: 1 });
  });
});

test.concurrent('a cancellation of a refund that needs an operator after a refusal keeps the reason', async () => {
  const request = refunds.worldtrade('refused-PROCESS_FAIL');
  const id = await refunds.begin(request);
  const { attention } = await refunds.until(id, rests);
  await handleOf(id).cancel();
  const view = await refunds.until(id, (now) => eventsOf(now).includes('cancel-requested'));
  expect(view.attention).toEqual(attention);
});

test.concurrent('an update that checks now is answered before and after a cancellation', async () => {
  const request = refunds.worldtrade('unknown-2');
  const id = await refunds.begin(request);
  await refunds.until(id, rests);
  const hold = refunds.sandbox.hold({ api: 'inquireRefund', id }, 'after');
  const check = refunds.refunds.checkNow(id, NOTE);
  await hold.arrived;
  await handleOf(id).cancel();
  hold.release();
  expect(await check).toMatchObject({ attention: { reason: 'cancel-requested' }, inquiries: { done: 1 } });
  await refunds.refunds.decide(id, { decision: 'inquire-again', ...NOTE });
  await refunds.until(id, ({ inquiries }) => inquiries.nextAt !== undefined);
  expect(await refunds.refunds.checkNow(id, NOTE)).toMatchObject({ status: 'succeeded' });
  expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 2, moved: 1 });
});

test.concurrent('a second cancellation changes nothing', async () => {
  const request = refunds.worldtrade('nobody');
  const id = await refunds.begin(request);
  await refunds.until(id, rests);
  await handleOf(id).cancel();
  const before = await refunds.until(id, ({ attention }) => attention !== undefined);
  await handleOf(id).cancel();
  await refunds.skipper.settled(`refund:${id}`);
  expect(await refunds.refunds.describe(id)).toEqual(before);
  await refunds.refunds.decide(id, { decision: 'mark-failed', ...NOTE, evidence: 'ticket 4711' });
  expect(await refunds.refunds.result(id)).toMatchObject({ status: 'failed', by: 'Ana' });
});

test.concurrent('a cancellation while no connection can be made: nothing was sent, and the refund ends as cancelled', async () => {
  const request = refunds.cashier('plain');
  const id = request.refundRequestId;
  const taskQueue = `${refunds.taskQueue}-cut-off`;
  const workers = [
    await startWorkflowWorker(taskQueue),
    await startActivityWorker(taskQueue, nobodysClient(refunds.sandbox)),
  ];
  await new RefundClient(refunds.client, { taskQueue }).start(request);
  refunds.started(`refund:${id}`);
  await refunds.until(id, ({ lastAnswer }) => lastAnswer?.kind === 'notSent');
  await handleOf(id).cancel();
  await expectCancelled(request);
  await Promise.all(workers.map((worker) => worker.stop()));
});

test.concurrent('a caller that waits for the first answer gets it, although the workflow was cancelled', async () => {
  const request = refunds.worldtrade('plain');
  const id = request.refundRequestId;
  refunds.started(`refund:${id}`);
  const hold = refunds.sandbox.hold({ api: 'applyRefund', id }, 'after');
  const first = refunds.refunds.startAndWait(request, { until: 'answer' });
  await hold.arrived;
  await refunds.refunds.getHandle(id).cancel();
  await refunds.until(id, ({ timeline }) => timeline.some(({ event }) => event === 'sent'));
  hold.release();
  expect(await first).toMatchObject({ view: { refundOrderId: expect.any(String) } });
  expect(await refunds.until(id, ({ attention }) => attention !== undefined)).toMatchObject({
    attention: { reason: 'cancel-requested' },
  });
});
