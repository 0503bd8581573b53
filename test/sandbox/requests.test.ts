import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../testing/sandbox/index.js';
import { clientOf, refundBody } from './raw-client.js';

let sandbox: Sandbox;
let client: ReturnType<typeof clientOf>;

beforeAll(async () => {
  sandbox = await startSandbox();
  client = clientOf(sandbox);
});

afterAll(() => sandbox.stop());

/** A copy with one field at a path changed, or removed by undefined. */
function changed(body: object, path: string, value: unknown): object {
  const copy = structuredClone(body) as Record<string, unknown>;
  const names = path.split('.');
  const last = names.pop() ?? '';
  const parent = names.reduce((node, name) => node[name] as Record<string, unknown>, copy);
  parent[last] = value;
  return copy;
}

describe('the gateway', () => {
  test('refuses an unknown client with an unsigned answer', async () => {
    const answer = await client.refund(refundBody('pay-1'), { clientId: 'SOMEBODY' });
    expect(answer).toMatchObject({ status: 200, result: 'F UNKNOWN_CLIENT', isSigned: false });
  });

  test('refuses a signature of another key', async () => {
    const other = await startSandbox();
    await other.stop();
    const answer = await client.refund(refundBody('pay-1'), { privateKey: other.env.WORLDFIRST_PRIVATE_KEY });
    expect(answer).toMatchObject({ status: 200, result: 'F INVALID_SIGNATURE', isSigned: false });
  });

  test('refuses a body that is not the signed one', async () => {
    const signedBody = JSON.stringify(refundBody('pay-1', 1));
    const answer = await client.refund(refundBody('pay-1', 2), { signedBody });
    expect(answer).toMatchObject({ result: 'F INVALID_SIGNATURE', isSigned: false });
  });

  test('accepts text beyond ASCII, because the bytes of the body are signed', async () => {
    const body = { ...refundBody('pay-text'), refundReason: '退货 – zurückgegeben 📦' };
    expect((await client.refund(body)).result).toBe('S SUCCESS');
  });

  test('accepts POST only', async () => {
    expect(await client.post('refund', '', { method: 'GET' })).toMatchObject({
      result: 'F METHOD_NOT_SUPPORTED',
    });
  });

  test('refuses an unknown API with a signed answer', async () => {
    for (const name of ['applyRefund', 'worldtrade/refund', 'refund/', 'toString'])
      expect(await client.post(name, '{}')).toMatchObject({ result: 'F INVALID_API', isSigned: true });
  });

  test('accepts JSON objects only', async () => {
    for (const body of ['', 'refund', '[]', '"x"', '{"a":'])
      expect(await client.post('refund', body)).toMatchObject({ result: 'F PARAM_ILLEGAL', isSigned: true });
  });

  test('moves no money for refused requests', () => {
    expect(sandbox.journal.moved('pay-1')).toEqual([]);
  });
});

describe('applyRefund refuses', () => {
  test.each([
    ['requestId', undefined],
    ['requestId', ''],
    ['requestId', 'x'.repeat(65)],
    ['requestId', 7],
    ['tradeId', undefined],
    ['tradeId', 'x'.repeat(65)],
    ['paymentOrderId', undefined],
    ['paymentOrderId', 'a payment of another order'],
    ['refundAmount', undefined],
    ['refundAmount', 10000],
    ['refundAmount.currency', 'EUR'],
    ['refundAmount.currency', 'usd'],
    ['refundAmount.value', 9999],
    ['refundAmount.value', -1],
    ['refundAmount.value', 100.5],
    ['refundAmount.value', '1e4'],
    ['refundAmount.value', `${'0'.repeat(12)}10000`],
    ['refundAmount.value', undefined],
    ['remark', 'x'.repeat(257)],
    ['remark', null],
  ])('%s: %j', async (path, value) => {
    const body = await client.applyBody('trade-1');
    const { result, json, isSigned } = await client.apply(changed(body, path, value));
    expect({ result, isSigned }).toEqual({ result: 'F PARAM_ILLEGAL', isSigned: true });
    expect(json.result.resultMessage).toContain(path.split('.')[0]);
    expect(sandbox.journal.moved('trade-1')).toEqual([]);
  });

  test('no values that are exactly at the limits', async () => {
    const tradeId = `trade-${'x'.repeat(58)}`;
    const body = await client.applyBody(tradeId, 'r'.repeat(64));
    const answer = await client.apply({
      ...body,
      refundAmount: { currency: 'USD', value: '10000' },
      remark: '📦'.repeat(256),
    });
    expect(answer.result).toBe('S SUCCESS');
  });
});

describe('refund refuses', () => {
  test.each([
    ['refundRequestId', undefined],
    ['refundRequestId', 'x'.repeat(65)],
    ['payToId', undefined],
    ['payToId', 'x'.repeat(65)],
    ['refundToDetails', undefined],
    ['refundToDetails', []],
    ['refundDetails', undefined],
    ['refundToDetails.0.refundMethod', undefined],
    ['refundToDetails.0.refundAmount', undefined],
    ['refundToDetails.0.refundToAmount', undefined],
    ['refundToDetails.0.refundAmount.value', -1],
    ['refundToDetails.0.refundAmount.value', 1.5],
    ['refundToDetails.0.refundAmount.value', '9'.repeat(17)],
    ['refundReason', undefined],
    ['refundReason', ''],
    ['refundReason', 'x'.repeat(257)],
    ['refundRequestTime', undefined],
    ['refundRequestTime', '2026-11-22'],
    ['refundRequestTime', '2026-11-22T12:00:00'],
    ['refundRequestTime', '2026-13-22T12:00:00Z'],
    ['refundOrder', 'text'],
  ])('%s: %j', async (path, value) => {
    const { result, json, isSigned } = await client.refund(changed(refundBody('pay-2'), path, value));
    expect({ result, isSigned }).toEqual({ result: 'F PARAM_ILLEGAL', isSigned: true });
    expect(json.result.resultMessage).toContain(path.split('.')[0]);
    expect(sandbox.journal.moved('pay-2')).toEqual([]);
  });

  test('details in several currencies', async () => {
    const body = refundBody('pay-2');
    const [detail] = body.refundToDetails;
    const other = changed(detail ?? {}, 'refundAmount.currency', 'EUR');
    const answer = await client.refund({ ...body, refundToDetails: [detail, other] });
    expect(answer.result).toBe('F PARAM_ILLEGAL');
  });

  test('more than the part of a payment that is not refunded yet', async () => {
    sandbox.addFixture({ payToId: 'pay-rest', amount: { currency: 'USD', value: 1000 } });
    const part = (id: string, value: number) => client.refund(refundBody('pay-rest', value, id));
    expect((await part('part-1', 600)).result).toBe('S SUCCESS');
    expect((await part('part-2', 401)).result).toBe('F REFUND_AMOUNT_EXCEED');
    expect((await part('part-3', 400)).result).toBe('S SUCCESS');
    expect((await part('part-1', 600)).result).toBe('S SUCCESS');
    expect(sandbox.journal.moved('pay-rest').map(({ id, amount }) => [id, amount.value])).toEqual([
      ['part-1', 600],
      ['part-3', 400],
    ]);
  });

  test('a currency that is not the currency of the payment', async () => {
    sandbox.addFixture({ payToId: 'pay-currency', amount: { currency: 'EUR', value: 100_000 } });
    expect((await client.refund(refundBody('pay-currency'))).result).toBe('F CURRENCY_NOT_SUPPORT');
  });
});

describe('inquireRefund', () => {
  test.each([
    {},
    { refundRequestIds: [] },
    { refundRequestIds: 'r' },
    { refundIds: [''] },
    { refundIds: [1] },
  ])('refuses %j', async (body) => {
    expect((await client.send('inquireRefund', body)).result).toBe('F PARAM_ILLEGAL');
  });

  test('does not find a refund that was never sent', async () => {
    expect(await client.inquire('never-sent')).toMatchObject({
      result: 'F REFUND_ORDER_NOT_EXIST',
      isSigned: true,
    });
  });

  test('finds a refund by its refund id, and several at once', async () => {
    const { json } = await client.refund(refundBody('pay-3'));
    await client.refund(refundBody('pay-4'));
    const body = { refundIds: [json.refundId], refundRequestIds: ['r-pay-4', 'never-sent'] };
    const { json: found } = await client.send('inquireRefund', body);
    expect(found.refundInformation).toMatchObject([
      { refundRequestId: 'r-pay-4' },
      { refundRequestId: 'r-pay-3' },
    ]);
  });

  test('lists the fee beside the money, like the sample on WorldFirst’s page', async () => {
    const { json } = await client.inquire('r-pay-3');
    expect(json.refundInformation[0].refundOrderDetails).toMatchObject([
      { refundActualAmount: { value: '1234' } },
      { fundType: 'FEE' },
    ]);
  });
});

describe('the same request id', () => {
  test('with the same content has one effect and the same answer', async () => {
    const body = await client.applyBody('trade-again');
    const first = await client.apply(body);
    const second = await client.apply(body);
    expect(first.result).toBe('S SUCCESS');
    expect(second.text).toBe(first.text);
    expect(sandbox.journal.moved('trade-again')).toHaveLength(1);
  });

  test('with the same content in another order of fields is the same request', async () => {
    const body = refundBody('pay-order');
    const first = await client.refund(body);
    const second = await client.refund(Object.fromEntries(Object.entries(body).reverse()));
    expect(second.text).toBe(first.text);
    // WorldFirst accepts another order of fields, but our client promises identical bytes.
    expect(sandbox.journal.sum().changedBodies).toContain('r-pay-order');
  });

  test.each([
    ['another time', { refundRequestTime: '2026-11-22T12:00:01+08:00' }],
    ['another reason', { refundReason: 'another' }],
    ['another payment', { payToId: 'pay-5-other' }],
    ['one more field', { refundOrder: {} }],
  ])('with %s is refused, and the first one stays as it was', async (what, change) => {
    const body = refundBody(`pay-5 ${what}`);
    const first = await client.refund(body);
    expect(await client.refund({ ...body, ...change })).toMatchObject({
      result: 'F REPEAT_REQ_INCONSISTENT',
      isSigned: true,
    });
    expect((await client.refund(body)).text).toBe(first.text);
    expect(sandbox.journal.moved(body.refundRequestId)).toHaveLength(1);
  });

  test('for the other product is refused', async () => {
    await client.refund(refundBody('pay-6', 1, 'one-id'));
    const body = await client.applyBody('trade-6', 'one-id');
    expect((await client.apply(body)).result).toBe('F REPEAT_REQ_INCONSISTENT');
  });
});

describe('a second request id for a trade', () => {
  test('is accepted, so that the journal shows a client that refunds twice', async () => {
    const { movedTwice } = sandbox.journal.sum();
    await client.apply(await client.applyBody('trade-twice', 'twice-1'));
    await client.apply(await client.applyBody('trade-twice', 'twice-2'));
    expect(sandbox.journal.moved('trade-twice').map(({ id }) => id)).toEqual(['twice-1', 'twice-2']);
    expect(sandbox.journal.sum().movedTwice).toEqual([...movedTwice, 'trade-twice']);
  });
});
