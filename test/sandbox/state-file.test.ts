import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../testing/sandbox/index.js';
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

test('a sandbox that is started again knows its orders, refunds and bodies', async () => {
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

test('what happened is kept when the sandbox is killed between the effect and the answer', async () => {
  const { file, start } = await folder();
  const killed = await start();
  const hold = killed.hold({ api: 'refund' }, 'after');
  const call = clientOf(killed).refund(refundBody('pay-1'));
  call.catch(() => {});
  await hold.arrived;
  // Nothing is written at a regular end that is not there by now.
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

test('a single call that words place is used up for good', async () => {
  const { start } = await folder();
  const first = await start();
  expect((await clientOf(first).refund(refundBody('pay-1-html-before'))).status).toBe(200);
  await first.stop();
  const second = await start();
  expect(second.journal.movements).toEqual([]);
  expect((await clientOf(second).refund(refundBody('pay-1-html-before'))).result).toBe('S SUCCESS');
});

test('a fault plan goes on where it was', async () => {
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

test('a notification is sent after a restart, unless it was acknowledged before', async () => {
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

test('half a line, as a kill can leave it, never counted', async () => {
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

test('a file that is not of a sandbox is named, with the line', async () => {
  const { file, start } = await folder();
  await writeFile(file, '{"fixture":{"tradeId":"t"}}\nhello\n');
  await expect(start()).rejects.toThrow(`${file}, line 2 is not of a sandbox`);
});

test.each([
  ['one line without an end', '{"customers": "all of them"}'],
  ['a line of text, and half of another', 'what I must not forget\n- the milk'],
  ['JSON that is no line of ours', 'null\n5\n'],
])('a file that is somebody else’s is left as it is: %s', async (_, content) => {
  const { file, start } = await folder();
  await writeFile(file, content);
  await expect(start()).rejects.toThrow('is not of a sandbox');
  expect(await readFile(file, 'utf8')).toBe(content);
});

test('only the owner can read the file', async () => {
  const { file, start } = await folder();
  await start();
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});
