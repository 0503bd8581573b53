import { expect, test } from 'vitest';
import type { RefundRequest, RefundView } from '../../client/index.js';
import type { JournalEntry } from '../../testing/sandbox/index.js';
import { expectNoDoubleEffects, seenOf, sendsOf } from '../support/books.js';
import { rests, usePatientRefunds } from '../support/patient.js';
import { failedTasksOf, untilQuiet } from '../support/workers.js';

// A worker that stops cuts a call short after this time, and not after a minute.
const refunds = usePatientRefunds({ shutdownGraceTime: '1s' });
expectNoDoubleEffects(refunds);

const NOTE = { by: 'Ana', reason: 'the worker is back' };

const seen = (id: string, isSo: (view: RefundView) => boolean = () => true) => refunds.until(id, isSo);

async function restart(id: string): Promise<void> {
  await untilQuiet(refunds, `refund:${id}`);
  await refunds.stopWorker();
  await refunds.startWorker();
  await seen(id);
}

/** Begins a refund, stops the worker in the middle of a call, and starts another one. */
async function cutDuring(
  api: NonNullable<JournalEntry['api']>,
  phase: 'before' | 'after',
  request: RefundRequest,
  before: () => Promise<unknown> = async () => {},
): Promise<void> {
  const id = request.refundRequestId;
  const about = api === 'queryTradeOrder' && request.product === 'worldtrade' ? request.tradeId : id;
  const hold = refunds.sandbox.hold({ api, id: about }, phase);
  await refunds.begin(request);
  await before();
  await hold.arrived;
  await refunds.stopWorker();
  hold.release();
  await refunds.startWorker();
}

async function toItsEnd(request: RefundRequest) {
  const id = request.refundRequestId;
  await refunds.skipper.resume(`refund:${id}`);
  const view = await refunds.refunds.waitUntilIdle(id);
  expect(await failedTasksOf(refunds, `refund:${id}`)).toEqual([]);
  expect(new Set(sendsOf(refunds, request).map(({ body }) => body)).size).toBe(1);
  return view;
}

test('during the query of the order: the query is repeated, and the refund is sent once', async () => {
  const request = refunds.worldtrade('plain');
  await cutDuring('queryTradeOrder', 'after', request);
  expect(await toItsEnd(request)).toMatchObject({ status: 'succeeded' });
  expect(seenOf(refunds, request)).toMatchObject({ sends: 1, moved: 1 });
});

test('during an inquiry: the inquiries continue, and the money moves once', async () => {
  const request = refunds.worldtrade('unknown-3');
  const id = request.refundRequestId;
  await cutDuring('inquireRefund', 'before', request, async () => {
    await seen(id, rests);
    await refunds.refunds.getHandle(id).signal('checkNow', NOTE);
  });
  expect(await toItsEnd(request)).toMatchObject({ status: 'succeeded' });
  expect(seenOf(refunds, request)).toMatchObject({ moved: 1 });
});

// Six workers are started one after another, and a busy machine takes seconds for each.
const LONG = { timeout: 180_000 };

test('between all steps of a refund: nothing is inquired or sent twice', LONG, async () => {
  const request = refunds.worldtrade('refused-once-PROCESS_FAIL-unknown-2-settles-3');
  const id = request.refundRequestId;
  await refunds.begin(request);
  await seen(id, rests);
  await restart(id);
  await refunds.refunds.decide(id, { decision: 'send-again', ...NOTE });
  await seen(id, ({ inquiries }) => inquiries.nextAt !== undefined);
  await restart(id);
  await refunds.refunds.checkNow(id, NOTE);
  await restart(id);
  expect(await refunds.refunds.checkNow(id, NOTE)).toMatchObject({ status: 'processing' });
  await restart(id);
  await refunds.refunds.escalate(id, NOTE);
  await restart(id);
  await refunds.refunds.decide(id, { decision: 'inquire-again', ...NOTE });
  await restart(id);
  const view = await toItsEnd(request);
  expect(view.outcome).toMatchObject({ status: 'succeeded', providerRequestId: id });
  // Refused, sent again, and once more because the first inquiry did not know it.
  expect(seenOf(refunds, request)).toEqual({ queries: 1, sends: 3, inquiries: 3, moved: 1 });
});

test('messages that arrive while no worker runs are all handled, in their order', async () => {
  const request = refunds.worldtrade('nobody');
  const id = request.refundRequestId;
  await refunds.begin(request);
  await seen(id, rests);
  await untilQuiet(refunds, `refund:${id}`);
  await refunds.stopWorker();
  const handle = refunds.refunds.getHandle(id);
  await handle.signal('escalate', NOTE);
  await handle.signal('decide', { decision: 'send-again', ...NOTE });
  await handle.signal('escalate', { by: 'Ben', reason: 'no, wait' });
  await handle.signal('decide', {
    decision: 'mark-failed',
    by: 'Ben',
    reason: 'done',
    evidence: 'ticket 4711',
  });
  await refunds.startWorker();
  expect(await refunds.refunds.result(id)).toMatchObject({ status: 'failed', by: 'Ben' });
  const { timeline } = await seen(id);
  expect(timeline.filter(({ by }) => by !== undefined).map(({ event, by }) => `${by}: ${event}`)).toEqual([
    'Ana: escalate',
    'Ana: decision',
    'Ben: escalate',
    'Ben: decision',
    'Ben: ended',
  ]);
  // Ben's word came before the sending that Ana had decided.
  expect(seenOf(refunds, request)).toMatchObject({ sends: 1, moved: 0 });
});

test('a new worker handles a cancellation and a later decision in that order', async () => {
  const request = refunds.cashier('refused-once-PROCESS_FAIL');
  const id = await refunds.begin(request);
  await seen(id, rests);
  await untilQuiet(refunds, `refund:${id}`);
  await refunds.refunds.escalate(id, NOTE);
  await untilQuiet(refunds, `refund:${id}`);
  await refunds.refunds.getHandle(id).cancel();
  await restart(id);
  await refunds.refunds.decide(id, { decision: 'send-again', ...NOTE });
  expect(await toItsEnd(request)).toMatchObject({ status: 'succeeded' });
});
