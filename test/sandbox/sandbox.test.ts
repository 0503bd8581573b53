import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../testing/sandbox/index.js';
import { clientOf, refundBody } from './raw-client.js';

const running: Sandbox[] = [];
const directories: string[] = [];

async function start(options?: SandboxOptions): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  running.push(sandbox);
  return sandbox;
}

async function directory(): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), 'sandbox-'));
  directories.push(made);
  return made;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((sandbox) => sandbox.stop()));
  await Promise.all(directories.splice(0).map((made) => rm(made, { recursive: true })));
});

function reaches(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

describe('a sandbox', () => {
  test('returns every environment variable that a client needs', async () => {
    const { env, url } = await start();
    expect(env).toEqual({
      WORLDFIRST_BASE_URL: url,
      WORLDFIRST_PATH_PREFIX: '/amsin/api/v1/business',
      WORLDFIRST_CLIENT_ID: expect.any(String),
      WORLDFIRST_PRIVATE_KEY: expect.stringContaining('PRIVATE KEY'),
      WORLDFIRST_PUBLIC_KEY: expect.stringContaining('PUBLIC KEY'),
      WORLDFIRST_KEY_VERSION: '2',
    });
  });

  test('can be reached from this machine only', async () => {
    const { url } = await start();
    const { hostname, port } = new URL(url);
    expect(hostname).toBe('127.0.0.1');
    expect(await reaches('127.0.0.1', Number(port))).toBe(true);
    const others = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
    for (const { address, internal, family } of others)
      if (!internal && family === 'IPv4') expect(await reaches(address, Number(port)), address).toBe(false);
  });

  test('listens on the given port, and refuses to start when the port is in use', async () => {
    const first = await start();
    const port = Number(new URL(first.url).port);
    await expect(start({ port })).rejects.toThrow(/EADDRINUSE/);
    await first.stop();
    expect((await start({ port })).url).toBe(first.url);
  });

  test('keeps its state while it refuses connections', async () => {
    const sandbox = await start();
    const client = clientOf(sandbox);
    await client.refund(refundBody('pay-1'));
    await sandbox.refuseConnections();
    await expect(client.refund(refundBody('pay-1'))).rejects.toMatchObject({
      cause: { code: 'ECONNREFUSED' },
    });
    await sandbox.acceptConnections();
    expect((await client.inquire('r-pay-1')).result).toBe('S SUCCESS');
    expect(sandbox.journal.sends()).toHaveLength(1);
  });

  test('stops while calls are silent, held or slow', async () => {
    const sandbox = await start({ slow: 1_000_000 });
    const client = clientOf(sandbox);
    const { arrived } = sandbox.hold({ api: 'refund', id: 'pay-held' }, 'before');
    const calls = ['pay-silent-before', 'pay-held', 'pay-slow-after'].map((id) =>
      client.refund(refundBody(id)),
    );
    const ends = Promise.allSettled(calls);
    await arrived;
    await expect.poll(() => sandbox.journal.sends().length).toBe(3);
    await sandbox.stop();
    expect((await ends).map(({ status }) => status)).toEqual(Array(3).fill('rejected'));
  });

  test('closes the connection when a body is too large', async () => {
    const { url } = await start();
    const body = 'x'.repeat(2_000_000);
    await expect(fetch(`${url}/amsin/api/v1/business/refund`, { method: 'POST', body })).rejects.toThrow();
  });

  test('delays its answers by the option `delay`', async () => {
    const sandbox = await start({ delay: 1 });
    expect((await clientOf(sandbox).query('trade-1')).result).toBe('S SUCCESS');
  });
});

describe('the journal', () => {
  test('sums up the requests and the movements of money', async () => {
    const sandbox = await start();
    const client = clientOf(sandbox);
    const ids = ['pay-1', 'pay-dropped-after', 'pay-nobody', 'pay-unknown-1'];
    for (const id of [...ids, ...ids]) await client.refund(refundBody(id)).catch(() => {});
    expect(sandbox.journal.sends()).toHaveLength(8);
    expect(sandbox.journal.sum()).toEqual({
      asked: 4,
      moved: 3,
      movements: 3,
      movedTwice: [],
      changedBodies: [],
    });
  });

  test('keeps each body byte for byte and its answer', async () => {
    const sandbox = await start();
    const body = JSON.stringify(refundBody('pay-1'), null, 1);
    const { text } = await clientOf(sandbox).post('refund', body);
    expect(sandbox.journal.entries).toMatchObject([
      {
        method: 'POST',
        path: '/amsin/api/v1/business/refund',
        api: 'refund',
        id: 'r-pay-1',
        reference: 'pay-1',
        body,
        answer: { status: 200, body: text, signedBy: 'sandbox' },
      },
    ]);
  });

  test('is served as JSON at /journal', async () => {
    const sandbox = await start();
    await clientOf(sandbox).refund(refundBody('pay-1'));
    await clientOf(sandbox).inquire('r-pay-1');
    const response = await fetch(`${sandbox.url}/journal`);
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(await response.json()).toMatchObject({
      sum: { asked: 1, moved: 1, movements: 1 },
      movements: [{ id: 'r-pay-1', reference: 'pay-1', amount: { currency: 'USD', value: 1234 } }],
      entries: [{ api: 'refund' }, { api: 'inquireRefund', id: 'r-pay-1' }],
    });
  });
});

describe('the keys', () => {
  test('differ at every start without a directory', async () => {
    const [a, b] = [await start(), await start()];
    expect(a.env.WORLDFIRST_PRIVATE_KEY).not.toBe(b.env.WORLDFIRST_PRIVATE_KEY);
    expect(a.env.WORLDFIRST_PUBLIC_KEY).not.toBe(b.env.WORLDFIRST_PUBLIC_KEY);
  });

  test('stay the same with a directory', async () => {
    const keysDir = path.join(await directory(), 'keys');
    const read = async ({ env }: Sandbox) => [
      await readFile(env.WORLDFIRST_PRIVATE_KEY_FILE ?? '', 'utf8'),
      await readFile(env.WORLDFIRST_PUBLIC_KEY_FILE ?? '', 'utf8'),
    ];
    const first = await start({ keysDir });
    const keys = await read(first);
    await first.stop();
    const second = await start({ keysDir });
    expect(await read(second)).toEqual(keys);
    expect(second.env).not.toHaveProperty('WORLDFIRST_PRIVATE_KEY');
    const [WORLDFIRST_PRIVATE_KEY = '', WORLDFIRST_PUBLIC_KEY = ''] = keys;
    const client = clientOf({ env: { ...second.env, WORLDFIRST_PRIVATE_KEY, WORLDFIRST_PUBLIC_KEY } });
    expect(await client.query('trade-1')).toMatchObject({ result: 'S SUCCESS', isSigned: true });
  });

  test('are readable by their owner only, and ignored by git', async () => {
    const keysDir = path.join(await directory(), 'a', 'keys');
    const { env } = await start({ keysDir });
    for (const file of [env.WORLDFIRST_PRIVATE_KEY_FILE, env.WORLDFIRST_PUBLIC_KEY_FILE]) {
      expect(path.isAbsolute(file ?? '')).toBe(true);
      expect((await stat(file ?? '')).mode & 0o777).toBe(0o600);
    }
    expect(await readFile(path.join(keysDir, '.gitignore'), 'utf8')).toBe('*\n');
  });

  test('do not change an existing directory', async () => {
    const keysDir = await directory();
    await start({ keysDir });
    await expect(stat(path.join(keysDir, '.gitignore'))).rejects.toThrow(/ENOENT/);
  });

  test('are the same for two sandboxes that start at the same time', async () => {
    const keysDir = await directory();
    const sandboxes = await Promise.all([start({ keysDir }), start({ keysDir })]);
    for (const { env, url } of sandboxes) {
      const WORLDFIRST_PRIVATE_KEY = await readFile(env.WORLDFIRST_PRIVATE_KEY_FILE ?? '', 'utf8');
      const WORLDFIRST_PUBLIC_KEY = await readFile(env.WORLDFIRST_PUBLIC_KEY_FILE ?? '', 'utf8');
      const client = clientOf({ env: { ...env, WORLDFIRST_PRIVATE_KEY, WORLDFIRST_PUBLIC_KEY } });
      expect(await client.query('trade-1'), url).toMatchObject({ result: 'S SUCCESS', isSigned: true });
    }
  });

  test('a key file that cannot be read is an error that names the file and the fix', async () => {
    const keysDir = await directory();
    await writeFile(path.join(keysDir, 'partner-private.pem'), 'no key');
    await expect(start({ keysDir })).rejects.toThrow(/partner-private\.pem.*Delete the file/s);
  });
});
