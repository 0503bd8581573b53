import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FaultName, type Sandbox, startSandbox } from '../../testing/sandbox/index.js';
import { clientOf, refundBody } from './raw-client.js';

let sandbox: Sandbox;
let client: ReturnType<typeof clientOf>;

beforeAll(async () => {
  sandbox = await startSandbox();
  client = clientOf(sandbox);
});

afterAll(() => sandbox.stop());

describe('a rule of a test', () => {
  test('applies to the next call of the API, once', async () => {
    sandbox.when({ api: 'refund' }, { fault: 'badgateway', phase: 'before' });
    expect((await client.query('trade-a')).result).toBe('S SUCCESS');
    expect((await client.refund(refundBody('pay-a'))).status).toBe(502);
    expect((await client.refund(refundBody('pay-a'))).result).toBe('S SUCCESS');
  });

  test('applies to the given number of calls, and to the given id only', async () => {
    sandbox.when({ api: 'refund', id: 'r-pay-b', times: 2 }, { fault: 'html', phase: 'after' });
    expect((await client.refund(refundBody('pay-other'))).result).toBe('S SUCCESS');
    expect((await client.refund(refundBody('pay-b'))).json).toBeUndefined();
    expect((await client.refund(refundBody('pay-b'))).json).toBeUndefined();
    expect((await client.refund(refundBody('pay-b'))).result).toBe('S SUCCESS');
    expect(sandbox.journal.moved('pay-b')).toHaveLength(1);
  });

  test('applies to an inquiry by request id, by payment id and by WorldFirst’s refund id', async () => {
    const { json } = await client.refund(refundBody('pay-c'));
    for (const id of ['r-pay-c', 'pay-c', json.refundId]) {
      sandbox.when({ api: 'inquireRefund', id }, { code: 'ACCESS_DENIED', phase: 'before' });
      const { result } = await client.send('inquireRefund', { refundIds: [json.refundId] });
      // This inquiry does not name the request id, so the rule for it remains.
      expect(result, id).toBe(id === 'r-pay-c' ? 'S SUCCESS' : 'F ACCESS_DENIED');
    }
    expect((await client.inquire('r-pay-c')).result).toBe('F ACCESS_DENIED');
  });

  test('comes before the scenario words of an id', async () => {
    sandbox.when({ api: 'refund', id: 'pay-d-html-before' }, { fault: 'badgateway', phase: 'before' });
    expect((await client.refund(refundBody('pay-d-html-before'))).status).toBe(502);
    expect((await client.refund(refundBody('pay-d-html-before'))).text).toContain('<html>');
    expect((await client.refund(refundBody('pay-d-html-before'))).result).toBe('S SUCCESS');
  });

  test('can answer a code with any status after the money has moved', async () => {
    sandbox.when({ api: 'refund', id: 'pay-e' }, { code: 'SOME_CODE', status: 'U', phase: 'after' });
    expect((await client.refund(refundBody('pay-e'))).result).toBe('U SOME_CODE');
    expect(sandbox.journal.moved('pay-e')).toHaveLength(1);
  });

  test('can give any answer, with a valid signature', async () => {
    const answer = {
      result: { resultStatus: 'S', resultCodeId: 'SUCCESS', resultMsg: 'ok' },
      extra: ['äöü', null],
    };
    sandbox.when({ api: 'queryTradeOrder', id: 'trade-f' }, { answer, phase: 'before' });
    expect(await client.query('trade-f')).toMatchObject({ json: answer, isSigned: true });
  });

  test('is refused when its fault does not exist', () => {
    expect(() => sandbox.when({ api: 'refund' }, { fault: 'droped' as FaultName, phase: 'before' })).toThrow(
      /no fault "droped"/,
    );
  });

  test('that refuses a request still binds its content, because WorldFirst has read it', async () => {
    sandbox.when({ api: 'refund', id: 'pay-g' }, { code: 'PROCESS_FAIL', phase: 'before' });
    expect((await client.refund(refundBody('pay-g', 1))).result).toBe('F PROCESS_FAIL');
    expect((await client.refund(refundBody('pay-g', 2))).result).toBe('F REPEAT_REQ_INCONSISTENT');
    expect((await client.refund(refundBody('pay-g', 1))).result).toBe('S SUCCESS');
  });
});

describe('a call that is held', () => {
  test('before its effect has no effect until it is released', async () => {
    const held = sandbox.hold({ api: 'refund', id: 'pay-h' }, 'before');
    const first = client.refund(refundBody('pay-h'));
    await held.arrived;
    expect((await client.inquire('r-pay-h')).result).toBe('F REFUND_ORDER_NOT_EXIST');
    expect(sandbox.journal.moved('pay-h')).toHaveLength(0);
    held.release();
    expect((await first).result).toBe('S SUCCESS');
    expect(sandbox.journal.moved('pay-h')).toHaveLength(1);
  });

  test('after its effect has moved the money without an answer', async () => {
    const held = sandbox.hold({ api: 'refund', id: 'pay-i' }, 'after');
    const first = client.refund(refundBody('pay-i'));
    await held.arrived;
    expect(sandbox.journal.moved('pay-i')).toHaveLength(1);
    expect((await client.inquire('r-pay-i')).result).toBe('S SUCCESS');
    held.release();
    expect((await first).result).toBe('S SUCCESS');
  });

  test('moves money once, even if its repeat overtakes it', async () => {
    const held = sandbox.hold({ api: 'refund', id: 'pay-j' }, 'before');
    const first = client.refund(refundBody('pay-j'));
    await held.arrived;
    const second = await client.refund(refundBody('pay-j'));
    held.release();
    expect((await first).text).toBe(second.text);
    expect(sandbox.journal.moved('pay-j')).toHaveLength(1);
  });

  test('has its effect, even if the client has disconnected', async () => {
    const held = sandbox.hold({ api: 'refund', id: 'pay-k' }, 'before');
    const abort = new AbortController();
    const first = client.refund(refundBody('pay-k'), { signal: abort.signal });
    await held.arrived;
    abort.abort();
    await expect(first).rejects.toThrow();
    held.release();
    await expect.poll(() => sandbox.journal.moved('pay-k').length).toBe(1);
  });
});
