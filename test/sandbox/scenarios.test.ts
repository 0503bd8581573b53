import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  FAULTS,
  formatScenarios,
  type Sandbox,
  SCENARIOS,
  startSandbox,
} from '../../testing/sandbox/index.js';
import { type Received, receiver, until } from './notification-receiver.js';
import { clientOf, refundBody } from './raw-client.js';

let sandbox: Sandbox;
/** A sandbox that closes orders immediately and resends a notification twice. */
let quick: Sandbox;
let client: ReturnType<typeof clientOf>;

beforeAll(async () => {
  sandbox = await startSandbox();
  quick = await startSandbox({ closeAfter: 0, resendAfter: [5, 5] });
  client = clientOf(sandbox);
});

afterAll(async () => {
  await sandbox.stop();
  await quick.stop();
});

/** Sends a cashier refund and returns its result as `S SUCCESS`. */
async function send(payToId: string): Promise<string> {
  return (await client.refund(refundBody(payToId))).result;
}

/** Sends a WorldTrade refund and returns its result as `S SUCCESS`. */
async function apply(tradeId: string, requestId?: string): Promise<string> {
  return (await client.apply(await client.applyBody(tradeId, requestId))).result;
}

/** Inquires several times, and returns the refundStatus or the code of each answer. */
async function inquire(reference: string, times: number): Promise<string[]> {
  const found: string[] = [];
  for (let i = 0; i < times; i++) {
    const { json } = await client.inquire(`r-${reference}`);
    found.push(json.refundInformation?.[0]?.refundStatus ?? json.result.resultCode);
  }
  return found;
}

/** Refunds a trade, and returns its closure notifications. */
async function closingOf(tradeId: string, times: number): Promise<Received[]> {
  const { url, received } = await receiver(sandbox);
  sandbox.notifyTo(url);
  expect(await apply(tradeId)).toBe('S SUCCESS');
  await until(() => received.length === times);
  return received;
}

const moves = (reference: string) => sandbox.journal.moved(reference).length;
const NOT_THERE = 'REFUND_ORDER_NOT_EXIST';

/** One test for each row of the table, by its word. */
const WORDS: Record<string, () => Promise<void>> = {
  async 'total-CURRENCY-VALUE'() {
    const { json } = await client.query('trade-total-jpy-5000');
    expect(json.orderBasicInfo.totalAmount).toEqual({ currency: 'JPY', value: '5000' });
    expect(await client.refund(refundBody('pay-total-USD-1000', 1001))).toMatchObject({
      result: 'F REFUND_AMOUNT_EXCEED',
    });
  },
  async missing() {
    expect(await client.query('trade-missing')).toMatchObject({
      result: 'F ORDER_NOT_EXIST',
      isSigned: true,
    });
    const body = await client.applyBody('trade-there');
    expect(await client.apply({ ...body, tradeId: 'trade-missing', requestId: 'r-missing' })).toMatchObject({
      result: 'F ORDER_NOT_EXIST',
    });
    expect(moves('trade-missing')).toBe(0);
  },
  async phases() {
    const { json } = await client.query('trade-phases');
    expect(json.paymentResultList.map(({ paymentPhase }: { paymentPhase: string }) => paymentPhase)).toEqual([
      'ADVANCE_PAYMENT',
      'BALANCE_PAYMENT',
    ]);
    const body = await client.applyBody('trade-phases');
    const paymentOrderId = json.paymentResultList[1].paymentOrderId;
    expect((await client.apply({ ...body, paymentOrderId })).result).toBe('S SUCCESS');
  },
  async unpaid() {
    expect((await client.query('trade-unpaid')).json.paymentResultList).toEqual([]);
  },
  async 'unknown-N'() {
    expect(await send('pay-unknown-3')).toBe('U UNKNOWN_EXCEPTION');
    expect(await inquire('pay-unknown-3', 2)).toEqual([NOT_THERE, NOT_THERE]);
    expect(await send('pay-unknown-3')).toBe('U UNKNOWN_EXCEPTION');
    expect(await inquire('pay-unknown-3', 2)).toEqual(['SUCCESS', 'SUCCESS']);
    expect(await send('pay-unknown-3')).toBe('S SUCCESS');
    expect(moves('pay-unknown-3')).toBe(1);
    expect(await apply('trade-unknown')).toBe('U UNKNOWN_EXCEPTION');
    expect(await inquire('trade-unknown', 1)).toEqual(['SUCCESS']);
  },
  async nobody() {
    expect(await apply('trade-nobody')).toBe('U UNKNOWN_EXCEPTION');
    expect(await inquire('trade-nobody', 9)).toEqual(Array(9).fill(NOT_THERE));
    expect(await apply('trade-nobody')).toBe('U UNKNOWN_EXCEPTION');
    expect(moves('trade-nobody')).toBe(0);
  },
  async unlisted() {
    expect(await apply('trade-unlisted')).toBe('S SUCCESS');
    expect(await inquire('trade-unlisted', 3)).toEqual(Array(3).fill(NOT_THERE));
    expect(moves('trade-unlisted')).toBe(1);
    // WorldTrade may have no inquiry at all. Then only the repeated request shows the result.
    expect(await apply('trade-unknown-2-unlisted')).toBe('U UNKNOWN_EXCEPTION');
    expect(await inquire('trade-unknown-2-unlisted', 2)).toEqual([NOT_THERE, NOT_THERE]);
    expect(await apply('trade-unknown-2-unlisted')).toBe('S SUCCESS');
    expect(moves('trade-unknown-2-unlisted')).toBe(1);
  },
  async 'settles-N'() {
    expect(await send('pay-settles-3')).toBe('S SUCCESS');
    expect(await inquire('pay-settles-3', 4)).toEqual(['PROCESSING', 'PROCESSING', 'SUCCESS', 'SUCCESS']);
    expect(moves('pay-settles-3')).toBe(1);
  },
  async 'never-settles'() {
    expect(await apply('trade-never-settles')).toBe('S SUCCESS');
    expect(await inquire('trade-never-settles', 20)).toEqual(Array(20).fill('PROCESSING'));
  },
  async declined() {
    expect(await send('pay-declined-settles-2')).toBe('S SUCCESS');
    expect(await inquire('pay-declined-settles-2', 2)).toEqual(['PROCESSING', 'FAIL']);
    expect(moves('pay-declined-settles-2')).toBe(0);
  },
  async closes() {
    expect(await closingOf('trade-closes', 1)).toMatchObject([{ tradeId: 'trade-closes', isRefund: 'Y' }]);
    expect(moves('trade-closes')).toBe(1);
  },
  async 'closes-twice'() {
    const [first, second] = await closingOf('trade-closes-twice', 2);
    expect(first).toMatchObject({ tradeId: 'trade-closes-twice', isRefund: 'Y' });
    expect(second).toEqual(first);
  },
  async 'closes-unrefunded'() {
    expect(await closingOf('trade-closes-unrefunded', 1)).toMatchObject([{ isRefund: 'N' }]);
    expect(await inquire('trade-closes-unrefunded', 2)).toEqual(['PROCESSING', 'PROCESSING']);
    expect(moves('trade-closes-unrefunded')).toBe(0);
  },
  async 'refused-CODE'() {
    expect(await apply('trade-refused-refund_period_expired')).toBe('F REFUND_PERIOD_EXPIRED');
    expect(await apply('trade-refused-refund_period_expired')).toBe('F REFUND_PERIOD_EXPIRED');
    expect(await inquire('trade-refused-refund_period_expired', 1)).toEqual([NOT_THERE]);
    expect(moves('trade-refused-refund_period_expired')).toBe(0);
    // The status of this code is F on one page and U on the others.
    expect(await apply('trade-refused-UNKNOWN_EXCEPTION')).toBe('F UNKNOWN_EXCEPTION');
    expect(await send('pay-refused-UNKNOWN_EXCEPTION')).toBe('U UNKNOWN_EXCEPTION');
    expect(await send('pay-refused-ON_NO_PAGE')).toBe('F ON_NO_PAGE');
  },
  async 'refused-once-CODE'() {
    expect(await apply('trade-refused-once-PROCESS_FAIL')).toBe('F PROCESS_FAIL');
    expect(await apply('trade-refused-once-PROCESS_FAIL')).toBe('S SUCCESS');
    expect(await inquire('trade-refused-once-PROCESS_FAIL', 1)).toEqual(['SUCCESS']);
    expect(moves('trade-refused-once-PROCESS_FAIL')).toBe(1);
  },
  async 'query-CODE'() {
    expect((await client.query('trade-query-ACCESS_DENIED')).result).toBe('F ACCESS_DENIED');
    expect((await client.query('trade-query-ACCESS_DENIED')).result).toBe('F ACCESS_DENIED');
  },
  async 'query-once-CODE'() {
    expect((await client.query('trade-query-once-PROCESS_FAIL')).result).toBe('F PROCESS_FAIL');
    expect((await client.query('trade-query-once-PROCESS_FAIL')).result).toBe('S SUCCESS');
  },
  async 'inquire-CODE'() {
    expect(await send('pay-inquire-UNKNOWN_EXCEPTION')).toBe('S SUCCESS');
    expect(await inquire('pay-inquire-UNKNOWN_EXCEPTION', 2)).toEqual(Array(2).fill('UNKNOWN_EXCEPTION'));
  },
  async 'inquire-once-CODE'() {
    expect(await send('pay-inquire-once-KEY_NOT_FOUND')).toBe('S SUCCESS');
    expect(await inquire('pay-inquire-once-KEY_NOT_FOUND', 2)).toEqual(['KEY_NOT_FOUND', 'SUCCESS']);
  },
  async 'FAULT-PHASE'() {
    await expect(send('pay-dropped-before')).rejects.toThrow();
    expect(moves('pay-dropped-before')).toBe(0);
    expect(await send('pay-dropped-before')).toBe('S SUCCESS');
    expect(moves('pay-dropped-before')).toBe(1);
    await expect(send('pay-dropped-after')).rejects.toThrow();
    expect(moves('pay-dropped-after')).toBe(1);
    expect(await send('pay-dropped-after')).toBe('S SUCCESS');
    expect(moves('pay-dropped-after')).toBe(1);
  },
  async 'FAULT-PHASE-always'() {
    for (let i = 0; i < 3; i++) await expect(send('pay-dropped-after-always')).rejects.toThrow();
    expect(await inquire('pay-dropped-after-always', 1)).toEqual(['SUCCESS']);
    expect(moves('pay-dropped-after-always')).toBe(1);
  },
  async 'query-FAULT'() {
    expect((await client.query('trade-query-badgateway')).status).toBe(502);
    expect((await client.query('trade-query-badgateway')).result).toBe('S SUCCESS');
  },
  async 'query-FAULT-always'() {
    for (let i = 0; i < 3; i++) expect((await client.query('trade-query-html-always')).json).toBeUndefined();
  },
  async 'notify-FAULT-PHASE'() {
    const { url, received } = await receiver(quick);
    quick.notifyTo(url);
    const tradeId = 'trade-closes-notify-dropped-after';
    const body = await clientOf(quick).applyBody(tradeId);
    await clientOf(quick).apply(body);
    await until(() => quick.journal.notified(tradeId).at(-1)?.acknowledged === true);
    expect(quick.journal.notified(tradeId)).toMatchObject([{ fault: 'dropped-after' }, { status: 200 }]);
    expect(received).toHaveLength(2);
  },
  async 'notify-FAULT-PHASE-always'() {
    const { url, received } = await receiver(quick);
    quick.notifyTo(url);
    const tradeId = 'trade-closes-notify-html-before-always';
    const body = await clientOf(quick).applyBody(tradeId);
    await clientOf(quick).apply(body);
    await until(() => quick.journal.notified(tradeId).filter(({ status }) => status).length === 3);
    expect(received).toEqual([]);
  },
  async 'inquire-FAULT'() {
    expect(await send('pay-settles-2-inquire-dropped')).toBe('S SUCCESS');
    await expect(inquire('pay-settles-2-inquire-dropped', 1)).rejects.toThrow();
    // The inquiry whose answer was lost has counted.
    expect(await inquire('pay-settles-2-inquire-dropped', 1)).toEqual(['SUCCESS']);
  },
  async 'inquire-FAULT-always'() {
    expect(await send('pay-inquire-unsigned-always')).toBe('S SUCCESS');
    for (let i = 0; i < 3; i++)
      expect((await client.inquire('r-pay-inquire-unsigned-always')).isSigned).toBe(false);
  },
};

describe('an id without scenario words', () => {
  test('is a trade whose refund succeeds', async () => {
    const { json, isSigned } = await client.query('trade-1');
    expect(isSigned).toBe(true);
    expect(json.orderBasicInfo.totalAmount).toEqual({ currency: 'USD', value: '10000' });
    expect(json.paymentResultList).toHaveLength(1);
    expect(await apply('trade-1')).toBe('S SUCCESS');
    expect(await inquire('trade-1', 1)).toEqual(['SUCCESS']);
    expect(sandbox.journal.moved('trade-1')).toMatchObject([
      { id: 'r-trade-1', product: 'worldtrade', amount: { currency: 'USD', value: 10000 } },
    ]);
  });

  test('is a payment whose refund succeeds with any amount', async () => {
    const { json, isSigned } = await client.refund(refundBody('pay-1', 777));
    expect(isSigned).toBe(true);
    expect(json).toMatchObject({
      result: { resultStatus: 'S', resultCode: 'SUCCESS' },
      payToId: 'pay-1',
      refundRequestId: 'r-pay-1',
      refundToDetails: [{ refundAmount: { currency: 'USD', value: '777' } }],
    });
    const { json: inquired } = await client.inquire('r-pay-1');
    expect(inquired.refundInformation).toMatchObject([
      {
        refundRequestId: 'r-pay-1',
        payToId: 'pay-1',
        refundId: json.refundId,
        refundAmount: { currency: 'USD', value: '777' },
        refundStatus: 'SUCCESS',
      },
    ]);
    expect(sandbox.journal.moved('r-pay-1')).toMatchObject([{ amount: { currency: 'USD', value: 777 } }]);
  });

  test('may hold parts of scenario words, or a code without an underscore', async () => {
    for (const payToId of [
      'pay-nobodyelse',
      'unlistedpay',
      'pay-refused-goods',
      'pay-dropped',
      'pay-after',
    ]) {
      expect(await send(payToId), payToId).toBe('S SUCCESS');
      expect(await inquire(payToId, 1), payToId).toEqual(['SUCCESS']);
    }
  });
});

describe('the scenario words of an id', () => {
  test.each(SCENARIOS.map(({ word, description }) => ({ word, description })))(
    '$word: $description',
    async ({ word }) => {
      const check = WORDS[word];
      if (!check) throw new Error('This word has no test.');
      await check();
    },
  );

  test('can be combined', async () => {
    await expect(apply('trade-total-EUR-500-dropped-after-settles-2')).rejects.toThrow();
    const [movement] = sandbox.journal.moved('trade-total-EUR-500-dropped-after-settles-2');
    expect(movement?.amount).toEqual({ currency: 'EUR', value: 500 });
    expect(await inquire('trade-total-EUR-500-dropped-after-settles-2', 2)).toEqual([
      'PROCESSING',
      'SUCCESS',
    ]);
  });

  test('apply one after the other when they are for the same call', async () => {
    expect(await send('pay-refused-once-PROCESS_FAIL-refused-once-SYSTEM_ERROR')).toBe('F PROCESS_FAIL');
    expect(await send('pay-refused-once-PROCESS_FAIL-refused-once-SYSTEM_ERROR')).toBe('F SYSTEM_ERROR');
    expect(await send('pay-refused-once-PROCESS_FAIL-refused-once-SYSTEM_ERROR')).toBe('S SUCCESS');
  });

  test('apply to the first send of a trade, whatever its request id', async () => {
    expect(await apply('trade-x-refused-once-PROCESS_FAIL', 'x')).toBe('F PROCESS_FAIL');
    expect(await apply('trade-x-refused-once-PROCESS_FAIL', 'x-2')).toBe('S SUCCESS');
  });

  test('of one product have no effect on the other product', async () => {
    expect(await send('pay-missing')).toBe('S SUCCESS');
  });

  test('are all in the text for --help', () => {
    const text = formatScenarios();
    for (const { word } of [...SCENARIOS, ...FAULTS]) expect(text).toContain(`  ${word}  `);
  });
});

describe('a fixture', () => {
  test('applies scenario words to any id', async () => {
    sandbox.addFixture({
      payToId: '2026112200001',
      scenario: 'unknown-1',
      amount: { currency: 'USD', value: 100 },
    });
    expect(await client.refund(refundBody('2026112200001', 100))).toMatchObject({
      result: 'U UNKNOWN_EXCEPTION',
    });
    expect(await inquire('2026112200001', 1)).toEqual(['SUCCESS']);
  });

  test('describes an order with its total and its payments', async () => {
    sandbox.addFixture({
      tradeId: '2026112200002',
      total: { currency: 'CNH', value: 5 },
      paymentOrderIds: ['a', 'b', 'c'],
    });
    const { json } = await client.query('2026112200002');
    expect(json.orderBasicInfo.totalAmount).toEqual({ currency: 'CNH', value: '5' });
    expect(json.paymentResultList).toMatchObject([
      { paymentOrderId: 'a' },
      { paymentOrderId: 'b' },
      { paymentOrderId: 'c' },
    ]);
  });

  test('is refused when one of its scenario words does not exist', () => {
    expect(() => sandbox.addFixture({ payToId: 'p', scenario: 'droped-after' })).toThrow(/droped, after/);
    expect(() => sandbox.addFixture({ payToId: 'p', scenario: 'missing' })).toThrow(/cashier: missing/);
  });
});
