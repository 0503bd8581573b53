import { describe, expect, test } from 'vitest';
import type { RefundOptions, RefundRequest, RefundView } from '../../client/index.js';
import { expectNoDoubleEffects, requestOf, seenOf, sendsOf } from '../support/books.js';
import { eventsOf, rests, usePatientRefunds } from '../support/patient.js';
import { resetWorkflow } from '../support/reset.js';

const refunds = usePatientRefunds();
expectNoDoubleEffects(refunds);

const PRODUCTS = ['worldtrade', 'cashier'] as const;

/** A refund that was sent, and waits for its next step. */
async function sent(request: RefundRequest, options?: RefundOptions): Promise<string> {
  const id = await refunds.begin(request, options);
  await refunds.until(id, rests);
  return id;
}

const wasReset = (view: RefundView) => eventsOf(view).includes('reset');

describe.for(PRODUCTS)('%s: a workflow reset', (product) => {
  test.concurrent.for([
    'first task',
    'task before the refund request',
    'task after the refund request',
    'last task',
  ] as const)(
    'to the point "%s" of a refund that WorldFirst carried out: an inquiry comes first, and the money moves once',
    async (point) => {
      const request = requestOf(refunds, product, 'settles-3');
      const id = await sent(request);
      await resetWorkflow(refunds, request, point);
      const view = await refunds.until(id, (now) => wasReset(now) && rests(now));
      expect(view.submission).toBe('accepted');
      expect(seenOf(refunds, request)).toMatchObject({ sends: 1, moved: 1 });
    },
  );

  test.concurrent('to before the refund request, unknown to WorldFirst: the identical request is sent', async () => {
    const request = requestOf(refunds, product, 'dropped-before');
    const id = await sent(request);
    await resetWorkflow(refunds, request, 'first task');
    const view = await refunds.until(id, (now) => wasReset(now) && now.submission === 'accepted');
    expect(eventsOf(view)).toContain('reset');
    expect(seenOf(refunds, request)).toMatchObject({ moved: 1 });
  });

  test.concurrent('of a refused refund: the refusal of the repeat does not end it', async () => {
    const request = requestOf(refunds, product, 'refused-PROCESS_FAIL');
    const id = await sent(request);
    await resetWorkflow(refunds, request, 'first task');
    const view = await refunds.until(id, (now) => wasReset(now) && rests(now));
    expect(view.attention).toMatchObject({ reason: 'refused-after-unknown' });
    expect(view.attention?.explanation).toContain('this run came out of a reset');
    expect(view.attention?.decisions).not.toContain('send-with-new-id');
  });

  test.concurrent('of a refund that waits for an operator: the reason is the reset, and a new id is not possible', async () => {
    const request = requestOf(refunds, product, 'refused-PROCESS_FAIL');
    const id = await sent(request);
    await resetWorkflow(refunds, request, 'last task');
    const view = await refunds.until(id, (now) => wasReset(now) && rests(now));
    expect(view.attention?.decisions).not.toContain('send-with-new-id');
    expect(view.attention?.explanation).toContain('The money may have moved.');
  });

  test.concurrent('twice: both resets are in the timeline, and the money moves once', async () => {
    const request = requestOf(refunds, product, 'settles-3');
    const id = await sent(request);
    await resetWorkflow(refunds, request, 'first task');
    await refunds.until(id, (now) => wasReset(now) && rests(now));
    await resetWorkflow(refunds, request, 'last task');
    const view = await refunds.until(
      id,
      (now) => eventsOf(now).filter((event) => event === 'reset').length === 2 && rests(now),
    );
    expect(view.submission).toBe('accepted');
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, moved: 1 });
  });
});

describe.for(PRODUCTS)('%s: a refund that was sent under a new id', (product) => {
  /** WorldFirst refused the first request, and carried out the one under the new id. */
  async function sentUnderNewId(request: RefundRequest, options?: RefundOptions): Promise<string> {
    const id = await sent(request, options);
    await refunds.refunds.decide(id, { decision: 'send-with-new-id', by: 'Ana', reason: 'support says so' });
    await refunds.until(id, ({ outcome }) => outcome?.status === 'succeeded');
    return id;
  }

  test.concurrent('and is reset to its first task: the new id is found, and nothing is sent', async () => {
    const request = requestOf(refunds, product, 'refused-once-PROCESS_FAIL');
    const id = await sentUnderNewId(request);
    await resetWorkflow(refunds, request, 'first task');
    const view = await refunds.until(id, (now) => wasReset(now) && rests(now));
    expect(view.outcome).toMatchObject({ status: 'succeeded', providerRequestId: `${id}-2` });
    expect(seenOf(refunds, request)).toMatchObject({ sends: 2, moved: 1 });
  });

  test.concurrent('and is reset while the inquiry of the new id has no answer: nothing is sent before there is one', async () => {
    const request = requestOf(refunds, product, 'refused-once-PROCESS_FAIL');
    const id = await sentUnderNewId(request, { inquiryIntervals: ['1s', '1s', '1s'] });
    refunds.sandbox.when(
      { api: 'inquireRefund', id: `${id}-2`, times: 2 },
      { code: 'UNKNOWN_EXCEPTION', phase: 'before' },
    );
    await resetWorkflow(refunds, request, 'first task');
    const view = await refunds.until(
      id,
      (now) => wasReset(now) && (now.outcome || now.attention) !== undefined,
    );
    expect(view.outcome).toMatchObject({ status: 'succeeded', providerRequestId: `${id}-2` });
    expect(seenOf(refunds, request)).toMatchObject({ sends: 2, moved: 1 });
  });
});

describe('WorldFirst lists no refund of the order', () => {
  /** Sent under a new id, and accepted; no inquiry finds it. */
  async function acceptedUnderNewId(request: RefundRequest): Promise<string> {
    const id = await sent(request, { settlementIntervals: ['0s', '1s'] });
    await refunds.refunds.decide(id, { decision: 'send-with-new-id', by: 'Ana', reason: 'support says so' });
    await refunds.until(id, ({ outcome }) => outcome?.status === 'accepted');
    return id;
  }

  test.concurrent('and a refund that was sent under a new id is reset: the first id is not sent again', async () => {
    const request = refunds.worldtrade('unlisted-refused-once-PROCESS_FAIL');
    const id = await acceptedUnderNewId(request);
    await resetWorkflow(refunds, request, 'first task');
    const view = await refunds.until(id, (now) => wasReset(now) && rests(now));
    expect(view.providerRequestId).toBe(`${id}-2`);
    expect(sendsOf(refunds, request).map((send) => send.id)).toEqual([id, `${id}-2`, `${id}-2`]);
    expect(seenOf(refunds, request)).toMatchObject({ moved: 1 });
  });

  test.concurrent('and the run after the reset is terminated: the resumed run does not send the first id again', async () => {
    const request = refunds.worldtrade('unlisted-refused-once-PROCESS_FAIL');
    const id = await acceptedUnderNewId(request);
    await resetWorkflow(refunds, request, 'first task');
    await refunds.client.workflow.getHandle(`refund:${id}`).terminate('a test');
    await refunds.refunds.resume(id);
    const view = await refunds.until(id, rests);
    expect(view.providerRequestId).toBe(`${id}-2`);
    expect(sendsOf(refunds, request).filter((send) => send.id === id)).toHaveLength(1);
    expect(seenOf(refunds, request)).toMatchObject({ moved: 1 });
  });
});

test.concurrent('a reset of a refused refund of an order that was closed with a refund: it is not called succeeded', async () => {
  const request = refunds.worldtrade('refused-once-PROCESS_FAIL');
  const id = await sent(request);
  const { tradeId } = request;
  const notification = refunds.sandbox.signedNotification({ tradeId, isRefund: 'Y' });
  await refunds.client.workflow.getHandle(`refund:${id}`).signal('notification', notification);
  await refunds.until(id, ({ attention }) => attention?.reason === 'refunded-elsewhere');
  await resetWorkflow(refunds, request, 'first task');
  const view = await refunds.until(
    id,
    (now) => wasReset(now) && (now.attention ?? now.outcome) !== undefined,
  );
  expect(view.outcome).toBeUndefined();
  expect(view.attention?.decisions).not.toContain('send-again');
  expect(seenOf(refunds, request)).toMatchObject({ sends: 1, moved: 0 });
});

test.concurrent('an order that cannot be queried any more does not end a refund that WorldFirst accepted', async () => {
  const request = refunds.worldtrade('never-settles');
  const id = await sent(request);
  await refunds.client.workflow.getHandle(`refund:${id}`).terminate('a test');
  const { tradeId } = request;
  refunds.sandbox.when(
    { api: 'queryTradeOrder', id: tradeId, times: 9 },
    { code: 'ORDER_NOT_EXIST', phase: 'before' },
  );
  await refunds.refunds.resume(id);
  await refunds.until(id, ({ submission }) => submission === 'accepted');
  await refunds.refunds.escalate(id, { by: 'Ana', reason: 'a test' });
  await refunds.refunds.decide(id, { decision: 'send-again', by: 'Ana', reason: 'a test' });
  const view = await refunds.until(id, ({ attention }) => attention?.reason === 'refused-after-unknown');
  expect(view.outcome).toBeUndefined();
  expect(seenOf(refunds, request)).toMatchObject({ sends: 1, moved: 1 });
});

test.concurrent('a reset of a refund whose order has several payments: it is not shown as not sent', async () => {
  const request = refunds.worldtrade('phases');
  const id = await sent(request);
  await resetWorkflow(refunds, request, 'first task');
  const view = await refunds.until(id, (now) => wasReset(now) && rests(now));
  expect(view.attention).toMatchObject({ reason: 'several-payments' });
  expect(view.attention?.explanation).toContain('The money may have moved.');
  expect(view.attention?.decisions).not.toContain('cancel');
});
