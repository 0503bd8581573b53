import { describe, expect, test } from 'vitest';
import {
  answersToSends,
  expectNoDoubleEffects,
  requestOf,
  seenOf,
  sendingApiOf,
  sendsOf,
  waitsOf,
} from '../support/books.js';
import { useRefunds } from '../support/environment.js';

const refunds = useRefunds();
expectNoDoubleEffects(refunds);

const PRODUCTS = ['worldtrade', 'cashier'] as const;
const queriesOf = (product: string) => (product === 'worldtrade' ? 1 : 0);

// Every other fault at every step: see the fault matrix.
const LOST = ['forged'];

describe.for(PRODUCTS)('%s: the answer to the refund request is lost', (product) => {
  test.concurrent.for(LOST)(
    '%s, after WorldFirst carried it out: the first inquiry finds it, and nothing is sent again',
    async (fault) => {
      const request = requestOf(refunds, product, `${fault}-after`);
      const view = await refunds.run(request);
      expect(answersToSends(view)).toEqual([expect.stringMatching(/^the result is unknown/)]);
      expect(waitsOf(view)).toEqual(['inquiry 1 of 7 in 5 min: the result is unknown']);
      expect(view.outcome).toMatchObject({ status: 'succeeded', confirmedBy: 'inquiry' });
      expect(view.inquiries).toEqual({ done: 1, allowed: 7 });
      expect(seenOf(refunds, request)).toEqual({
        queries: queriesOf(product),
        sends: 1,
        inquiries: 1,
        moved: 1,
      });
    },
  );

  test.concurrent.for(LOST)(
    '%s, before it had any effect: WorldFirst does not know it, so the identical refund is sent again',
    async (fault) => {
      const request = requestOf(refunds, product, `${fault}-before`);
      const view = await refunds.run(request);
      expect(answersToSends(view)).toEqual([
        expect.stringMatching(/^the result is unknown/),
        'WorldFirst accepted the refund',
      ]);
      expect(view.outcome).toMatchObject({ status: 'succeeded', confirmedBy: 'inquiry' });
      const sends = sendsOf(refunds, request);
      expect(sends.map(({ id }) => id)).toEqual([request.refundRequestId, request.refundRequestId]);
      expect(sends[0]?.body).toBe(sends[1]?.body);
      expect(seenOf(refunds, request)).toEqual({
        queries: queriesOf(product),
        sends: 2,
        inquiries: 2,
        moved: 1,
      });
    },
  );

  test.concurrent('every time, although it was carried out: the inquiry finds it', async () => {
    const request = requestOf(refunds, product, 'forged-after-always');
    const view = await refunds.run(request);
    expect(view.outcome).toMatchObject({ status: 'succeeded', confirmedBy: 'inquiry' });
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 1, moved: 1 });
  });
});

describe.for(PRODUCTS)('%s: WorldFirst answers U', (product) => {
  test.concurrent('and the third inquiry finds it', async () => {
    const request = requestOf(refunds, product, 'unknown-3');
    const view = await refunds.run(request);
    expect(view.outcome).toMatchObject({ status: 'succeeded', confirmedBy: 'inquiry' });
    expect(view.inquiries).toEqual({ done: 3, allowed: 7 });
    expect(new Set(sendsOf(refunds, request).map(({ body }) => body)).size).toBe(1);
    expect(seenOf(refunds, request)).toMatchObject({ sends: 3, inquiries: 3, moved: 1 });
  });

  test.concurrent('and the seventh and last inquiry finds it', async () => {
    const request = requestOf(refunds, product, 'unknown-7');
    const view = await refunds.run(request);
    expect(view.outcome).toMatchObject({ status: 'succeeded', confirmedBy: 'inquiry' });
    expect(seenOf(refunds, request)).toMatchObject({ inquiries: 7, moved: 1 });
  });

  test.concurrent('always, and no inquiry finds it: after exactly seven inquiries it needs an operator, and no eighth follows', async () => {
    const request = requestOf(refunds, product, 'nobody');
    const view = await refunds.run(request);
    expect(view).toMatchObject({ status: 'needs-attention', inquiries: { done: 7, allowed: 7 } });
    expect(view.attention?.reason).toBe('unknown-after-all-inquiries');
    expect(view.attention?.advice).toContain('technical support');
    expect(view.attention?.decisions).toEqual([
      'inquire-again',
      'send-again',
      'mark-succeeded',
      'mark-failed',
    ]);
    expect(view.outcome).toBeUndefined();
    expect(view.inquiries.nextAt).toBeUndefined();
    expect(new Set(sendsOf(refunds, request).map(({ id, body }) => `${id} ${body}`)).size).toBe(1);
    expect(seenOf(refunds, request)).toMatchObject({ sends: 8, inquiries: 7, moved: 0 });
  });

  test.concurrent('because of too much traffic: the refund waits, and inquires under the same id', async () => {
    const request = requestOf(refunds, product, 'refused-once-REQUEST_TRAFFIC_EXCEED_LIMIT');
    const view = await refunds.run(request);
    expect(waitsOf(view)[0]).toBe('inquiry 1 of 7 in 5 min: the result is unknown');
    expect(view.outcome).toMatchObject({ status: 'succeeded' });
    expect(seenOf(refunds, request)).toMatchObject({ sends: 2, inquiries: 2, moved: 1 });
  });
});

describe('the inquiry itself has no answer', () => {
  test.concurrent.for(LOST)('%s: it counts as one of the seven, and nothing is sent again', async (fault) => {
    const request = refunds.cashier(`dropped-after-inquire-${fault}`);
    const view = await refunds.run(request);
    expect(view.outcome).toMatchObject({ status: 'succeeded' });
    expect(view.inquiries).toEqual({ done: 2, allowed: 7 });
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 2, moved: 1 });
  });

  test.concurrent.for(LOST)(
    '%s every time: it needs an operator after seven inquiries, and nothing was sent again',
    async (fault) => {
      const request = refunds.worldtrade(`dropped-after-inquire-${fault}-always`);
      const view = await refunds.run(request);
      expect(view.attention?.reason).toBe('unknown-after-all-inquiries');
      expect(view.attention?.decisions).not.toContain('send-with-new-id');
      expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 7, moved: 1 });
    },
  );

  test.concurrent.for(['PROCESS_FAIL', 'SOMETHING_NEW'])(
    '%s: a refusal of the inquiry says nothing about the refund',
    async (code) => {
      const request = refunds.cashier('dropped-after');
      refunds.sandbox.when({ api: 'inquireRefund', id: request.refundRequestId }, { code, phase: 'before' });
      const view = await refunds.run(request);
      expect(view.outcome).toMatchObject({ status: 'succeeded' });
      expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 2, moved: 1 });
    },
  );

  test.concurrent('because of the configuration: after the fix the submission is still unknown', async () => {
    const request = refunds.cashier('dropped-after-inquire-once-ACCESS_DENIED');
    const { attention } = await refunds.run(request);
    expect(attention?.reason).toBe('configuration');
    expect(attention?.decisions).not.toContain('send-with-new-id');
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 1, moved: 1 });

    await refunds.refunds.decide(request.refundRequestId, {
      decision: 'inquire-again',
      by: 'Ana',
      reason: 'mended',
    });
    const view = await refunds.refunds.waitUntilIdle(request.refundRequestId);
    expect(view.outcome).toMatchObject({ status: 'succeeded' });
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 2, moved: 1 });
  });
});

describe('WorldFirst asks to try again later', () => {
  const TRY_LATER = 'REFUND_FAILED_TRY_AGAIN_LATER';

  test.concurrent.for(PRODUCTS)('%s, once: the same id works after five minutes', async (product) => {
    const request = requestOf(refunds, product, `refused-once-${TRY_LATER}`);
    const view = await refunds.run(request);
    expect(waitsOf(view)).toEqual(['inquiry 1 of 7 in 5 min: WorldFirst refused the call for now']);
    expect(view.outcome).toMatchObject({
      status: 'succeeded',
      providerRequestId: request.refundRequestId,
    });
    expect(new Set(sendsOf(refunds, request).map(({ id, body }) => `${id} ${body}`)).size).toBe(1);
    expect(seenOf(refunds, request)).toMatchObject({ sends: 2, inquiries: 2, moved: 1 });
  });

  test.concurrent('every time: after seven inquiries an operator decides, and a new id is possible because every refusal was signed', async () => {
    const request = refunds.worldtrade();
    const { refundRequestId: id } = request;
    refunds.sandbox.when({ api: 'applyRefund', id, times: 8 }, { code: TRY_LATER, phase: 'before' });
    const { attention } = await refunds.run(request);
    expect(attention?.reason).toBe('refused-needs-person');
    expect(attention?.advice).toContain('same id');
    expect(attention?.decisions).toContain('send-with-new-id');
    expect(seenOf(refunds, request)).toMatchObject({ sends: 8, inquiries: 7, moved: 0 });

    await refunds.refunds.decide(id, { decision: 'send-with-new-id', by: 'Ana', reason: 'support says so' });
    const view = await refunds.refunds.waitUntilIdle(id);
    expect(view.outcome).toMatchObject({ status: 'succeeded', providerRequestId: `${id}-2` });
    expect(sendsOf(refunds, request).map((send) => send.id)).toEqual([...Array(8).fill(id), `${id}-2`]);
    expect(refunds.sandbox.journal.moved(request.tradeId)).toMatchObject([{ id: `${id}-2` }]);
  });

  test.concurrent.for(['U', 'lost'] as const)(
    'and then the repeat is %s: the submission is unknown, and a new id is not possible',
    async (then) => {
      const request = refunds.worldtrade('unlisted');
      const where = { api: 'applyRefund', id: request.refundRequestId } as const;
      refunds.sandbox.when(where, { code: TRY_LATER, phase: 'before' });
      refunds.sandbox.when(
        where,
        then === 'U' ? { code: 'OUCH', status: 'U', phase: 'after' } : { fault: 'dropped', phase: 'after' },
      );
      refunds.sandbox.when({ ...where, times: 6 }, { code: TRY_LATER, phase: 'before' });
      const { attention } = await refunds.run(request);
      expect(attention?.reason).toBe('unknown-after-all-inquiries');
      expect(attention?.decisions).not.toContain('send-with-new-id');
      expect(seenOf(refunds, request)).toMatchObject({ sends: 8, inquiries: 7, moved: 1 });
    },
  );

  test.concurrent('and then refuses it for good: failed', async () => {
    const request = refunds.worldtrade();
    const where = { api: 'applyRefund', id: request.refundRequestId } as const;
    refunds.sandbox.when(where, { code: TRY_LATER, phase: 'before' });
    refunds.sandbox.when(where, { code: 'REFUND_PERIOD_EXPIRED', phase: 'before' });
    const view = await refunds.run(request);
    expect(view.outcome).toMatchObject({ status: 'failed', code: 'REFUND_PERIOD_EXPIRED' });
    expect(seenOf(refunds, request)).toMatchObject({ sends: 2, inquiries: 1, moved: 0 });
  });
});

describe('a repeat is refused, and the result of the first request is unknown', () => {
  test.concurrent.for([
    ['worldtrade', 'REPEAT_REQ_INCONSISTENT'],
    ['worldtrade', 'REFUND_PERIOD_EXPIRED'],
    ['worldtrade', 'PROCESS_FAIL'],
    ['cashier', 'REFUND_AMOUNT_EXCEED'],
  ] as const)(
    '%s, %s: the operator sees both answers, and a new id is not possible',
    async ([product, code]) => {
      const request = requestOf(refunds, product, 'unlisted-dropped-after');
      refunds.sandbox.when(
        { api: sendingApiOf(request), id: request.refundRequestId },
        { fault: 'dropped', phase: 'after' },
      );
      refunds.sandbox.when(
        { api: sendingApiOf(request), id: request.refundRequestId },
        { code, phase: 'before' },
      );
      const { attention, outcome } = await refunds.run(request);
      expect(outcome).toBeUndefined();
      expect(attention?.reason).toBe('refused-after-unknown');
      expect(attention?.explanation).toMatch(/was closed before/);
      expect(attention?.explanation).toContain(code);
      expect(attention?.advice).toContain('do not start another refund');
      expect(attention?.decisions).not.toContain('send-with-new-id');
      expect(seenOf(refunds, request)).toMatchObject({ sends: 2, inquiries: 1, moved: 1 });
    },
  );

  test.concurrent('because of the configuration: it is named as the reason, and the submission stays unknown', async () => {
    const request = refunds.cashier('unlisted');
    const where = { api: 'refund', id: request.refundRequestId } as const;
    refunds.sandbox.when(where, { fault: 'dropped', phase: 'after' });
    refunds.sandbox.when(where, { code: 'OAUTH_FAIL', phase: 'before' });
    const { attention } = await refunds.run(request);
    expect(attention?.reason).toBe('configuration');
    expect(attention?.decisions).not.toContain('send-with-new-id');
    expect(seenOf(refunds, request)).toMatchObject({ sends: 2, inquiries: 1, moved: 1 });
  });
});

test.concurrent('an accepted refund is sent again by an operator and refused: a new id is not possible, and both answers are shown', async () => {
  const request = refunds.cashier('never-settles');
  const { refundRequestId: id } = request;
  await refunds.run(request, { settlementIntervals: ['0s'] });
  refunds.sandbox.when({ api: 'refund', id }, { code: 'PROCESS_FAIL', phase: 'before' });
  await refunds.refunds.decide(id, { decision: 'send-again', by: 'Ana', reason: 'support says so' });
  const { attention } = await refunds.refunds.waitUntilIdle(id);
  expect(attention?.reason).toBe('refused-after-unknown');
  expect(attention?.explanation).toMatch(/First: WorldFirst accepted the refund\. Then PROCESS_FAIL/);
  expect(attention?.decisions).not.toContain('send-with-new-id');
  expect(seenOf(refunds, request)).toMatchObject({ sends: 2, inquiries: 1, moved: 1 });
});
