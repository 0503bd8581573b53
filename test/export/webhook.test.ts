import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { AuditRecord } from '../../client/index.js';
import { Cli } from '../cli/cli.js';
import { useRefunds } from '../support/environment.js';
import { verified, WebhookReceiver } from '../support/webhook-receiver.js';

// A server of this file's own: an export has every refund of the namespace.
const environment = useRefunds({}, {}, {});
const receiver = new WebhookReceiver();
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const WAIT = { timeout: 25_000, interval: 100 };

let cli: Cli;
let folder: string;
const fileOf = (name: string) => path.join(folder, name);
const sending = (file: string) => ['export', '--since', '1h', '--lag', '1s', '--webhook', file];

beforeAll(async () => {
  await receiver.start();
  const { address } = (environment.client.connection as { options?: { address?: string } }).options ?? {};
  cli = new Cli({
    TEMPORAL_ADDRESS: address as string,
    REFUND_TASK_QUEUE: environment.taskQueue,
    REFUND_ENDED_WEBHOOK_URL: receiver.url,
    REFUND_ENDED_WEBHOOK_SECRET: SECRET,
  });
  folder = await mkdtemp(path.join(tmpdir(), 'export-webhook-'));
});
afterAll(async () => {
  cli.stop();
  await receiver.stop();
  await rm(folder, { recursive: true });
});

/** Ends a refund; `status` is what the receiver says to the nth delivery about it. */
async function end(status: (nth: number) => number = () => 204): Promise<string> {
  const request = environment.cashier('plain');
  receiver.reply(request.refundRequestId, status);
  await environment.refunds.start(request);
  await environment.refunds.result(request.refundRequestId);
  return request.refundRequestId;
}

const recordOf = (id: string, nth = 0) => {
  const [delivery] = receiver.of(id).slice(nth);
  return delivery && (verified(delivery, SECRET) as unknown as { type: string; data: AuditRecord });
};

test('while refunds end and the receiver is down and up again, each event is accepted once, in order', async () => {
  const file = fileOf('followed.txt');
  const program = cli.start([...sending(file), '--follow']);
  const first = await end();
  await vi.waitFor(() => expect(recordOf(first)?.type).toBe('refund.ended'), WAIT);
  const refused = await end((nth) => (nth <= 2 ? 503 : 204));
  const later = await end();
  await program.says(`The event of refund ${refused} was not accepted`);
  expect(receiver.of(later)).toEqual([]);
  expect(await readFile(file, 'utf8')).toBe(`${recordOf(first)?.data.cursor}\n`);
  await vi.waitFor(() => expect(receiver.of(later)).toHaveLength(1), WAIT);
  expect(new Set(receiver.of(refused).map(({ id }) => id)).size).toBe(1);
  expect(receiver.of(refused)).toHaveLength(3);
  await vi.waitFor(async () => expect(await readFile(file, 'utf8')).toContain(later), WAIT);
  const { code, stderr } = await program.end('SIGTERM');
  expect(code).toBe(0);
  expect(stderr).toContain('answered 503');
  expect(stderr).not.toContain(receiver.url);

  const killed = await end();
  const again = cli.start([...sending(file), '--follow']);
  await vi.waitFor(() => expect(receiver.of(killed)).not.toEqual([]), WAIT);
  await again.end('SIGKILL');
  expect(receiver.of(first)).toHaveLength(1);
  expect(receiver.of(later)).toHaveLength(1);
});

test('without --follow a refusal ends it with 5, 410 Gone with 1, and the next run continues with that event', async () => {
  const file = fileOf('once.txt');
  await writeFile(file, `${new Date().toISOString()}/refund:0\n`);
  const id = await end((nth) => [503, 410][nth - 1] ?? 204);
  await sleep(2_500);
  const refused = await cli.run(sending(file));
  expect(refused.code).toBe(5);
  expect(refused.stderr).toContain(`The event of refund ${id} was not accepted`);
  expect((await cli.run(sending(file))).code).toBe(1);
  expect(await cli.run(sending(file))).toMatchObject({ code: 0, stdout: 'exported 1 record\n' });
  expect(await cli.run(sending(file))).toMatchObject({ code: 0, stdout: 'exported 0 records\n' });
  expect(recordOf(id, 2)?.data).toMatchObject({ refundRequestId: id, outcome: { status: 'succeeded' } });
});

test('a decision about a refund that continues is an event of its own, with an id of its own', async () => {
  const by = { by: 'Ana', reason: 'look again' };
  const request = environment.cashier('never-settles');
  const { refundRequestId: id } = request;
  receiver.reply(id, (nth) => (nth === 1 ? 503 : 204));
  await environment.begin(request);
  const file = fileOf('decided.txt');
  await writeFile(file, `${new Date().toISOString()}/refund:0\n`);
  const program = cli.start([...sending(file), '--follow']);
  for (const deliveries of [2, 3]) {
    await environment.refunds.escalate(id, by);
    await environment.until(id, ({ attention }) => attention !== undefined);
    await environment.refunds.decide(id, { decision: 'inquire-again', ...by });
    await vi.waitFor(() => expect(receiver.of(id)).toHaveLength(deliveries), WAIT);
  }
  const [first, again, second] = receiver.of(id);
  expect(first?.id).toBe(again?.id);
  expect(second?.id).not.toBe(first?.id);
  expect(recordOf(id, 2)).toMatchObject({ type: 'refund.decided', data: { kind: 'decided' } });
  await program.end('SIGTERM');
});

test('a URL of plain http on another machine has a warning', async () => {
  const file = fileOf('plain.txt');
  await writeFile(file, `${new Date(Date.now() - 5_000).toISOString()}/refund:0\n`);
  const env = { REFUND_ENDED_WEBHOOK_URL: 'http://refunds.invalid/events' };
  const { stderr } = await cli.run(['export', '--lag', '1h', '--webhook', file], { env });
  expect(stderr).toContain(
    'REFUND_ENDED_WEBHOOK_URL is plain http: anyone on the network can read the refunds.',
  );
});

test('without its variables it says which ones are missing', async () => {
  const env = { REFUND_ENDED_WEBHOOK_URL: '', REFUND_ENDED_WEBHOOK_SECRET: '' };
  const { code, stderr } = await cli.run(sending(fileOf('none.txt')), { env });
  expect(code).toBe(2);
  expect(stderr).toContain('--webhook needs REFUND_ENDED_WEBHOOK_URL and REFUND_ENDED_WEBHOOK_SECRET');
});
