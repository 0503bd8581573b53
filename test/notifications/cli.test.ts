// @module-tag long
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../testing/sandbox/index.js';
import { Cli, type Program } from '../cli/cli.js';
import { expectLoopbackOnly } from '../support/listening.js';
import { forwardTo, serveSockets } from '../support/loopback.js';
import { until } from './fixtures.js';

const run = randomUUID().slice(0, 8);
const TEMPORAL = { TEMPORAL_ADDRESS: inject('temporalAddress'), REFUND_TASK_QUEUE: `notifications-${run}` };

let sandbox: Sandbox;
let cli: Cli;
let receiver: Program;
let url: string;

beforeAll(async () => {
  sandbox = await startSandbox();
  cli = new Cli({ ...TEMPORAL, ...sandbox.env });
  receiver = cli.start(['notifications', '--port', '0', '--json']);
  ({ url } = JSON.parse(await receiver.prints()));
});

afterAll(async () => {
  cli.stop();
  await sandbox.stop();
});

const notify = (tradeId: string, to = url) => sandbox.notify({ url: to, tradeId, isRefund: 'Y' });

test('the receiver prints one document with the URL, on loopback, with the default path', () => {
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/worldfirst\/notifications$/);
  expectLoopbackOnly(receiver.child.pid, [Number(new URL(url).port)]);
});

test('the receiver confirms a waiting refund, end to end', async () => {
  const worker = cli.start(['worker']);
  await worker.says('worker ready');
  sandbox.notifyTo(url);
  const tradeId = `trade-${run}-never-settles-closes`;
  const flags = ['--request-id', `notified-${run}`, '--trade-id', tradeId, '--wait'];
  const { code, document } = await cli.json(['refund', 'worldtrade', ...flags]);
  expect({ code, outcome: document.outcome }).toMatchObject({
    code: 0,
    outcome: { status: 'succeeded', confirmedBy: 'notification' },
  });
  await receiver.says(`passed on to the refund "notified-${run}"`);
  await worker.end('SIGTERM');
});

test('the receiver reports rejected notifications and unknown orders', async () => {
  expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(400);
  await receiver.says('refused with 400: Client-Id is missing');
  expect((await notify('trade-of-others')).acknowledged).toBe(true);
  await receiver.says('"trade-of-others" with a refund, but no refund of this order is known');
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s: the receiver answers open requests and exits with 0',
  async (signal) => {
    const program = cli.start(['notifications', '--port', '0', '--path', '/hook']);
    const line = await program.prints();
    const [, mine = ''] = /^notifications ready: (http:\/\/127\.0\.0\.1:\d+\/hook)\n$/.exec(line) ?? [];
    const { port } = new URL(mine);
    const body = '{}';
    const socket = connect(Number(port), '127.0.0.1');
    let said = '';
    socket.on('data', (data) => {
      said += data;
    });
    socket.write(
      `POST /hook HTTP/1.1\r\nHost: h\r\nContent-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`,
    );
    // It has the request now, and waits for its body.
    await until(() => said.includes('100 Continue'));
    const ended = program.end(signal);
    await until(() =>
      fetch(mine).then(
        () => false,
        () => true,
      ),
    );
    socket.write(body);
    expect((await ended).code).toBe(0);
    expect(said).toContain('HTTP/1.1 400');
  },
);

test('the receiver stops in order while Temporal is unreachable and a request is open', async () => {
  const wire = await serveSockets(forwardTo(TEMPORAL.TEMPORAL_ADDRESS));
  const TEMPORAL_ADDRESS = `127.0.0.1:${wire.port}`;
  const program = cli.start(['notifications', '--port', '0', '--json'], { TEMPORAL_ADDRESS });
  const { url: mine } = JSON.parse(await program.prints());
  expect((await notify('trade-of-others', mine)).acknowledged).toBe(true);
  await wire.close();
  const answer = notify('trade-of-others', mine);
  await until(() => fetch(mine).then(({ status }) => status === 405));
  const { code, stderr } = await program.end('SIGTERM');
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('will send it again') });
  expect((await answer).status).toBe(503);
});

test.each([
  ['no port', [], /required option '--port/],
  ['an invalid port', ['--port', 'x'], /must be a port number/],
  ['an invalid path', ['--port', '0', '--path', 'https://shop.example/hook'], /must be the path of a URL/],
  ['a host that is not here', ['--port', '0', '--host', '192.0.2.1'], /cannot be opened/],
] as const)('%s: 2, and nothing was started', async (_, flags, why) => {
  const { code, stderr } = await cli.run(['notifications', ...flags]);
  expect(stderr).toMatch(why);
  expect(code).toBe(2);
});

test('the receiver on a port that is in use: exit code 2', async () => {
  const { code, document } = await cli.json(['notifications', '--port', new URL(url).port]);
  expect({ code, error: document.error }).toMatchObject({
    code: 2,
    error: { message: expect.stringContaining('in use') },
  });
});

test('the receiver without keys: exit code 2, and each variable is named', async () => {
  const { code, stderr } = await new Cli(TEMPORAL).run(['notifications', '--port', '0']);
  expect(code).toBe(2);
  expect(stderr).toContain('WORLDFIRST_PUBLIC_KEY is not set');
});

test('the receiver without Temporal: exit code 5', async () => {
  const env = { TEMPORAL_ADDRESS: '127.0.0.1:1' };
  expect((await cli.run(['notifications', '--port', '0'], { env })).code).toBe(5);
});

test('the sandbox notifies the given URL', async () => {
  const program = cli.start(['sandbox', '--json', '--notify-url', 'hooks']);
  expect((await program.ended).code).toBe(2);
  expect((await program.ended).stderr).toContain('It must be a URL');
});

test('the help of the receiver names the signed path, and has an example', async () => {
  const { stdout } = await cli.run(['notifications', '--help']);
  expect(stdout).toContain('--path <path>');
  expect(stdout).toContain('$ worldfirst-refunds notifications --port');
});
