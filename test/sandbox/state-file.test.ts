import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../testing/sandbox/index.js';
import { passASecondAtEachReading } from '../support/clock.js';
import { receiver, until } from './notification-receiver.js';
import { clientOf, refundBody } from './raw-client.js';
import { useKeys } from './shared-keys.js';

const keys = useKeys();

async function folder(): Promise<{ file: string; start: (options?: SandboxOptions) => Promise<Sandbox> }> {
  const made = await mkdtemp(path.join(tmpdir(), 'sandbox-state-'));
  onTestFinished(() => rm(made, { recursive: true }));
  const file = path.join(made, 'state.jsonl');
  return {
    file,
    async start(options = {}) {
      const sandbox = await startSandbox({ ...keys, stateFile: file, closeAfter: 0, slow: 0, ...options });
      onTestFinished(() => sandbox.stop());
      return sandbox;
    },
  };
}

test('a restarted sandbox knows its orders, refunds and request bodies', async () => {
  const { start } = await folder();
  const first = await start();
  const before = clientOf(first);
  first.addFixture({ tradeId: 'trade-1', total: { currency: 'JPY', value: 500 }, scenario: 'settles-3' });
  const body = await before.applyBody('trade-1');
  const answer = await before.apply(body);
  await before.refund(refundBody('pay-1-total-USD-2000'));
  await before.inquire('r-trade-1');
  await first.stop();

  const second = await start();
  expect(second.journal.toJSON()).toEqual(first.journal.toJSON());
  const after = clientOf(second);
  expect((await after.apply(body)).text).toBe(answer.text);
  expect((await after.apply({ ...body, remark: 'another' })).result).toBe('F REPEAT_REQ_INCONSISTENT');
  expect((await after.refund(refundBody('pay-1-total-USD-2000', 1000, 'another'))).result).toBe(
    'F REFUND_AMOUNT_EXCEED',
  );
  const statusNow = async () => (await after.inquire('r-trade-1')).json.refundInformation[0].refundStatus;
  expect([await statusNow(), await statusNow()]).toEqual(['PROCESSING', 'SUCCESS']);
  expect(second.journal.sum()).toMatchObject({ moved: 2, movements: 2 });
});

test('an effect is kept when the sandbox is killed before the answer', async () => {
  const { file, start } = await folder();
  const killed = await start();
  const hold = killed.hold({ api: 'refund' }, 'after');
  const call = clientOf(killed).refund(refundBody('pay-1'));
  call.catch(() => {});
  await hold.arrived;
  // What a regular stop writes must not count.
  const kept = await readFile(file);
  await killed.stop();
  await writeFile(file, kept);

  const second = await start();
  expect(second.journal.moved('pay-1')).toHaveLength(1);
  expect(second.journal.entries[0]).toMatchObject({ fault: 'hold-after' });
  expect(second.journal.entries[0]?.answer).toBeUndefined();
  expect((await clientOf(second).refund(refundBody('pay-1'))).result).toBe('S SUCCESS');
  expect(second.journal.moved('pay-1')).toHaveLength(1);
});

test('a refund has one time: in its answer, in its inquiry, and in the journal of a restarted sandbox', async () => {
  const { start } = await folder();
  const first = await start();
  onTestFinished(passASecondAtEachReading());
  const client = clientOf(first);
  const { refundTime } = (await client.refund(refundBody('pay-1'))).json;
  expect((await client.inquire('r-pay-1')).json.refundInformation[0].refundTime).toBe(refundTime);
  const toTheSecond = new Date(refundTime).toISOString().slice(0, 19);
  expect(first.journal.moved('pay-1')).toMatchObject([{ at: expect.stringContaining(toTheSecond) }]);
  await first.stop();
  const second = await start();
  expect(second.journal.movements).toEqual(first.journal.movements);
  expect((await clientOf(second).inquire('r-pay-1')).json.refundInformation[0].refundTime).toBe(refundTime);
});

test('a fault from scenario words stays used up after a restart', async () => {
  const { start } = await folder();
  const first = await start();
  expect((await clientOf(first).refund(refundBody('pay-1-html-before'))).status).toBe(200);
  await first.stop();
  const second = await start();
  expect(second.journal.movements).toEqual([]);
  expect((await clientOf(second).refund(refundBody('pay-1-html-before'))).result).toBe('S SUCCESS');
});

test('a fault plan continues after a restart', async () => {
  const faults = { seed: 7, share: 0.5, only: ['html', 'unsigned'] } as const;
  const { start } = await folder();
  const [one, whole] = [await start({ faults }), await startSandbox({ ...keys, faults })];
  onTestFinished(() => whole.stop());
  const inquiries = async (sandbox: Sandbox, count: number) => {
    for (let each = 0; each < count; each++) await clientOf(sandbox).inquire('r-1');
  };
  await inquiries(one, 6);
  await one.stop();
  const two = await start({ faults });
  await inquiries(two, 6);
  await inquiries(whole, 12);
  const faultsOf = ({ journal }: Sandbox) => journal.entries.map(({ fault }) => fault);
  expect(faultsOf(two)).toEqual(faultsOf(whole));
  expect(new Set(faultsOf(whole)).size).toBeGreaterThan(2);
});

test('a notification that was not acknowledged is sent again after a restart', async () => {
  const { start } = await folder();
  const first = await start({ notifyUrl: 'http://127.0.0.1:1/nobody', resendAfter: [60_000] });
  const client = clientOf(first);
  await client.apply(await client.applyBody('trade-1-closes'));
  await until(() => first.journal.notified('trade-1-closes').length === 1);
  const taken = await receiver(first);
  first.notifyTo(taken.url);
  await client.apply(await client.applyBody('trade-2-closes'));
  await until(() => first.journal.notified('trade-2-closes').some(({ acknowledged }) => acknowledged));
  await first.stop();

  const second = await start({ notifyUrl: 'http://127.0.0.1:1/nobody', resendAfter: [] });
  await until(() => second.journal.notified('trade-1-closes').length === 2);
  expect(second.journal.notified('trade-2-closes')).toHaveLength(1);
});

test('an incomplete last line, which a kill can leave, is ignored', async () => {
  const { file, start } = await folder();
  const first = await start();
  await clientOf(first).refund(refundBody('pay-1'));
  await first.stop();
  await appendFile(file, '{"request":0,"effect":"carr');
  const second = await start();
  await clientOf(second).refund(refundBody('pay-2'));
  await second.stop();
  expect((await start()).journal.sum()).toMatchObject({ asked: 2, moved: 2 });
});

test('a line that is not from a sandbox is an error that names the file and the line', async () => {
  const { file, start } = await folder();
  await writeFile(file, '{"fixture":{"tradeId":"t"}}\nhello\n');
  await expect(start()).rejects.toMatchObject({
    name: 'SandboxFileError',
    message: `${file}, line 2 is not from a sandbox. Name another file to start with an empty ledger.`,
  });
});

const ARRIVED = { at: '2026-11-22T12:08:56.000Z', method: 'POST', path: '/x', body: 'no call of an API' };

test.each([
  [
    'an effect of a request that is not in the file',
    { request: 7, effect: 'carried out', at: ARRIVED.at },
    'there is no request 7 before it',
  ],
  [
    'an effect of a request that is not a call of an API',
    { request: 0, effect: 'carried out', at: ARRIVED.at },
    'its request is not a call of an API',
  ],
  [
    'an answer to a request that is not in the file',
    { request: 1, answer: { status: 200, body: '', signedBy: 'none' } },
    'there is no request 1 before it',
  ],
  [
    'a fault at a request that is not in the file',
    { request: -1, fault: 'html-before', fromWords: true },
    'there is no request -1 before it',
  ],
  [
    'an acknowledgement of a notification that is not in the file',
    { notification: 0, status: 200, acknowledged: true },
    'there is no notification 0 before it',
  ],
  [
    'a fixture with an unknown scenario word',
    { fixture: { tradeId: 't', scenario: 'droped' } },
    "Not in the sandbox's table of words for worldtrade: droped",
  ],
])('a state file with %s is an error that names the line', async (_, line, reason) => {
  const { file, start } = await folder();
  await writeFile(file, `${JSON.stringify({ arrived: ARRIVED })}\n${JSON.stringify(line)}\n`);
  await expect(start()).rejects.toMatchObject({
    name: 'SandboxFileError',
    message: `${file}, line 2 cannot be restored: ${reason}. Name another file to start with an empty ledger.`,
  });
});

test.each([
  ['one line without an end', '{"customers": "all of them"}'],
  ['a line of text and an incomplete line', 'what I must not forget\n- the milk'],
  ['JSON values that are not objects', 'null\n5\n'],
  ['JSON lines of an HTTP log', '{"request":"GET /index.html","status":200}\n'],
  ['requests without a body', '{"arrived":{"at":"2026-11-22T12:08:56.000Z"}}\n'],
])('a file of another program is not changed: %s', async (_, content) => {
  const { file, start } = await folder();
  await writeFile(file, content);
  await expect(start()).rejects.toThrow('is not from a sandbox');
  expect(await readFile(file, 'utf8')).toBe(content);
});

test('only the owner can read the state file', async () => {
  const { file, start } = await folder();
  await start();
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});
