import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { type CashierRefundRequest, type RefundRequest, RefundStoppedError } from '../../client/index.js';
import { expectNoDoubleEffects, requestOf, seenOf, sendsOf } from '../support/books.js';
import { rests, usePatientRefunds } from '../support/patient.js';

const refunds = usePatientRefunds();
expectNoDoubleEffects(refunds);

const NOTE = { by: 'Ana', reason: 'the customer called' };

/** A refund whose workflow was terminated after it was sent. */
async function terminated(request: RefundRequest): Promise<string> {
  const id = await refunds.begin(request);
  await refunds.until(id, rests);
  await refunds.client.workflow.getHandle(`refund:${id}`).terminate('a test');
  return id;
}

const stopped = { code: 'REFUND_STOPPED', message: expect.stringContaining('The workflow of the refund') };

describe('a refund whose workflow was terminated', () => {
  test.concurrent('is not reported as running, ended or existing', async () => {
    const request = refunds.worldtrade('settles-3');
    const id = await terminated(request);
    await expect(refunds.refunds.describe(id)).rejects.toMatchObject(stopped);
    await expect(refunds.refunds.start(request)).rejects.toMatchObject(stopped);
    await expect(refunds.refunds.waitUntilIdle(id)).rejects.toMatchObject(stopped);
    await expect(refunds.refunds.result(id)).rejects.toMatchObject(stopped);
    await expect(refunds.refunds.escalate(id, NOTE)).rejects.toMatchObject(stopped);
    await expect(refunds.refunds.checkNow(id, NOTE)).rejects.toMatchObject(stopped);
    await expect(refunds.refunds.decide(id, { decision: 'send-again', ...NOTE })).rejects.toMatchObject(
      stopped,
    );
  });

  test.concurrent('the error says who terminated it, why, and that the money may have moved', async () => {
    const id = await terminated(refunds.cashier('settles-3'));
    const error = await refunds.refunds.describe(id).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RefundStoppedError);
    expect((error as Error).message).toMatch(
      /was terminated by .+ \("a test"\) at .+ UTC\. .*may have moved/,
    );
    expect((error as Error).message).toContain(`worldfirst-refunds resume ${id}`);
  });

  test.concurrent('leaves the list of open refunds, and is in the list of stopped ones', async () => {
    const request = refunds.worldtrade('settles-3');
    const id = await terminated(request);
    const idsOf = async (status: 'processing' | 'stopped') => {
      const ids: string[] = [];
      for await (const each of refunds.refunds.list({ status, reference: request.tradeId }))
        ids.push(each.refundRequestId);
      return ids;
    };
    while (!(await idsOf('stopped')).includes(id)) await sleep(200);
    expect(await idsOf('processing')).toEqual([]);
  });
});

describe.for(['worldtrade', 'cashier'] as const)('%s: a resumed refund', (product) => {
  test.concurrent('is resumed: an inquiry finds that it was carried out, and nothing is sent again', async () => {
    const request = requestOf(refunds, product, 'settles-3');
    const id = await terminated(request);
    expect(await refunds.refunds.resume(id)).toMatchObject({ started: true });
    const view = await refunds.until(id, rests);
    expect(view.timeline.map(({ event }) => event)).toContain('already-sent');
    expect(view.submission).toBe('accepted');
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, moved: 1 });
  });

  test.concurrent('is resumed: WorldFirst does not know it, and the identical request is sent again', async () => {
    const request = requestOf(refunds, product, 'dropped-before');
    const id = await terminated(request);
    await refunds.refunds.resume(id);
    await refunds.until(id, ({ submission }) => submission === 'accepted');
    const bodies = sendsOf(refunds, request).map(({ body }) => JSON.stringify(body));
    expect(bodies).toHaveLength(2);
    expect(new Set(bodies).size).toBe(1);
    expect(seenOf(refunds, request)).toMatchObject({ moved: 1 });
  });
});

test.concurrent('a refund that runs or has ended is not resumed', async () => {
  const running = await refunds.begin(refunds.cashier('never-settles'));
  expect(await refunds.refunds.resume(running)).toMatchObject({ started: false });
  const ended = await refunds.run(refunds.cashier('plain'));
  await expect(refunds.refunds.resume(ended.refundRequestId)).rejects.toMatchObject({ code: 'REFUND_ENDED' });
});

describe('a refund that another system has sent', () => {
  /** Sends it as that system does. */
  function sendElsewhere(request: CashierRefundRequest, refundRequestId = request.refundRequestId) {
    const { payToId, refundToDetails, refundReason } = request;
    return refunds.worldfirst.refund({
      refundRequestId,
      payToId,
      refundToDetails,
      refundDetails: refundToDetails,
      refundReason,
      refundRequestTime: '2026-08-30T02:02:39+08:00',
    });
  }

  test.concurrent('is inquired before anything is sent', async () => {
    const request = refunds.cashier('settles-3');
    await sendElsewhere(request);
    const id = await refunds.begin(request, { alreadySent: true });
    const view = await refunds.until(id, rests);
    expect(view.submission).toBe('accepted');
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, moved: 1 });
  });

  test.concurrent('under a new id, too, waits for an operator, and nothing is sent', async () => {
    const request = refunds.cashier('refused-once-PROCESS_FAIL');
    const newId = `${request.refundRequestId}-2`;
    await sendElsewhere(request);
    await sendElsewhere(request, newId);
    const id = await refunds.begin(request, { alreadySent: true });
    const view = await refunds.until(id, rests);
    expect(view.attention?.reason).toBe('id-used-before');
    expect(view.attention?.explanation).toContain(newId);
    expect(view.attention?.decisions).not.toContain('send-with-new-id');
    expect(seenOf(refunds, request)).toMatchObject({ sends: 2, moved: 1 });
  });
});

test.concurrent('a resumed refund of an order that another refund returned sends nothing', async () => {
  const request = refunds.worldtrade('dropped-before');
  const id = await refunds.begin(request);
  await refunds.until(id, rests);
  const notification = refunds.sandbox.signedNotification({
    tradeId: request.tradeId,
    isRefund: 'Y',
  });
  await refunds.client.workflow
    .getHandle(`refund:${id}`)
    .signal('notification', { ...notification, concerns: 'another' });
  await refunds.until(id, ({ attention }) => attention?.reason === 'refunded-elsewhere');
  await refunds.client.workflow.getHandle(`refund:${id}`).terminate('a test');
  await refunds.refunds.resume(id);
  const view = await refunds.until(id, rests);
  expect(view.attention?.decisions ?? []).not.toContain('send-again');
  expect(seenOf(refunds, request)).toMatchObject({ sends: 1, moved: 0 });
});
