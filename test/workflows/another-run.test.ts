// @module-tag long
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import {
  AnotherRefundError,
  type Decision,
  DecisionRefusedError,
  NoWorkerError,
  RefundConflictError,
  type RefundView,
} from '../../client/index.js';
import { runsOf } from '../../testing/run-histories.js';
import { expectNoDoubleEffects, seenOf, sendsOf } from '../support/books.js';
import { historyOf } from '../support/history.js';
import { known, LONG, useLongHistories } from '../support/long-histories.js';
import { eventsOf } from '../support/patient.js';
import { json, signalRaw } from '../support/raw-messages.js';

// With twenty messages that come at once, each as a task of its own, and an inquiry.
const MOST = LONG + 120;
const NOTE = { by: 'Ana', reason: 'the support said so' };

const { refunds, notices, resting, runOf, goesOn, almostGoesOn } = useLongHistories();
expectNoDoubleEffects(refunds);

/** A wait of about so many seconds: those for a busy WorldFirst are spread. */
const around = (seconds: number) => ({
  asymmetricMatch: (given: number) => given >= seconds * 0.8 - 1 && given <= seconds * 1.2 + 1,
});

async function toItsEnd(id: string): Promise<RefundView> {
  await refunds.skipper.resume(`refund:${id}`);
  return refunds.refunds.waitUntilIdle(id);
}

describe('a refund with a long history continues as new without a loss', () => {
  test.concurrent.for(['worldtrade', 'cashier'] as const)(
    'while it waits for an operator: %s',
    async (product) => {
      const request = refunds[product]('refused-once-PROCESS_FAIL');
      const id = await resting(request);
      const before = await refunds.refunds.describe(id);
      await goesOn(id);
      await goesOn(id);
      const after = await refunds.refunds.describe(id);
      expect(known(after)).toEqual(known(before));
      expect(eventsOf(after).filter((event) => event === 'continued')).toHaveLength(2);
      await refunds.refunds.decide(id, { decision: 'send-again', ...NOTE });
      expect(await refunds.refunds.result(id)).toMatchObject({ status: 'succeeded', providerRequestId: id });
      // The same body, to the time within it: the books are kept.
      expect(seenOf(refunds, request)).toMatchObject({ sends: 2, moved: 1 });
    },
  );

  test.concurrent('during the seven inquiries: the wait keeps its end, and the number stays seven', async () => {
    const request = refunds.cashier('nobody');
    const id = await resting(request);
    await refunds.refunds.checkNow(id, NOTE);
    const before = await refunds.refunds.checkNow(id, NOTE);
    expect(before).toMatchObject({ status: 'unknown', inquiries: { done: 2, allowed: 7 } });
    await goesOn(id);
    expect(known(await refunds.refunds.describe(id))).toEqual(known(before));
    expect(await toItsEnd(id)).toMatchObject({
      attention: { reason: 'unknown-after-all-inquiries' },
      inquiries: { done: 7 },
    });
    expect(seenOf(refunds, request)).toMatchObject({ inquiries: 7, sends: 8, moved: 0 });
    const waited = (await historyOf(refunds, id)).timers.map(({ seconds }) => seconds);
    expect(waited.slice(0, 3)).toEqual([300, 600, 1200]);
    expect(waited[3]).toBeGreaterThan(1100);
    expect(waited[3]).toBeLessThan(1200);
  });

  test.concurrent('while it waits for the settlement: two inquiries in a row do not find it', async () => {
    const request = refunds.worldtrade('unlisted');
    const id = await resting(request);
    expect(await refunds.refunds.describe(id)).toMatchObject({
      status: 'processing',
      inquiries: { done: 1 },
    });
    await goesOn(id);
    expect(await toItsEnd(id)).toMatchObject({ status: 'accepted', inquiries: { done: 2, allowed: 19 } });
    expect(seenOf(refunds, request)).toEqual({ queries: 1, sends: 1, inquiries: 2, moved: 1 });
  });

  test.concurrent.for([
    ['query', 'queryTradeOrder'],
    ['inquiry', 'inquireRefund'],
  ] as const)('while WorldFirst is too busy for the %s: it waits ever longer', async ([, api]) => {
    const request = refunds.worldtrade('unknown-1');
    const id = request.refundRequestId;
    const about = api === 'queryTradeOrder' ? request.tradeId : id;
    refunds.sandbox.when(
      { api, id: about, times: 3 },
      { code: 'REQUEST_TRAFFIC_EXCEED_LIMIT', phase: 'before' },
    );
    await resting(request);
    if (api === 'inquireRefund') await refunds.refunds.checkNow(id, NOTE);
    await refunds.refunds.checkNow(id, NOTE);
    const before = await refunds.refunds.describe(id);
    await goesOn(id);
    expect(known(await refunds.refunds.describe(id))).toEqual(known(before));
    expect(await toItsEnd(id)).toMatchObject({ status: 'succeeded' });
    const waited = (await historyOf(refunds, id)).timers.map(({ seconds }) => seconds);
    const [first, second, rest, third] = waited.slice(api === 'inquireRefund' ? 1 : 0);
    expect([first, second, third]).toEqual([around(30), around(60), around(120)]);
    // It may have gone on at once, so that all of it was left.
    expect(rest).toBeLessThanOrEqual(second as number);
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, moved: 1 });
  });
});

describe('a refund that continued as new is one refund', () => {
  test.concurrent('in the list, with its original start', async () => {
    const request = refunds.worldtrade('nobody');
    const id = await resting(request);
    const [before] = await listed(request.tradeId, 1);
    await goesOn(id);
    await goesOn(id);
    await vi.waitFor(async () => expect(await listed(request.tradeId)).toEqual([before]), 20_000);
    const again = await refunds.refunds.start(request);
    expect(again).toMatchObject({ started: false });
    await expect(refunds.refunds.start({ ...request, remark: 'another' })).rejects.toThrow(
      RefundConflictError,
    );
    const other = refunds.worldtrade('x', { tradeId: request.tradeId });
    await expect(refunds.refunds.start(other)).rejects.toThrow(AnotherRefundError);
    expect((await refunds.refunds.startAndWait(request, { until: 'answer' })).view?.status).toBe('unknown');
  });

  test.concurrent('for a caller that watches it or waits for its end', async () => {
    const id = await resting(refunds.cashier('unknown-1'));
    const seen: RefundView[] = [];
    const watching = (async () => {
      for await (const view of refunds.refunds.watch(id)) seen.push(view);
    })();
    const ending = refunds.refunds.result(id);
    await goesOn(id);
    await goesOn(id);
    await refunds.refunds.checkNow(id, NOTE);
    expect(await ending).toMatchObject({ status: 'succeeded' });
    await watching;
    expect(seen.at(-1)?.outcome).toEqual(await ending);
  });
});

describe('messages while a refund continues as new', () => {
  test.concurrent('two hundred messages of every kind at once: each is handled once', async () => {
    const id = await resting(refunds.worldtrade('refused-PROCESS_FAIL'));
    const run = await runOf(id);
    const names = Array.from({ length: 200 }, (_, index) => `person ${index}`);
    await Promise.all(names.map((by, index) => send(id, index % 4, by)));
    const { timeline, attention } = await refunds.refunds.describe(id);
    const heard = timeline.filter(
      ({ event }) => event === 'escalate' || event === 'check-now' || event === 'decision-refused',
    );
    expect(heard.map(({ by }) => by).sort()).toEqual(names.filter((_, index) => index % 4 < 3).sort());
    expect(attention).toMatchObject({ reason: 'refused-needs-person' });
    expect(await runOf(id)).not.toBe(run);
  });

  test.concurrent('twenty operators decide at once: one decision counts, and the others are rejected', async () => {
    const request = refunds.cashier('refused-once-PROCESS_FAIL-never-settles');
    const id = await resting(request);
    await almostGoesOn(id);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        decided(id, { decision: 'send-again', by: `person ${index}`, reason: 'now' }),
      ),
    );
    expect(answers.filter((answer) => !(answer instanceof DecisionRefusedError))).toEqual(['carried out']);
    await refunds.until(id, ({ status }) => status === 'processing');
    expect(seenOf(refunds, request)).toMatchObject({ sends: 2 });
  });

  test.concurrent('rejected decisions are not in the history, so they do not make it continue as new', async () => {
    const id = await resting(refunds.worldtrade('nobody'));
    await refunds.refunds.escalate(id, NOTE);
    const withoutEvidence = { decision: 'mark-failed', ...NOTE } as const;
    for (let runs = 0; runs < 2; runs += 1) {
      const run = await runOf(id);
      while ((await runOf(id)) === run) {
        await signalRaw(refunds, id, 'escalate', [json('?')]);
        await expect(refunds.refunds.decide(id, withoutEvidence)).rejects.toThrow(DecisionRefusedError);
      }
    }
    expect((await refunds.refunds.describe(id)).attention).toMatchObject({ reason: 'escalated' });
  });

  test.concurrent('with a thousand checks and unreadable messages the refund still makes seven inquiries', async () => {
    const request = refunds.worldtrade('nobody');
    const id = await resting(request);
    for (let batch = 0; batch < 50; batch += 1) {
      await Promise.all(
        Array.from({ length: 10 }, () => [
          refunds.refunds.getHandle(id).signal('checkNow', NOTE),
          signalRaw(refunds, id, 'decide', [json('?')]),
        ]).flat(),
      );
      await refunds.refunds.describe(id);
    }
    const view = await refunds.until(id, ({ attention }) => attention !== undefined);
    expect(view).toMatchObject({
      attention: { reason: 'unknown-after-all-inquiries' },
      inquiries: { done: 7 },
    });
    expect(seenOf(refunds, request)).toMatchObject({ inquiries: 7, sends: 8, moved: 0 });
    const runs = await runsOf(refunds.client, `refund:${id}`);
    expect(runs.length).toBeGreaterThan(3);
    for (const { history } of runs) expect(history.events?.length).toBeLessThan(MOST);
  });
});

describe('work in progress is kept when a refund continues as new', () => {
  test.concurrent('the reminder that it needs an operator is sent when it is due, not earlier', async () => {
    const id = await resting(refunds.cashier('refused-PROCESS_FAIL'));
    const told = () => notices.filter(({ data }) => data.refundRequestId === id).map(({ type }) => type);
    await vi.waitFor(() => expect(told()).toHaveLength(1), 20_000);
    await goesOn(id);
    await goesOn(id);
    await toItsEnd(id);
    await vi.waitFor(
      () => expect(told()).toEqual(['refund.needs-attention', 'refund.still-needs-attention']),
      20_000,
    );
    await goesOn(id);
    await refunds.skipper.settled(`refund:${id}`);
    expect(told()).toHaveLength(2);
    const reminders = (await historyOf(refunds, id)).timers.map(({ seconds }) => seconds);
    expect(reminders).toEqual([86_400, expect.any(Number), expect.any(Number)]);
    for (const rest of reminders.slice(1)) expect(rest).toBeGreaterThan(86_000);
  });
  test.concurrent('a refund under a new id keeps this id', async () => {
    const request = refunds.worldtrade('refused-PROCESS_FAIL');
    const id = await resting(request);
    await refunds.refunds.decide(id, { decision: 'send-with-new-id', ...NOTE });
    await refunds.until(id, ({ attention }) => attention !== undefined);
    await goesOn(id);
    expect(await refunds.refunds.describe(id)).toMatchObject({ providerRequestId: `${id}-2` });
    await refunds.refunds.decide(id, { decision: 'send-again', ...NOTE });
    await refunds.until(id, ({ attention }) => attention !== undefined);
    expect(sendsOf(refunds, request).map((each) => each.id)).toEqual([id, `${id}-2`, `${id}-2`]);
  });

  test('a cancellation in the same workflow task is handled', async () => {
    const id = await resting(refunds.worldtrade('nobody'));
    await almostGoesOn(id);
    const run = await runOf(id);
    await whileNoWorkerRuns(async () => {
      for (let count = 0; count < 10; count += 1) await signalRaw(refunds, id, 'escalate', [json('?')]);
      await refunds.refunds.getHandle(id).cancel();
    });
    const view = await refunds.until(id, ({ attention }) => attention !== undefined);
    expect(view.attention).toMatchObject({ reason: 'cancel-requested' });
    await goesOn(id);
    expect(await runOf(id)).not.toBe(run);
    expect((await refunds.refunds.describe(id)).attention).toMatchObject({ reason: 'cancel-requested' });
  });

  test('a decision that another worker receives first in the new run is applied', async () => {
    const request = refunds.cashier('refused-once-PROCESS_FAIL');
    const id = await resting(request, { remindAfter: 0 });
    await almostGoesOn(id);
    // One by one, so that none of them is left for the new run.
    const run = await runOf(id);
    while ((await runOf(id)) === run) {
      await signalRaw(refunds, id, 'escalate', [json('?')]);
      await refunds.skipper.settled(`refund:${id}`);
    }
    await whileNoWorkerRuns(async () => {});
    await refunds.refunds.decide(id, { decision: 'send-again', ...NOTE });
    expect(await refunds.refunds.result(id)).toMatchObject({ status: 'succeeded' });
    expect(seenOf(refunds, request)).toMatchObject({ sends: 2, moved: 1 });
  });

  test('a decision in the same workflow task is applied', async () => {
    const request = refunds.cashier('refused-once-PROCESS_FAIL');
    const id = await resting(request);
    await almostGoesOn(id);
    await whileNoWorkerRuns(async () => {
      for (let count = 0; count < 10; count += 1) await signalRaw(refunds, id, 'escalate', [json('?')]);
      await refunds.refunds.getHandle(id).signal('decide', { decision: 'send-again', ...NOTE });
    });
    expect(await refunds.refunds.result(id)).toMatchObject({ status: 'succeeded' });
    expect(seenOf(refunds, request)).toMatchObject({ sends: 2, moved: 1 });
  });
});

/** The refunds of one order in the list, once there are so many. */
async function listed(reference: string, atLeast = 0) {
  for (;;) {
    const found = [];
    for await (const refund of refunds.refunds.list({ reference })) found.push(refund);
    if (found.length >= atLeast) return found;
    await sleep(50);
  }
}

/** All that comes meanwhile is one task of the next worker's. */
async function whileNoWorkerRuns(send: () => Promise<void>): Promise<void> {
  await refunds.stopWorker();
  await send();
  await refunds.startWorker();
}

/** What a person is told who decides, and tries again where no answer came in time. */
async function decided(id: string, decision: Decision): Promise<unknown> {
  try {
    await refunds.refunds.decide(id, decision);
    return 'carried out';
  } catch (error) {
    return error instanceof NoWorkerError ? decided(id, decision) : error;
  }
}

/** Sends one of several messages. */
function send(id: string, kind: number, by: string): Promise<unknown> {
  const handle = refunds.refunds.getHandle(id);
  const remark = { by, reason: 'really' };
  if (kind === 0) return handle.signal('escalate', remark);
  if (kind === 1) return handle.signal('checkNow', remark);
  if (kind === 2) return handle.signal('decide', { decision: 'mark-failed', ...remark });
  return signalRaw(refunds, id, 'notification', [json('?')]);
}
