// @module-tag long
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../rules/search-attributes.js';
import { freePorts } from '../../testing/free-ports.js';
import { type Sandbox, startSandbox } from '../../testing/sandbox/index.js';
import { startTemporalServer } from '../../testing/temporal-server.js';
import { expectLoopbackOnly } from '../support/listening.js';
import { opened, openedForTest } from '../support/loopback.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';
import { Cli, MAIN } from './cli.js';

const cli = new Cli({});
const queue = `cli-servers-${process.pid}`;
let folder = '';
let sandbox: Sandbox;
let workerEnv: Record<string, string>;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cli-servers-'));
  sandbox = await startSandbox();
  workerEnv = { ...sandbox.env, TEMPORAL_ADDRESS: inject('temporalAddress'), REFUND_TASK_QUEUE: queue };
});
afterAll(async () => {
  cli.stop();
  await sandbox.stop();
  await rm(folder, { recursive: true });
});

const portOf = (url: string) => Number(new URL(url).port);

describe('the worker', () => {
  test('prints one document when it is ready, opens no port, and exits with 0 on SIGTERM', async () => {
    const worker = cli.start(['worker', '--json'], workerEnv);
    expect(JSON.parse(await worker.prints())).toEqual({
      taskQueue: queue,
      namespace: 'default',
      address: workerEnv.TEMPORAL_ADDRESS,
    });
    expectLoopbackOnly(worker.child.pid, []);
    const { code, stdout, stderr } = await worker.end('SIGTERM');
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).not.toMatch(/INFO|^\s+at /m);
  });

  test('of a deployment says which build it is, and which command lets it have refunds', async () => {
    const names = { TEMPORAL_DEPLOYMENT_NAME: 'payments/refunds', TEMPORAL_WORKER_BUILD_ID: '1.4.0' };
    const worker = cli.start(['worker', '--json'], { ...workerEnv, ...names });
    expect(JSON.parse(await worker.prints())).toMatchObject({
      deployment: { deploymentName: 'payments/refunds', buildId: '1.4.0' },
    });
    const { code, stderr } = await worker.end('SIGTERM');
    expect(code).toBe(0);
    expect(stderr).toContain('set-current-version --deployment-name payments/refunds --build-id 1.4.0');
  });

  test('finishes a running call before it stops', async () => {
    const id = `${queue}-drain`;
    const hold = sandbox.hold({ api: 'applyRefund' }, 'after');
    const worker = cli.start(['worker'], workerEnv);
    await worker.says('worker ready');
    await cli.run(['refund', 'worldtrade', '--request-id', id, '--trade-id', `trade-${id}`], {
      env: workerEnv,
    });
    await hold.arrived;
    worker.child.kill('SIGINT');
    await worker.says('finishes running calls');
    hold.release();
    expect((await worker.ended).code).toBe(0);
    const successor = cli.start(['worker'], workerEnv);
    await successor.says('worker ready');
    const { code } = await cli.run(
      ['refund', 'worldtrade', '--request-id', id, '--trade-id', `trade-${id}`, '--wait'],
      { env: workerEnv },
    );
    expect(code).toBe(0);
    await successor.end('SIGTERM');
    expect(sandbox.journal.sum()).toMatchObject({ movements: 1, movedTwice: [] });
  });

  test('exits at once on a second signal', async () => {
    const id = `${queue}-forced`;
    const hold = sandbox.hold({ api: 'applyRefund' }, 'before');
    const worker = cli.start(['worker'], workerEnv);
    await worker.says('worker ready');
    await cli.run(['refund', 'worldtrade', '--request-id', id, '--trade-id', `trade-${id}`], {
      env: workerEnv,
    });
    await hold.arrived;
    worker.child.kill('SIGINT');
    await worker.says('finishes running calls');
    const { code, stderr } = await worker.end('SIGINT');
    hold.release();
    expect(code).toBe(130);
    expect(stderr).toContain('has an unknown result now');
  });

  test('waits for a Temporal server that starts later', async () => {
    const [port = 0] = await freePorts(1);
    const env = { ...workerEnv, TEMPORAL_ADDRESS: `127.0.0.1:${port}` };
    const worker = cli.start(['worker'], env);
    await worker.says('cannot be reached');
    const server = await startTemporalServer({ port, searchAttributes: SEARCH_ATTRIBUTES });
    onTestFinished(() => server.stop());
    await worker.says('Temporal answers');
    await worker.says('worker ready');
    expect((await worker.end('SIGTERM')).code).toBe(0);
  });

  test('ends with 0 on SIGTERM while it waits for Temporal', async () => {
    const worker = cli.start(['worker'], { ...workerEnv, TEMPORAL_ADDRESS: '127.0.0.1:1' });
    await worker.says('Trying again for 600 s.');
    expect((await worker.end('SIGTERM')).code).toBe(0);
  });

  test('ends with 5 if Temporal stays unreachable for the allowed time', async () => {
    const { code, document } = await cli.json(['worker', '--wait-for-temporal', '0s'], {
      env: { ...workerEnv, TEMPORAL_ADDRESS: '127.0.0.1:1' },
    });
    expect([code, document.error.code]).toEqual([5, 'TEMPORAL_UNREACHABLE']);
  });

  test('does not start in a namespace that does not exist', async () => {
    const { code, document } = await cli.json(['worker', '--namespace', 'nowhere'], { env: workerEnv });
    expect(code).toBe(5);
    expect(document.error.message).toContain('namespace "nowhere"');
  });
});

test('setup in a namespace that has all search attributes changes nothing', async () => {
  const { code, document } = await cli.json(['setup'], { env: workerEnv });
  expect(code).toBe(0);
  expect(document).toMatchObject({ namespace: 'default', added: [] });
});

describe.concurrent('the sandbox', () => {
  test('prints the environment that connects to it, listens on loopback only, and keeps its keys out of git', async () => {
    const keys = path.join(folder, 'keys');
    const running = cli.start(['sandbox', '--json', '--keys', keys]);
    const { env } = JSON.parse(await running.prints());
    expect(env).toMatchObject({
      WORLDFIRST_BASE_URL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      WORLDFIRST_PRIVATE_KEY_FILE: path.join(keys, 'partner-private.pem'),
    });
    expect((await fetch(`${env.WORLDFIRST_BASE_URL}/journal`)).status).toBe(200);
    expectLoopbackOnly(running.child.pid, [portOf(env.WORLDFIRST_BASE_URL)]);
    expect(await readFile(path.join(keys, '.gitignore'), 'utf8')).toBe('*\n');
    expect((await running.end('SIGINT')).code).toBe(0);
  });

  test('prints export lines for a shell', async () => {
    const running = cli.start(['sandbox', '--keys', path.join(folder, "o'keys")]);
    const text = await running.prints();
    expect((await running.end('SIGTERM')).code).toBe(0);
    expect(text).toMatch(/^export WORLDFIRST_BASE_URL=http:\/\/127/m);
    expect(text).toContain(`export WORLDFIRST_PRIVATE_KEY_FILE='${folder}/o'\\''keys/partner-private.pem'`);
  });

  test('names its port when that is in use', async ({ onTestFinished }) => {
    const { port, close } = await opened(createServer());
    onTestFinished(close);
    const args = ['sandbox', '--port', String(port), '--keys', path.join(folder, 'keys')];
    const { code, stderr } = await cli.run(args);
    expect(code).toBe(2);
    expect(stderr).toContain(`Port ${port} is in use`);
  });
});

test('dev prints export lines for all variables that connect to it', async () => {
  const dev = cli.start(['dev', '--keys', path.join(folder, 'dev-text')], {
    REFUND_TASK_QUEUE: 'payments',
    WORLDFIRST_CLIENT_ID: 'somebody',
    WORLDFIRST_TIMEOUTS: '1s',
  });
  await dev.says('ready: Temporal');
  const text = await dev.prints();
  expect(text.match(/^export \w+/gm)).toEqual(
    [
      ...['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'WORLDFIRST_BASE_URL', 'WORLDFIRST_PATH_PREFIX'],
      ...['WORLDFIRST_CLIENT_ID', 'WORLDFIRST_PRIVATE_KEY_FILE', 'WORLDFIRST_PUBLIC_KEY_FILE'],
      ...['WORLDFIRST_KEY_VERSION', 'REFUND_TASK_QUEUE'],
    ].map((name) => `export ${name}`),
  );
  expect(text).toContain('export REFUND_TASK_QUEUE=payments\n');
  const { code, stderr } = await dev.end('SIGTERM');
  expect(code).toBe(0);
  expect(stderr).toContain('ignored, because the sandbox has its own: WORLDFIRST_CLIENT_ID\n');
  expect(stderr).toContain('WORLDFIRST_TIMEOUTS is not a known variable. Did you mean WORLDFIRST_TIMEOUT?');
});

describe('dev that cannot start prints the reason, and ends', () => {
  const keys = () => ['--keys', path.join(folder, 'dev-failing')];
  const dev = (args: string[], env: Record<string, string> = {}) => cli.json(['dev', ...args], { env });

  test('with 2 if its port is in use', async () => {
    const { port } = await openedForTest(createServer());
    const { code, document } = await dev([...keys(), '--port', String(port)]);
    expect([code, document.error.message]).toEqual([2, expect.stringContaining(`Port ${port} is in use`)]);
  });

  test.each([
    ['keys', 'below a file', 'file/keys'],
    ['state', 'in a folder that is not there', 'nowhere/state'],
  ])('with 2 where --%s is %s', async (flag, _, name) => {
    await writeFile(path.join(folder, 'file'), '');
    const given = flag === 'keys' ? [] : keys();
    const { code, document } = await dev([...given, `--${flag}`, path.join(folder, name)]);
    expect([code, document.error.code]).toEqual([2, 'CONFIGURATION']);
    expect(document.error.message).toContain(path.join(folder, name.split('/')[0] ?? ''));
  });

  test.skipIf(process.platform !== 'linux')('with 2 where no folder can be made for its keys', async () => {
    for (const command of ['dev', 'sandbox']) {
      const { code, document } = await cli.json([command, '--keys', '/proc/nowhere/keys']);
      expect([code, document.error.message]).toEqual([2, expect.stringContaining('/proc/nowhere')]);
    }
  });

  test('with 5 if TEMPORAL_ADDRESS is unreachable', async () => {
    const { code, document } = await dev(keys(), { TEMPORAL_ADDRESS: '127.0.0.1:1' });
    expect([code, document.error.code]).toEqual([5, 'TEMPORAL_UNREACHABLE']);
    expect(document.error.message).toContain('nothing listens there');
  });

  test('with 5 if the namespace does not exist', async () => {
    const env = { TEMPORAL_ADDRESS: inject('temporalAddress'), TEMPORAL_NAMESPACE: 'nowhere' };
    const { code, document } = await dev(keys(), env);
    expect([code, document.error.message]).toEqual([
      5,
      expect.stringContaining('has no namespace "nowhere"'),
    ]);
  });

  test('with 2 if the server needs TLS or an API key, which dev does not use', async () => {
    const env = { TEMPORAL_ADDRESS: '127.0.0.1:1', TEMPORAL_API_KEY: 'k' };
    const { code, document } = await dev(keys(), env);
    expect([code, document.error.code]).toEqual([2, 'CONFIGURATION']);
  });
});

describe('a notification receiver that cannot start prints the reason, and ends', () => {
  test.each([
    [5, 'TEMPORAL_UNREACHABLE', { TEMPORAL_ADDRESS: '127.0.0.1:1' }],
    [5, 'TEMPORAL_UNREACHABLE', { TEMPORAL_NAMESPACE: 'nowhere' }],
    [2, 'CONFIGURATION', { WORLDFIRST_PUBLIC_KEY: 'none' }],
  ])('with %i and %s: %j', async (exit, error, changes) => {
    const { code, document } = await cli.json(['notifications', '--port', '0'], {
      env: { ...workerEnv, ...changes },
    });
    expect([code, document.error.code]).toEqual([exit, error]);
  });

  test('with 2 if the port is in use', async () => {
    const args = ['notifications', '--port', String(portOf(sandbox.url))];
    const { code, document } = await cli.json(args, { env: workerEnv });
    expect([code, document.error.message]).toEqual([2, expect.stringContaining('it is in use')]);
  });
});

test('dev runs everything on loopback only, with the variables that are set, and leaves nothing running', async () => {
  const receiver = new WebhookReceiver();
  await receiver.start();
  onTestFinished(() => receiver.stop());
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const dev = cli.start(['dev', '--json', '--keys', path.join(folder, 'dev-variables')], {
    REFUND_ATTENTION_WEBHOOK_URL: receiver.url,
    REFUND_ATTENTION_WEBHOOK_SECRET: secret,
    REFUND_INQUIRY_INTERVALS: '1s,2s',
    REFUND_ATTENTION_REMINDER: '0s',
    TEMPORAL_NAMESPACE: 'trials',
    TEMPORAL_API_KEY: 'k',
    TEMPORAL_PROFILE: 'production',
  });
  const { env, ui } = JSON.parse(await dev.prints());
  expect((await fetch(ui)).status).toBe(200);
  const doors = [env.WORLDFIRST_BASE_URL, ui, `http://${env.TEMPORAL_ADDRESS}`].map(portOf);
  expectLoopbackOnly(dev.child.pid, doors);
  expect(env).toMatchObject({
    TEMPORAL_NAMESPACE: 'trials',
    REFUND_INQUIRY_INTERVALS: '1s,2s',
    REFUND_ATTENTION_REMINDER: '0s',
  });
  const refund = (id: string, tradeId: string) =>
    cli.json(['refund', 'worldtrade', '--request-id', id, '--trade-id', tradeId, '--wait'], { env });
  const { code, document } = await refund('dev-1', 'trade-1');
  expect([code, document.status]).toEqual([0, 'succeeded']);
  expect((await refund('dev-2', 'trade-phases')).code).toBe(3);
  await vi.waitUntil(() => receiver.of('dev-2').length > 0, { timeout: 20_000 });
  const { code: exit, stderr } = await dev.end('SIGINT');
  expect(exit).toBe(0);
  expect(stderr).toContain(
    'ignored, because a new Temporal server is started: TEMPORAL_API_KEY, TEMPORAL_PROFILE\n',
  );
  await expect(fetch(ui)).rejects.toThrow();
  await expect(fetch(`${env.WORLDFIRST_BASE_URL}/journal`)).rejects.toThrow();
});

test('dev with a malformed variable exits with 2 and leaves nothing running', async () => {
  const { code, stderr } = await cli.run(['dev', '--keys', path.join(folder, 'dev-wrong')], {
    env: { REFUND_ATTENTION_WEBHOOK_URL: 'http://127.0.0.1:1' },
  });
  expect(code).toBe(2);
  expect(stderr).toContain('REFUND_ATTENTION_WEBHOOK_SECRET is not set');
});

/** The first address that a program writes. */
async function urlOf(stdout: Readable): Promise<string> {
  const [text] = await once(stdout, 'data');
  return /http:\/\/127\.0\.0\.1:\d+/.exec(String(text))?.[0] ?? '';
}

test.runIf(process.platform === 'linux')(
  'a command whose npm was killed ends as by SIGTERM, although its shell runs on',
  async () => {
    const { PATH = '', HOME = '' } = process.env;
    const inShell = `"${process.execPath}" "${MAIN}" sandbox --port 0; true`;
    const program = `require('node:child_process').spawn('sh', ['-c', ${JSON.stringify(inShell)}], { stdio: 'inherit' })`;
    const npm = spawn(process.execPath, ['-e', program], {
      env: { PATH, HOME, npm_command: 'exec' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const url = await urlOf(npm.stdout);
    expect((await fetch(url)).status).toBeGreaterThan(0);
    npm.kill('SIGKILL');
    // The output ends with the last process that writes it.
    await once(npm.stdout.resume(), 'close');
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  },
);

test('a command whose npm is gone ends as by SIGTERM, because npm does not pass SIGTERM on', async () => {
  const { PATH = '', HOME = '' } = process.env;
  // npm puts a shell between itself and the command. The `;` keeps the shell from being replaced by the command.
  const shell = spawn('sh', ['-c', `"${process.execPath}" "${MAIN}" sandbox --port 0; true`], {
    env: { PATH, HOME, npm_command: 'exec' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await urlOf(shell.stdout);
  expect((await fetch(url)).status).toBeGreaterThan(0);
  shell.kill('SIGTERM');
  // The output ends with the last process that writes it.
  await once(shell.stdout.resume(), 'close');
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});
