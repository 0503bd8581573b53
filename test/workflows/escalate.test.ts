import { describe, expect, test } from 'vitest';
import type { RefundRequest, RefundView } from '../../client/index.js';
import { expectNoDoubleEffects, seenOf } from '../support/books.js';
import { eventsOf, lastOf, rests, usePatientRefunds } from '../support/patient.js';

const refunds = usePatientRefunds();
expectNoDoubleEffects(refunds);

const NOTE = { by: 'Ana', reason: 'the customer called' };

function expectEscalated(view: RefundView): void {
  expect(view.status).toBe('needs-attention');
  expect(view.attention).toMatchObject({
    reason: 'escalated',
    explanation: expect.stringContaining('Ana: the customer called'),
    since: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
  });
  expect(view.inquiries.nextAt).toBeUndefined();
  expect(lastOf(view, 'escalate')).toMatchObject({ by: 'Ana' });
}

/** Nothing more happens by itself, however much time passes. */
async function staysPut(request: RefundRequest): Promise<void> {
  const workflowId = `refund:${request.refundRequestId}`;
  const before = seenOf(refunds, request);
  await refunds.skipper.resume(workflowId);
  await refunds.skipper.settled(workflowId);
  expect(seenOf(refunds, request)).toEqual(before);
  expect((await refunds.client.workflow.getHandle(workflowId).describe()).status.name).toBe('RUNNING');
}

describe('an escalation halts the automatic work, and the refund needs an operator', () => {
  test.concurrent('while the query of the order fails: immediately, and nothing is sent', async () => {
    const request = refunds.worldtrade('query-badgateway-always');
    const id = await refunds.begin(request);
    expect((await refunds.refunds.describe(id)).status).toBe('preparing');
    const view = await refunds.refunds.escalate(id, NOTE);
    expectEscalated(view);
    expect(view.attention?.decisions).toEqual(['send-again', 'cancel', 'mark-failed']);
    await refunds.skipper.settled(`refund:${id}`);
    expect(seenOf(refunds, request)).toMatchObject({ sends: 0, moved: 0 });
  });

  test.concurrent('while the query runs: its answer is ignored', async () => {
    const request = refunds.worldtrade('plain');
    const hold = refunds.sandbox.hold({ api: 'queryTradeOrder', id: request.tradeId }, 'after');
    const id = await refunds.begin(request);
    await hold.arrived;
    expectEscalated(await refunds.refunds.escalate(id, NOTE));
    hold.release();
    await refunds.skipper.settled(`refund:${id}`);
    expectEscalated(await refunds.refunds.describe(id));
    expect(seenOf(refunds, request)).toEqual({ queries: 1, sends: 0, inquiries: 0, moved: 0 });
  });

  test.concurrent.each([
    ['before', 0],
    ['after', 1],
  ] as const)('while it is being sent, %s its effect: the answer is handled first', async (phase, moved) => {
    const request = refunds.worldtrade('plain');
    const id = request.refundRequestId;
    const hold = refunds.sandbox.hold({ api: 'applyRefund', id }, phase);
    await refunds.begin(request);
    await hold.arrived;
    await refunds.refunds.escalate(id, NOTE);
    expect(refunds.sandbox.journal.moved(id)).toHaveLength(moved);
    hold.release();
    const view = await refunds.until(id, ({ attention }) => attention !== undefined);
    expectEscalated(view);
    expect(view).toMatchObject({
      lastAnswer: { step: 'send', kind: 'accepted' },
      refundOrderId: expect.any(String),
    });
    expect(view.attention?.decisions).not.toContain('send-with-new-id');
    expect(seenOf(refunds, request)).toEqual({ queries: 1, sends: 1, inquiries: 0, moved: 1 });
  });

  test.concurrent('while the request is sent and WorldFirst refuses it for good: the refund ends', async () => {
    const request = refunds.cashier('total-USD-1');
    const id = request.refundRequestId;
    const hold = refunds.sandbox.hold({ api: 'refund', id }, 'before');
    await refunds.begin(request);
    await hold.arrived;
    await refunds.refunds.escalate(id, NOTE);
    hold.release();
    expect(await refunds.refunds.result(id)).toMatchObject({
      status: 'failed',
      code: 'REFUND_AMOUNT_EXCEED',
    });
    expect(lastOf(await refunds.refunds.describe(id), 'escalate')).toMatchObject({ by: 'Ana' });
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, moved: 0 });
  });

  test.concurrent('between two inquiries', async () => {
    const request = refunds.worldtrade('nobody');
    const id = await refunds.begin(request);
    await refunds.until(id, rests);
    expectEscalated(await refunds.refunds.escalate(id, NOTE));
    await staysPut(request);
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 0 });
  });

  test.concurrent('during an inquiry: its answer counts', async () => {
    const request = refunds.worldtrade('unknown-1');
    const id = request.refundRequestId;
    await refunds.begin(request);
    await refunds.until(id, rests);
    const hold = refunds.sandbox.hold({ api: 'inquireRefund', id }, 'after');
    await refunds.refunds.getHandle(id).signal('checkNow', NOTE);
    await hold.arrived;
    await refunds.refunds.escalate(id, NOTE);
    hold.release();
    expect(await refunds.refunds.result(id)).toMatchObject({ status: 'succeeded', confirmedBy: 'inquiry' });
    expect(eventsOf(await refunds.refunds.describe(id))).toContain('escalate');
  });

  test.concurrent('during an inquiry that does not find the refund: it is not sent again', async () => {
    const request = refunds.worldtrade('nobody');
    const id = request.refundRequestId;
    await refunds.begin(request);
    await refunds.until(id, rests);
    const hold = refunds.sandbox.hold({ api: 'inquireRefund', id }, 'after');
    await refunds.refunds.getHandle(id).signal('checkNow', NOTE);
    await hold.arrived;
    await refunds.refunds.escalate(id, NOTE);
    hold.release();
    const view = await refunds.until(id, ({ attention }) => attention !== undefined);
    expectEscalated(view);
    expect(view.inquiries).toEqual({ done: 1, allowed: 7 });
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 1 });
  });

  test.concurrent('while it waits for the settlement', async () => {
    const request = refunds.cashier('never-settles');
    const id = await refunds.begin(request);
    await refunds.until(id, rests);
    expectEscalated(await refunds.refunds.escalate(id, NOTE));
    await staysPut(request);
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, moved: 1 });
  });
});

test.concurrent('an escalated refund that needs an operator already keeps its reason', async () => {
  const id = await refunds.begin(refunds.worldtrade('refused-PROCESS_FAIL'));
  const before = await refunds.until(id, rests);
  const after = await refunds.refunds.escalate(id, NOTE);
  expect(after.attention).toEqual(before.attention);
  expect(lastOf(after, 'escalate')).toMatchObject({ by: 'Ana' });
});

test.concurrent('a refund that is escalated before its first step makes no call to WorldFirst', async () => {
  // The signal is there before any worker has seen the refund.
  const request = refunds.cashier('plain');
  const { client, taskQueue } = refunds;
  await client.workflow.signalWithStart('refund', {
    workflowId: `refund:${request.refundRequestId}`,
    taskQueue,
    args: [request],
    signal: 'escalate',
    signalArgs: [NOTE],
  });
  refunds.started(`refund:${request.refundRequestId}`);
  expectEscalated(await refunds.until(request.refundRequestId, rests));
  expect(seenOf(refunds, request)).toEqual({ queries: 0, sends: 0, inquiries: 0, moved: 0 });
});

test.concurrent('an escalation after the end is rejected by Temporal, and nothing changes', async () => {
  const id = await refunds.begin(refunds.worldtrade('plain'));
  await refunds.refunds.result(id);
  const before = await refunds.refunds.describe(id);
  await expect(refunds.client.workflow.getHandle(`refund:${id}`).signal('escalate', NOTE)).rejects.toThrow(
    /completed|not found/i,
  );
  expect(await refunds.refunds.describe(id)).toEqual(before);
});
