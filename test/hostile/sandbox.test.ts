// @module-tag long
import { createPrivateKey } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../testing/sandbox/index.js';
import { planOf } from '../../testing/sandbox/scenario-parser.js';
import { SCENARIOS } from '../../testing/sandbox/scenario-table.js';
import { signatureHeader } from '../../worldfirst/signature.js';
import { clientOf, refundBody } from '../sandbox/raw-client.js';
import { partner, stranger } from '../worldfirst/fixtures.js';
import { anyText, NUMBERS, textOf, trees } from './json-tree.js';
import { rawRequests, say } from './raw-requests.js';

let sandbox: Sandbox;
let client: ReturnType<typeof clientOf>;
const PATH = '/amsin/api/v1/business/refund';

beforeAll(async () => {
  sandbox = await startSandbox();
  client = clientOf(sandbox);
});
afterAll(() => sandbox.stop());

const port = () => Number(new URL(sandbox.url).port);
const TIME = '2026-11-22T12:08:56+08:00';

/** The headers of a request that somebody signed; text and body may differ. */
function headersFor(body: string, privateKey = partner.privateKey): Record<string, string> {
  const clientId = sandbox.env.WORLDFIRST_CLIENT_ID as string;
  const text = { path: PATH, clientId, time: TIME, body };
  const Signature = signatureHeader(text, { privateKey, keyVersion: '2' });
  return { 'Client-Id': clientId, 'Request-Time': TIME, Signature };
}

it('any bytes at all: nothing is signed as a success, no money moves, and the sandbox lives', async () => {
  const body = JSON.stringify(refundBody('pay-hostile'));
  await fc.assert(
    fc.asyncProperty(rawRequests(PATH, headersFor(body, stranger.privateKey), body), async (bytes) => {
      const said = await say(port(), bytes);
      expect(said).not.toMatch(/SUCCESS|The sandbox failed/);
    }),
    { numRuns: 100 },
  );
  expect(sandbox.journal.movements).toEqual([]);
  expect((await client.refund(refundBody('pay-after'))).result).toBe('S SUCCESS');
});

it('bytes that are no UTF-8 are not the signed ones, though their text is', async () => {
  const privateKey = createPrivateKey(sandbox.env.WORLDFIRST_PRIVATE_KEY as string);
  const text = JSON.stringify({ ...refundBody('pay-bytes'), refundReason: '\uFFFD' });
  const body = Buffer.from(text.replace('\uFFFD', '\u00ff'), 'latin1');
  expect(body.toString('utf8')).toBe(text);
  const response = fetch(sandbox.url + PATH, { method: 'POST', headers: headersFor(text, privateKey), body });
  await expect(response).rejects.toThrow();
  expect(sandbox.journal.moved('pay-bytes')).toEqual([]);
});

describe('whatever its client signs', () => {
  const keys = Object.keys(refundBody('x'));
  const OPERATIONS = ['refund', 'inquireRefund', 'worldtrade/applyRefund', 'worldtrade/queryTradeOrder'];

  it('is answered, signed, and never by a failure of the sandbox', () =>
    fc.assert(
      fc.asyncProperty(fc.constantFrom(...OPERATIONS), trees(keys), async (name, tree) => {
        const answer = await client.post(name, textOf(tree));
        expect(answer).toMatchObject({ status: 200, isSigned: true });
      }),
      { numRuns: 40 },
    ));

  it('moves money only for a refund in order, whatever stands in one of its fields', async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...keys), trees(['currency', 'value']), async (key, tree) => {
        count += 1;
        const body = refundBody(`pay-fuzz-${count}`);
        const { [key]: _, ...others } = body as Record<string, unknown>;
        const text = `{${JSON.stringify(key)}:${textOf(tree)},${JSON.stringify(others).slice(1)}`;
        const before = sandbox.journal.movements.length;
        const { result, isSigned } = await client.post('refund', text);
        expect(isSigned).toBe(true);
        expect(sandbox.journal.movements.length - before).toBe(result === 'S SUCCESS' ? 1 : 0);
        if (result !== 'S SUCCESS') return;
        expect(sandbox.journal.movements.at(-1)?.amount.value).toSatisfy(Number.isSafeInteger);
      }),
      { numRuns: 40 },
    );
  });

  it.each(NUMBERS)('no money moves for an amount of %s', async (number) => {
    const text = JSON.stringify(refundBody(`pay-${number}`)).replaceAll('"value":1234', `"value":${number}`);
    const { result } = await client.post('refund', text);
    const value = Number(number);
    const isAmount = Number.isSafeInteger(value) && value >= 0;
    expect(result).toBe(isAmount ? 'S SUCCESS' : 'F PARAM_ILLEGAL');
    expect(sandbox.journal.moved(`pay-${number}`)).toHaveLength(isAmount ? 1 : 0);
  });

  it('ten thousand brackets, twice: the money moves once at most, and the sandbox lives', async () => {
    const nested = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
    const text = `${JSON.stringify(refundBody('pay-deep')).slice(0, -1)},"refundOrder":{"x":${nested}}}`;
    await client.post('refund', text);
    await client.post('refund', text);
    expect(sandbox.journal.moved('pay-deep').length).toBeLessThan(2);
    expect((await client.refund(refundBody('pay-shallow'))).result).toBe('S SUCCESS');
  });
});

it('any id has words that can be read', () => {
  const digits = fc.oneof(
    fc.constantFrom('0', '1', '99', '9'.repeat(16), '9'.repeat(40)),
    fc.stringMatching(/^\d*$/),
  );
  const words = fc
    .tuple(fc.constantFrom(...SCENARIOS.map(({ word }) => word)), digits, fc.constantFrom('usd', 'JPY', 'x'))
    .map(([word, number, currency]) =>
      word
        .replace(/\b(N|VALUE)\b/g, number)
        .replace('CURRENCY', currency)
        .replace('CODE', 'PROCESS_FAIL')
        .replace('FAULT', 'dropped')
        .replace('PHASE', 'after'),
    );
  const ids = fc.oneof(
    anyText,
    fc.array(fc.oneof(words, fc.constantFrom('-', 'unknown-0'), fc.string())).map((parts) => parts.join('-')),
  );
  fc.assert(
    fc.property(ids, fc.constantFrom('worldtrade' as const, 'cashier' as const), (id, product) => {
      const { total, payments, placed } = planOf(id, product);
      expect(payments).toBeLessThan(10);
      if (total) expect(Number.isSafeInteger(total.value)).toBe(true);
      expect(placed.length).toBeLessThan(id.length + 1);
    }),
    { numRuns: 500 },
  );
});
