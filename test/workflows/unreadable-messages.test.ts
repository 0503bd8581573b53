import type { Payload } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import type { RefundView } from '../../client/index.js';
import { expectNoDoubleEffects, seenOf } from '../support/books.js';
import { eventsOf, rests, usePatientRefunds } from '../support/patient.js';
import { json, payload, signalRaw, updateRaw } from '../support/raw-messages.js';
import { failedTasksOf } from '../support/workers.js';

const refunds = usePatientRefunds();
expectNoDoubleEffects(refunds);

const SIGNALS = ['escalate', 'decide', 'checkNow', 'notification'];
const NOTE = { by: 'Ana', reason: 'really' };
const GARBAGE = payload('json/plain', '{"by": "Ana", ');

/** No more than Temporal lets through in one message. */
const ALMOST_2_MB = 1_900_000;

const UNREADABLE: [what: string, payloads: Payload[]][] = [
  ['no payload', []],
  ['null', [json(null)]],
  ['a text', [json('escalate, please')]],
  ['a number', [json(7)]],
  ['a list', [json([NOTE])]],
  ['an empty object', [json({})]],
  [
    'wrong types',
    [json({ decision: 1, by: { name: 'Ana' }, reason: ['really'], tradeId: 5, isRefund: true })],
  ],
  ['a name of control characters', [json({ ...NOTE, by: 'Ana\u0000\u001b[2J', decision: 'send-again' })]],
  ['half a surrogate pair', [json({ ...NOTE, reason: '\ud800', decision: 'send-again' })]],
  ['fields of its prototype', [payload('json/plain', '{"__proto__": {"by": "Ana", "reason": "x"}}')]],
  ['JSON that breaks off', [GARBAGE]],
  ['no JSON, although it says so', [payload('json/plain', new Uint8Array([0, 255, 254, 1]))]],
  ['nothing, although it says that it is JSON', [payload('json/plain', '')]],
  ['an unknown encoding', [payload('binary/encrypted', 'secret')]],
  ['protobuf', [payload('binary/protobuf', new Uint8Array([10, 3, 65, 110, 97]))]],
  ['protobuf as JSON', [payload('json/protobuf', '{"by": "Ana"}')]],
  ['no encoding', [payload(undefined, JSON.stringify(NOTE))]],
  ['null as Temporal encodes it', [payload('binary/null', '')]],
  ['bytes', [payload('binary/plain', new Uint8Array([1, 2, 3]))]],
  ['JSON nested without end', [payload('json/plain', '['.repeat(200_000) + ']'.repeat(200_000))]],
  ['nine payloads that are no JSON', Array.from({ length: 9 }, () => GARBAGE)],
  ['a hundred payloads that are no JSON', Array.from({ length: 100 }, () => GARBAGE)],
];

const dropped = ({ timeline }: RefundView) => timeline.filter(({ event }) => event === 'message-dropped');

/** It still listens, still goes on, and comes to its end. */
async function expectAlive(id: string): Promise<void> {
  const workflowId = `refund:${id}`;
  expect(await failedTasksOf(refunds, workflowId)).toEqual([]);
  const view = await refunds.refunds.describe(id);
  expect(view).toMatchObject({ status: 'unknown', inquiries: { done: 0, nextAt: expect.any(String) } });
  await refunds.skipper.resume(workflowId);
  expect(await refunds.refunds.result(id)).toMatchObject({ status: 'succeeded', confirmedBy: 'inquiry' });
  expect(await failedTasksOf(refunds, workflowId)).toEqual([]);
}

describe('unreadable signals are dropped and noted, and the refund continues', () => {
  test.concurrent.each(SIGNALS.filter((name) => name !== 'notification'))('%s', async (name) => {
    const request = refunds.worldtrade('unknown-1');
    const id = await refunds.begin(request);
    await refunds.until(id, rests);
    for (const [index, [what, payloads]] of UNREADABLE.entries()) {
      await signalRaw(refunds, id, name, payloads);
      const notes = dropped(await refunds.refunds.describe(id));
      expect(notes.length, what).toBe(index + 1);
      expect(notes.at(-1)?.text).toContain(`"${name}"`);
      expect(notes.at(-1)?.text.length, what).toBeLessThan(2000);
    }
    await expectAlive(id);
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 1, moved: 1 });
  });
});

test.concurrent('unreadable notifications are noted as unverified, and start one inquiry early', async () => {
  const request = refunds.worldtrade('unknown-7');
  const id = await refunds.begin(request);
  await refunds.until(id, rests);
  for (const [, payloads] of UNREADABLE) await signalRaw(refunds, id, 'notification', payloads);
  const view = await refunds.until(
    id,
    (now) => dropped(now).length === UNREADABLE.length && now.inquiries.done === 1 && rests(now),
  );
  for (const { text } of dropped(view))
    expect(text).toContain('a notification was not verified, so it confirms nothing');
  expect(view.outcome).toBeUndefined();
  expect(await failedTasksOf(refunds, `refund:${id}`)).toEqual([]);
});

describe('unreadable updates are rejected, and nothing is noted', () => {
  test.concurrent.each(['decide', 'checkNow'])('%s', async (name) => {
    const request = refunds.worldtrade('unknown-1');
    const id = await refunds.begin(request);
    const before = await refunds.until(id, rests);
    for (const [what, payloads] of UNREADABLE) {
      expect(await updateRaw(refunds, id, name, payloads), what).toMatchObject({
        type: 'InvalidMessage',
        message: expect.stringMatching(/\w{3} /),
      });
    }
    expect(await refunds.refunds.describe(id)).toEqual(before);
    await expectAlive(id);
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 1, moved: 1 });
  });
});

describe('unreadable messages of the largest size that Temporal accepts', () => {
  test.concurrent.each<[string, Payload]>([
    ['a name', json({ ...NOTE, by: 'x'.repeat(ALMOST_2_MB) })],
    ['a field’s name', json({ ...NOTE, ['x'.repeat(ALMOST_2_MB)]: 1 })],
    ['so many fields', json(Object.fromEntries(Array.from({ length: 150_000 }, (_, field) => [field, 1])))],
    ['bytes', payload('binary/plain', new Uint8Array(1_000_000))],
    ['JSON nested as deep as that', payload('json/plain', '['.repeat(ALMOST_2_MB))],
  ])('%s: the note in the timeline stays short', async (_what, large) => {
    const request = refunds.worldtrade('unknown-1');
    const id = await refunds.begin(request);
    await refunds.until(id, rests);
    await signalRaw(refunds, id, 'escalate', [large]);
    expect(await updateRaw(refunds, id, 'checkNow', [large])).toMatchObject({ type: 'InvalidMessage' });
    const view = await refunds.refunds.describe(id);
    expect(dropped(view)).toHaveLength(1);
    expect(JSON.stringify(view).length).toBeLessThan(10_000);
    await expectAlive(id);
  });
});

test.concurrent('only the first payload of a message is read', async () => {
  const id = await refunds.begin(refunds.worldtrade('nobody'));
  await refunds.until(id, rests);
  await signalRaw(refunds, id, 'escalate', [json(NOTE), GARBAGE, json(2)]);
  const view = await refunds.until(id, ({ attention }) => attention !== undefined);
  expect(view.attention).toMatchObject({ reason: 'escalated' });
});

test.concurrent('messages with unknown names: a signal changes nothing, an update is rejected', async () => {
  const request = refunds.worldtrade('unknown-1');
  const id = await refunds.begin(request);
  await refunds.until(id, rests);
  const before = await refunds.refunds.describe(id);
  for (const name of [
    'escalte',
    'Escalate',
    'refund',
    '__temporal_x',
    '__stack_trace',
    'constructor',
    'x'.repeat(900),
  ]) {
    await signalRaw(refunds, id, name, [GARBAGE]);
    await signalRaw(refunds, id, name, [json(NOTE)]);
  }
  for (const name of ['send-again', 'Decide', 'refund']) {
    expect(await updateRaw(refunds, id, name, [GARBAGE])).toMatchObject({
      message: expect.stringContaining(name),
    });
  }
  expect(await refunds.refunds.describe(id)).toEqual(before);
  await expectAlive(id);
});

test.concurrent('unreadable messages before the first step, and while the refund needs an operator', async () => {
  const request = refunds.worldtrade('unknown-1');
  const id = request.refundRequestId;
  await refunds.client.workflow.signalWithStart('refund', {
    workflowId: `refund:${id}`,
    taskQueue: refunds.taskQueue,
    args: [request],
    signal: 'decide',
    signalArgs: ['what?'],
  });
  refunds.started(`refund:${id}`);
  await refunds.until(id, rests);
  await refunds.refunds.escalate(id, NOTE);
  const { attention } = await refunds.refunds.describe(id);
  for (const name of SIGNALS) await signalRaw(refunds, id, name, [GARBAGE]);
  const view = await refunds.until(id, (now) => dropped(now).length === 1 + SIGNALS.length);
  expect(view.attention).toEqual(attention);
  await refunds.refunds.decide(id, { decision: 'inquire-again', ...NOTE });
  await refunds.until(id, rests);
  await expectAlive(id);
});

test.concurrent('a flood of long messages neither stops the refund nor hides it', async () => {
  const request = refunds.worldtrade('unknown-1');
  const id = await refunds.begin(request);
  await refunds.until(id, rests);
  const long = json({ by: 'A'.repeat(200), reason: '界'.repeat(2000) });
  for (let batch = 0; batch < 4; batch += 1) {
    await Promise.all(Array.from({ length: 100 }, () => signalRaw(refunds, id, 'escalate', [long])));
  }
  const view = await refunds.refunds.describe(id);
  expect(view.timeline.length).toBeLessThanOrEqual(500);
  expect(eventsOf(view)[0]).toBe('started');
  await refunds.refunds.decide(id, { decision: 'inquire-again', ...NOTE });
  await expectAlive(id);
});
