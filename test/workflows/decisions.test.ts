import { describe, expect, test } from 'vitest';
import {
  type Decision,
  type DecisionName,
  DecisionRefusedError,
  type RefundRequest,
  type RefundView,
} from '../../client/index.js';
import { expectNoDoubleEffects, referenceOf, seenOf, sendsOf } from '../support/books.js';
import { eventsOf, lastOf, rests, usePatientRefunds } from '../support/patient.js';
import { update } from '../support/raw-messages.js';
import { untilQuiet } from '../support/workers.js';

const refunds = usePatientRefunds();
expectNoDoubleEffects(refunds);

const NOTE = { by: 'Ana', reason: 'the support said so' };

/** A refund that waits for a person, because WorldFirst refused it or because somebody stopped it. */
async function waiting(request: RefundRequest): Promise<string> {
  const id = await refunds.begin(request);
  const view = await refunds.until(id, rests);
  if (!view.attention) await refunds.refunds.escalate(id, { by: 'Ben', reason: 'let me look' });
  await untilQuiet(refunds, `refund:${id}`);
  return id;
}

async function atLast(id: string): Promise<RefundView> {
  await refunds.skipper.resume(`refund:${id}`);
  return refunds.refunds.waitUntilIdle(id);
}

const count = (view: RefundView, event: string) => eventsOf(view).filter((each) => each === event).length;

test.concurrent('the view offers the possible decisions, and the others are rejected', async () => {
  const offered: [words: string, decisions: DecisionName[]][] = [
    ['phases', ['send-again', 'cancel', 'mark-failed']],
    [
      'refused-PROCESS_FAIL',
      ['inquire-again', 'send-again', 'send-with-new-id', 'mark-succeeded', 'mark-failed'],
    ],
    ['nobody', ['inquire-again', 'send-again', 'mark-succeeded', 'mark-failed']],
    ['never-settles', ['inquire-again', 'send-again', 'mark-succeeded', 'mark-failed']],
  ];
  for (const [words, decisions] of offered) {
    const id = await waiting(refunds.worldtrade(words));
    expect((await refunds.refunds.describe(id)).attention).toMatchObject({ decisions });
  }
});

describe('the requirements of a decision', () => {
  test.concurrent.each([
    ['mark-succeeded without evidence', { decision: 'mark-succeeded', ...NOTE }, 'DecisionRefused'],
    ['mark-failed without evidence', { decision: 'mark-failed', ...NOTE }, 'DecisionRefused'],
    ['evidence of blanks only', { decision: 'mark-failed', ...NOTE, evidence: ' \n\t' }, 'DecisionRefused'],
    ['a decision without a name', { decision: 'send-again', reason: 'why' }, 'InvalidMessage'],
    ['an empty name', { decision: 'send-again', by: '', reason: 'why' }, 'InvalidMessage'],
    ['no reason', { decision: 'send-again', by: 'Ana' }, 'InvalidMessage'],
    ['a blank reason', { decision: 'send-again', by: 'Ana', reason: '  ' }, 'InvalidMessage'],
    ['no decision', NOTE, 'InvalidMessage'],
    ['a decision that there is not', { decision: 'pay-twice', ...NOTE }, 'InvalidMessage'],
    ['a decision that every object has', { decision: 'constructor', ...NOTE }, 'InvalidMessage'],
    ['something more', { decision: 'send-again', ...NOTE, newId: 'r-2' }, 'InvalidMessage'],
  ])('%s is refused, and changes nothing', async (_what, decision, type) => {
    const request = refunds.worldtrade('refused-PROCESS_FAIL');
    const id = await waiting(request);
    const before = await refunds.refunds.describe(id);
    expect(await update(refunds, id, 'decide', decision)).toMatchObject({ type });
    expect(await refunds.refunds.describe(id)).toEqual(before);

    await refunds.client.workflow.getHandle(`refund:${id}`).signal('decide', decision);
    const noted = type === 'InvalidMessage' ? 'message-dropped' : 'decision-refused';
    const after = await refunds.until(id, (view) => eventsOf(view).includes(noted));
    expect(after.attention).toEqual(before.attention);
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, moved: 0 });
  });

  test.concurrent('a refund that an operator closed has the name, the reason and the evidence', async () => {
    const id = await waiting(refunds.worldtrade('nobody'));
    const decision: Decision = { decision: 'mark-succeeded', ...NOTE, evidence: 'bank statement 12' };
    const view = await refunds.refunds.decide(id, decision);
    expect(view.outcome).toMatchObject({
      status: 'succeeded',
      confirmedBy: 'operator',
      by: 'Ana',
      reason: 'the support said so',
      evidence: 'bank statement 12',
    });
    expect(view.attention).toBeUndefined();
    expect(await refunds.refunds.result(id)).toEqual(view.outcome);
  });
});

describe('a repeated decision', () => {
  test.concurrent.each<[string, Decision]>([
    ['send-again', { decision: 'send-again', ...NOTE }],
    ['send-with-new-id', { decision: 'send-with-new-id', ...NOTE }],
    ['inquire-again', { decision: 'inquire-again', ...NOTE }],
  ])('%s by update, then by update and by signal again: it happens once', async (_name, decision) => {
    const request = refunds.worldtrade('refused-once-PROCESS_FAIL-settles-2');
    const id = await waiting(request);
    await refunds.refunds.decide(id, decision);
    await refunds.until(id, rests);
    expect(await update(refunds, id, 'decide', decision)).toMatchObject({ view: { refundRequestId: id } });
    await refunds.refunds.getHandle(id).signal('decide', decision);

    const last = await atLast(id);
    expect(last.outcome).toMatchObject({ status: 'succeeded' });
    expect(count(last, 'decision-refused')).toBe(0);
    expect(last.timeline.filter(({ text }) => text.startsWith('decided ')).length).toBe(1);
    expect(seenOf(refunds, request)).toMatchObject({ sends: 2, moved: 1 });
  });

  test.concurrent('that closed the refund returns the view again through the client', async () => {
    const id = await waiting(refunds.worldtrade('nobody'));
    const decision: Decision = { decision: 'mark-failed', ...NOTE, evidence: 'ticket 4711' };
    const first = await refunds.refunds.decide(id, decision);
    expect(await refunds.refunds.decide(id, decision)).toEqual(first);
  });

  test.concurrent('counts as a new one once the refund waits for an operator again', async () => {
    const request = refunds.worldtrade('refused-PROCESS_FAIL');
    const id = await waiting(request);
    for (const sends of [2, 3]) {
      await refunds.refunds.decide(id, { decision: 'send-again', ...NOTE });
      await refunds.until(id, rests);
      expect(seenOf(refunds, request)).toMatchObject({ sends, moved: 0 });
    }
    expect(new Set(sendsOf(refunds, request).map(({ body }) => body)).size).toBe(1);
  });
});

describe('two operators', () => {
  const ana: Decision = { decision: 'inquire-again', by: 'Ana', reason: 'patience' };
  const ben: Decision = { decision: 'send-again', by: 'Ben', reason: 'impatience' };

  test.concurrent('decide at once: one decision counts, and the other is rejected with name and time', async () => {
    const request = refunds.worldtrade('nobody');
    const id = await waiting(request);
    const answers = await Promise.all([ana, ben].map((decision) => update(refunds, id, 'decide', decision)));
    const won = answers.findIndex((answer) => 'view' in answer);
    const [winner, lost] = won === 0 ? [ana, answers[1]] : [ben, answers[0]];
    expect(lost).toMatchObject({
      type: 'DecisionRefused',
      details: ['ALREADY_DECIDED'],
      message: expect.stringMatching(
        new RegExp(`${winner.by} decided ${winner.decision} at \\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z`),
      ),
    });
    await refunds.until(id, rests);
    expect(seenOf(refunds, request).sends).toBe(won === 0 ? 1 : 2);
  });

  test.concurrent('decide, the second one by signal: the timeline names the first', async () => {
    const id = await waiting(refunds.worldtrade('nobody'));
    await refunds.refunds.decide(id, ana);
    await refunds.refunds.getHandle(id).signal('decide', ben);
    const view = await refunds.until(id, (now) => eventsOf(now).includes('decision-refused'));
    expect(lastOf(view, 'decision-refused')).toMatchObject({
      by: 'Ben',
      text: expect.stringContaining('Ana decided inquire-again at '),
    });
  });

  test.concurrent('decide one after the other: the second is rejected because the refund has ended', async () => {
    const id = await waiting(refunds.worldtrade('nobody'));
    await refunds.refunds.decide(id, { decision: 'mark-failed', ...NOTE, evidence: 'ticket 4711' });
    await refunds.refunds.result(id);
    const refused = await refunds.refunds.decide(id, ben).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(DecisionRefusedError);
    expect(refused).toMatchObject({ refusal: 'ENDED', message: expect.stringContaining('failed') });
  });

  test.concurrent.each(['mark-succeeded', 'mark-failed'] as const)(
    'one closes it as %s, the other the other way: the first word stands',
    async (first) => {
      const id = await waiting(refunds.worldtrade('nobody'));
      const second = first === 'mark-failed' ? 'mark-succeeded' : 'mark-failed';
      const [won, lost] = await Promise.allSettled([
        refunds.refunds.decide(id, { decision: first, by: 'Ana', reason: 'seen', evidence: 'a' }),
        refunds.refunds.decide(id, { decision: second, by: 'Ben', reason: 'seen', evidence: 'b' }),
      ]);
      const outcome = await refunds.refunds.result(id);
      expect([won.status, lost.status].sort()).toEqual(['fulfilled', 'rejected']);
      const byAna = won.status === 'fulfilled';
      expect(outcome).toMatchObject({ by: byAna ? 'Ana' : 'Ben', evidence: byAna ? 'a' : 'b' });
    },
  );
});

describe('inquire-again', () => {
  test.concurrent('runs seven more inquiries, then the refund needs an operator again', async () => {
    const request = refunds.worldtrade('nobody');
    const id = await waiting(request);
    const view = await refunds.refunds.decide(id, { decision: 'inquire-again', ...NOTE });
    expect(view).toMatchObject({ status: 'unknown' });
    expect(await refunds.until(id, rests)).toMatchObject({ inquiries: { done: 0, allowed: 7 } });

    const last = await atLast(id);
    expect(last.attention).toMatchObject({ reason: 'unknown-after-all-inquiries' });
    expect(last.inquiries).toEqual({ done: 7, allowed: 7 });
    expect(
      refunds.sandbox.journal.entries.filter(({ api, id: about }) => api === 'inquireRefund' && about === id),
    ).toHaveLength(7);
  });
});

describe('send-with-new-id', () => {
  test.concurrent.each(['worldtrade', 'cashier'] as const)(
    'sends a %s refund that was refused as a new one, and moves the money once',
    async (product) => {
      const request = refunds[product]('refused-once-PROCESS_FAIL');
      const id = await waiting(request);
      const view = await refunds.refunds.decide(id, { decision: 'send-with-new-id', ...NOTE });
      expect(view.providerRequestId).toBe(`${id}-2`);
      expect(view.timeline.some(({ text }) => text.includes(`${id}-2`))).toBe(true);

      const last = await atLast(id);
      expect(last.outcome).toMatchObject({
        status: 'succeeded',
        refundRequestId: id,
        providerRequestId: `${id}-2`,
      });
      const [first, second] = sendsOf(refunds, request).map(({ body }) => JSON.parse(body));
      const field = product === 'worldtrade' ? 'requestId' : 'refundRequestId';
      expect(second).toEqual({ ...first, [field]: `${id}-2` });
      expect(refunds.sandbox.journal.moved(referenceOf(request))).toMatchObject([{ id: `${id}-2` }]);
    },
  );

  test.concurrent('inquires about the new id, not about the old one', async () => {
    const request = refunds.worldtrade('refused-once-PROCESS_FAIL');
    const id = await waiting(request);
    await refunds.refunds.decide(id, { decision: 'send-with-new-id', ...NOTE });
    await atLast(id);
    const inquired = refunds.sandbox.journal.entries.filter(({ api }) => api === 'inquireRefund');
    expect(inquired.filter((entry) => entry.id === id)).toEqual([]);
    expect(inquired.filter((entry) => entry.id === `${id}-2`)).toHaveLength(1);
  });

  test.concurrent('uses the third id after another refusal', async () => {
    const request = refunds.worldtrade('refused-PROCESS_FAIL');
    const id = await waiting(request);
    for (const next of [`${id}-2`, `${id}-3`]) {
      await refunds.refunds.decide(id, { decision: 'send-with-new-id', ...NOTE });
      expect(await refunds.until(id, rests)).toMatchObject({ providerRequestId: next });
    }
    expect(sendsOf(refunds, request).map((entry) => entry.id)).toEqual([id, `${id}-2`, `${id}-3`]);
  });

  test.concurrent('is no longer offered once the submission under the new id is unknown', async () => {
    const request = refunds.worldtrade('refused-once-PROCESS_FAIL-nobody');
    const id = await waiting(request);
    await refunds.refunds.decide(id, { decision: 'send-with-new-id', ...NOTE });
    await refunds.until(
      id,
      ({ status, inquiries }) => status === 'unknown' && inquiries.nextAt !== undefined,
    );
    const view = await refunds.refunds.escalate(id, NOTE);
    expect(view.attention?.decisions).not.toContain('send-with-new-id');
    expect(
      await update(refunds, id, 'decide', { decision: 'send-with-new-id', by: 'Ben', reason: 'again' }),
    ).toMatchObject({ type: 'DecisionRefused', details: ['DOES_NOT_APPLY'] });
    expect(sendsOf(refunds, request).map((entry) => entry.id)).toEqual([id, `${id}-2`]);
  });

  test.concurrent('shortens an id of 64 characters to keep the limit of 64', async () => {
    const base = refunds.worldtrade('refused-once-PROCESS_FAIL');
    const refundRequestId = base.refundRequestId.padEnd(64, 'x');
    const request = { ...base, refundRequestId };
    await waiting(request);
    const view = await refunds.refunds.decide(refundRequestId, { decision: 'send-with-new-id', ...NOTE });
    expect(view.providerRequestId.length).toBeLessThanOrEqual(64);
    expect(view.providerRequestId).not.toBe(refundRequestId);
    const last = await atLast(refundRequestId);
    expect(last.outcome).toMatchObject({ status: 'succeeded' });
    expect(refunds.sandbox.journal.moved(request.tradeId)).toMatchObject([{ id: view.providerRequestId }]);
  });
});

test.concurrent('offers no new id for a refusal after an unknown answer: the first request may have moved the money', async () => {
  const request = refunds.worldtrade('dropped-after-unlisted');
  // Its money moved, and the answer was lost; the repeat is then refused.
  const id = await refunds.begin(request);
  await refunds.until(id, ({ status, inquiries }) => status === 'unknown' && inquiries.nextAt !== undefined);
  refunds.sandbox.when({ api: 'applyRefund', id }, { code: 'PROCESS_FAIL', phase: 'before' });
  const view = await refunds.refunds.checkNow(id, NOTE);
  expect(view.attention).toMatchObject({ reason: 'refused-after-unknown' });
  expect(view.attention?.decisions).not.toContain('send-with-new-id');
  expect(await update(refunds, id, 'decide', { decision: 'send-with-new-id', ...NOTE })).toMatchObject({
    details: ['DOES_NOT_APPLY'],
  });
  expect(seenOf(refunds, request)).toMatchObject({ sends: 2, moved: 1 });
});
