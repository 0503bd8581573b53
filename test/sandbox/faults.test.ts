import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  FAULTS,
  type FaultName,
  type Phase,
  type Sandbox,
  startSandbox,
} from '../../testing/sandbox/index.js';
import { type Answer, clientOf, refundBody } from './raw-client.js';

let sandbox: Sandbox;
let client: ReturnType<typeof clientOf>;

beforeAll(async () => {
  sandbox = await startSandbox({ slow: 1 });
  client = clientOf(sandbox);
});

afterAll(() => sandbox.stop());

/** What the client sees under each fault. */
const SEEN: Record<FaultName, (answer: Promise<Answer>) => Promise<void>> = {
  async dropped(answer) {
    await expect(answer).rejects.toThrow('fetch failed');
  },
  async reset(answer) {
    await expect(answer).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
  },
  async silent(answer) {
    await expect(answer).rejects.toThrow('the client gave up');
  },
  async cutoff(answer) {
    await expect(answer).rejects.toThrow('terminated');
  },
  async badgateway(answer) {
    expect(await answer).toMatchObject({ status: 502, isSigned: false, json: undefined });
  },
  async throttled(answer) {
    expect(await answer).toMatchObject({ status: 429, isSigned: false, json: undefined });
  },
  async html(answer) {
    const { status, text, isSigned } = await answer;
    expect({ status, isSigned }).toEqual({ status: 200, isSigned: false });
    expect(text).toContain('<html>');
  },
  async empty(answer) {
    expect(await answer).toMatchObject({ status: 200, text: '', isSigned: true });
  },
  async 'not-json'(answer) {
    const { text, json, isSigned } = await answer;
    expect({ json, isSigned }).toEqual({ json: undefined, isSigned: true });
    expect(JSON.parse(`${text}}`)).toMatchObject({ result: { resultStatus: 'S' } });
  },
  async unsigned(answer) {
    expect(await answer).toMatchObject({ result: 'S SUCCESS', isSigned: false });
  },
  async 'wrong-signature'(answer) {
    expect(await answer).toMatchObject({ result: 'S SUCCESS', isSigned: false });
  },
  async forged(answer) {
    expect(await answer).toMatchObject({ result: 'S SUCCESS', isSigned: false });
  },
  async stale(answer) {
    const { result, isSigned, time } = await answer;
    expect({ result, isSigned }).toEqual({ result: 'S SUCCESS', isSigned: true });
    expect(Date.now() - Date.parse(time)).toBeGreaterThan(23 * 3_600_000);
  },
  async 'wrong-amount'(answer) {
    const { isSigned, json } = await answer;
    expect(isSigned).toBe(true);
    expect(json.refundToDetails[0].refundAmount).toEqual({ currency: 'USD', value: '1235' });
  },
  async 'wrong-currency'(answer) {
    const { isSigned, json } = await answer;
    expect(isSigned).toBe(true);
    expect(json.refundToDetails[0].refundAmount).toEqual({ currency: 'EUR', value: '1234' });
  },
  async 'wrong-id'(answer) {
    const { isSigned, json } = await answer;
    expect(isSigned).toBe(true);
    expect(json.payToId).toMatch(/^pay-wrong-id-.*-not$/);
    expect(json.refundId).not.toMatch(/-not$/);
  },
  async 'wrong-status'(answer) {
    expect(await answer).toMatchObject({ result: 'P SUCCESS', isSigned: true });
  },
  async 'wrong-refund-status'(answer) {
    expect(await answer).toMatchObject({ result: 'S SUCCESS', isSigned: true });
  },
  async slow(answer) {
    expect(await answer).toMatchObject({ result: 'S SUCCESS', isSigned: true });
  },
  async duplicated(answer) {
    expect(await answer).toMatchObject({ result: 'S SUCCESS', isSigned: true });
  },
  async overtaken(answer) {
    await expect(answer).rejects.toThrow('fetch failed');
  },
};

const CASES = FAULTS.flatMap(({ word }) => (['before', 'after'] as const).map((phase) => ({ word, phase })));

/** The number of movements once the client has seen the fault. Delayed and duplicated requests have their effect. */
const movedUnder = (word: FaultName, phase: Phase) =>
  phase === 'after' || word === 'slow' || word === 'duplicated' ? 1 : 0;

describe('a fault at the first send', () => {
  test.each(CASES)('$word $phase its effect', async ({ word, phase }) => {
    const payToId = `pay-${word}-${phase}`;
    const abort = new AbortController();
    const answer = client.refund(refundBody(payToId), { signal: abort.signal });
    answer.catch(() => {});
    await vi.waitFor(() =>
      expect(sandbox.journal.sends(`r-${payToId}`)).toMatchObject([{ fault: `${word}-${phase}` }]),
    );
    if (word === 'silent') abort.abort(new Error('the client gave up'));
    await SEEN[word](answer);
    expect(sandbox.journal.moved(payToId)).toHaveLength(movedUnder(word, phase));

    const { result, isSigned, json } = await client.refund(refundBody(payToId));
    expect({ result, isSigned }).toEqual({ result: 'S SUCCESS', isSigned: true });
    expect(json.refundToDetails[0].refundAmount.value).toBe('1234');
    expect(sandbox.journal.moved(payToId)).toHaveLength(1);
    expect((await client.inquire(`r-${payToId}`)).json.refundInformation).toMatchObject([
      { payToId, refundAmount: { value: '1234' }, refundStatus: 'SUCCESS' },
    ]);
  });

  test('is in the journal with the answer that was sent, if there was one', () => {
    const first = (word: string) => sandbox.journal.sends(`r-pay-${word}-after`)[0];
    expect(first('silent')?.answer).toBeUndefined();
    expect(first('dropped')?.answer).toBeUndefined();
    expect(first('badgateway')?.answer).toMatchObject({ status: 502, signedBy: 'none' });
    expect(first('forged')?.answer).toMatchObject({ status: 200, signedBy: 'other-key' });
    expect(first('wrong-amount')?.answer).toMatchObject({ status: 200, signedBy: 'sandbox' });
    expect(first('cutoff')?.answer?.body).toContain('SUC');
  });

  test('before its effect does not bind the content to the request id', async () => {
    await expect(client.refund(refundBody('pay-x-dropped-before', 1))).rejects.toThrow();
    expect((await client.refund(refundBody('pay-x-dropped-before', 2))).result).toBe('S SUCCESS');
    expect(sandbox.journal.sum().changedBodies).toEqual(['r-pay-x-dropped-before']);
  });

  test('does not hide an invalid request, and applies to the next valid one', async () => {
    const wrong = { ...refundBody('pay-y-dropped-after'), refundReason: '' };
    expect((await client.refund(wrong)).result).toBe('F PARAM_ILLEGAL');
    await expect(client.refund(refundBody('pay-y-dropped-after'))).rejects.toThrow();
  });
});

describe('a fault at the send of a WorldTrade refund', () => {
  test('wrong-id: the answer names another payment', async () => {
    const body = await client.applyBody('trade-wrong-id-after');
    const { json, isSigned } = await client.apply(body);
    expect(isSigned).toBe(true);
    expect(json.paymentOrderId).toBe(`${body.paymentOrderId}-not`);
    expect(sandbox.journal.moved('trade-wrong-id-after')).toHaveLength(1);
  });

  test('forged-before: the answer is S with a foreign signature, and nothing has happened', async () => {
    const body = await client.applyBody('trade-forged-before');
    expect(await client.apply(body)).toMatchObject({ result: 'S SUCCESS', isSigned: false });
    expect(sandbox.journal.moved('trade-forged-before')).toEqual([]);
    expect((await client.inquire(body.requestId)).result).toBe('F REFUND_ORDER_NOT_EXIST');
  });
});

describe('a fault at an inquiry', () => {
  test('wrong-amount: the answer has another amount', async () => {
    await client.refund(refundBody('pay-inquire-wrong-amount'));
    const { json, isSigned } = await client.inquire('r-pay-inquire-wrong-amount');
    expect(isSigned).toBe(true);
    expect(json.refundInformation[0].refundAmount).toEqual({ currency: 'USD', value: '1235' });
  });

  test('wrong-currency: the answer has another currency', async () => {
    await client.refund(refundBody('pay-inquire-wrong-currency'));
    const { json } = await client.inquire('r-pay-inquire-wrong-currency');
    expect(json.refundInformation[0].refundAmount).toEqual({ currency: 'EUR', value: '1234' });
  });

  test('wrong-refund-status: the answer has an undocumented refundStatus', async () => {
    await client.refund(refundBody('pay-inquire-wrong-refund-status'));
    const { json, result, isSigned } = await client.inquire('r-pay-inquire-wrong-refund-status');
    expect({ result, isSigned }).toEqual({ result: 'S SUCCESS', isSigned: true });
    expect(json.refundInformation).toMatchObject([{ refundStatus: 'ON_ITS_WAY' }]);
  });

  test('duplicated: the inquiry counts twice', async () => {
    await client.refund(refundBody('pay-settles-2-inquire-duplicated'));
    const { json } = await client.inquire('r-pay-settles-2-inquire-duplicated');
    expect(json.refundInformation).toMatchObject([{ refundStatus: 'SUCCESS' }]);
  });

  test('overtaken: the inquiry comes before the effect of the send, and the next one finds the refund', async () => {
    await expect(client.refund(refundBody('pay-z-overtaken-before'))).rejects.toThrow();
    const moved = () => sandbox.journal.moved('pay-z-overtaken-before').length;
    expect(moved()).toBe(0);
    expect((await client.inquire('r-pay-z-overtaken-before')).result).toBe('F REFUND_ORDER_NOT_EXIST');
    expect(moved()).toBe(1);
    expect((await client.inquire('r-pay-z-overtaken-before')).result).toBe('S SUCCESS');
    expect(moved()).toBe(1);
  });

  test('wrong-id: the answer is about another refund', async () => {
    await client.refund(refundBody('pay-inquire-wrong-id'));
    const { json } = await client.inquire('r-pay-inquire-wrong-id');
    expect(json.refundInformation[0]).toMatchObject({
      refundRequestId: 'r-pay-inquire-wrong-id-not',
      payToId: 'pay-inquire-wrong-id-not',
    });
  });

  test('happens even if the refund never arrived', async () => {
    await expect(client.refund(refundBody('pay-dropped-before-inquire-badgateway'))).rejects.toThrow();
    expect((await client.inquire('r-pay-dropped-before-inquire-badgateway')).status).toBe(502);
    expect((await client.inquire('r-pay-dropped-before-inquire-badgateway')).result).toBe(
      'F REFUND_ORDER_NOT_EXIST',
    );
  });
});
