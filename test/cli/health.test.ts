// @module-tag long
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { hostAndPort } from '../../cli/health.js';
import { SEARCH_ATTRIBUTES } from '../../rules/search-attributes.js';
import { freePorts } from '../../testing/free-ports.js';
import { startTemporalServer } from '../../testing/temporal-server.js';
import { signedHeaders } from '../notifications/fixtures.js';
import { expectLoopbackOnly } from '../support/listening.js';
import { opened } from '../support/loopback.js';
import type { Program } from './cli.js';
import { useCli } from './use-cli.js';

const setting = useCli('cli-health');
const { cli, queue, env } = setting;

/** Reads the health endpoints of a program. */
interface Health {
  readonly port: number;
  /** The status and the text of an endpoint. */
  get(path: string, method?: string): Promise<[number, string]>;
  /** Waits until `/readyz` answers this. */
  becomes(expected: unknown[]): Promise<void>;
}

/** Waits until a program has told where its health endpoints are. */
async function healthOf(program: Program): Promise<Health> {
  const told = /^health: (http:\S+:(\d+))\/livez/m.exec(await program.says('/readyz'));
  const [, url, port] = told ?? [];
  const get: Health['get'] = async (path, method = 'GET') => {
    const response = await fetch(url + path, { method, signal: AbortSignal.timeout(10_000) });
    return [response.status, (await response.text()).trimEnd()];
  };
  const becomes = (expected: unknown[]) =>
    program.reaches(async () => expect(await get('/readyz')).toEqual(expected));
  return { port: Number(port), get, becomes };
}

const OK = [200, 'ok'];

describe.concurrent.each(['worker', 'notifications'] as const)('the health endpoints of %s', (command) => {
  const start = (given = env, port = 0): Program => {
    const args = command === 'worker' ? [] : ['--port', '0'];
    return cli.start([command, ...args, '--health', String(port)], given);
  };

  test('answer on loopback while it runs, and nothing else is served there', async () => {
    const program = start();
    const health = await healthOf(program);
    await health.becomes(OK);
    expect(await health.get('/livez')).toEqual(OK);
    expect((await health.get('/'))[0]).toBe(404);
    expect((await health.get('/readyz', 'POST'))[0]).toBe(405);
    expectLoopbackOnly(program.child.pid, [health.port]);
    expect((await program.end('SIGTERM')).code).toBe(0);
    await expect(health.get('/livez')).rejects.toThrow('fetch failed');
  });

  test('show an outage of Temporal as not ready, then what its namespace lacks, and its end as ready again', {
    timeout: 120_000,
  }, async ({ onTestFinished }) => {
    const [temporal = 0] = await freePorts(1);
    const first = await startTemporalServer({ port: temporal, searchAttributes: SEARCH_ATTRIBUTES });
    const { address } = first;
    const program = start({ ...env, TEMPORAL_ADDRESS: address });
    const health = await healthOf(program);
    await health.becomes(OK);
    await first.stop();
    expect(await health.get('/readyz')).toEqual([503, 'not ready: Temporal does not answer']);
    expect(await health.get('/livez')).toEqual(OK);
    // The namespace of the next server lacks a search attribute at first, which a worker needs.
    const { RefundStatus: _, ...others } = SEARCH_ATTRIBUTES;
    const second = await startTemporalServer({ port: temporal, searchAttributes: others });
    onTestFinished(() => second.stop());
    if (command === 'worker') await health.becomes([503, expect.stringContaining('RefundStatus')]);
    await startTemporalServer({ address, searchAttributes: SEARCH_ATTRIBUTES });
    await health.becomes(OK);
    expect((await program.end('SIGTERM')).code).toBe(0);
  });

  test('end it with 2 if their port is in use', async ({ onTestFinished }) => {
    const { port, close } = await opened(createServer());
    onTestFinished(close);
    const { code, stderr } = await start(env, port).ended;
    expect([code, stderr]).toEqual([2, expect.stringContaining('Choose another --health')]);
  });
});

test('a worker is alive and not ready while it waits for Temporal', async () => {
  const worker = cli.start(['worker', '--health', 'localhost:0'], {
    ...env,
    TEMPORAL_ADDRESS: '127.0.0.1:1',
  });
  const health = await healthOf(worker);
  await worker.says('Trying again');
  expect(await health.get('/livez')).toEqual(OK);
  expect(await health.get('/readyz')).toEqual([503, 'not ready: it starts']);
  expect((await worker.end('SIGTERM')).code).toBe(0);
});

test('a worker is not ready from SIGTERM on, while it finishes its call, and exits with 0', async () => {
  const id = `${queue}-drain`;
  const hold = setting.sandbox.hold({ api: 'applyRefund' }, 'after');
  const worker = cli.start(['worker', '--health', '0'], env);
  const health = await healthOf(worker);
  await health.becomes(OK);
  await cli.run(['refund', 'worldtrade', '--request-id', id, '--trade-id', `trade-${id}`], { env });
  await hold.arrived;
  worker.child.kill('SIGTERM');
  await worker.says('finishes running calls');
  expect(await health.get('/readyz')).toEqual([503, 'not ready: it finishes its work and stops']);
  expect(await health.get('/livez')).toEqual(OK);
  hold.release();
  expect((await worker.ended).code).toBe(0);
});

describe('log lines as JSON', () => {
  const documents = (stderr: string) =>
    stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));

  test('a worker writes one document a line, with the refund where the line is about one', async () => {
    const id = `${queue}-json`;
    const worker = cli.start(['worker', '--log-format', 'json'], {
      ...env,
      WORLDFIRST_BASE_URL: 'http://127.0.0.1:1',
    });
    await worker.says('worker ready');
    await cli.run(['refund', 'worldtrade', '--request-id', id, '--trade-id', `trade-${id}`], { env });
    await worker.says(`"refundRequestId":"${id}"`);
    const { code, stderr } = await worker.end('SIGTERM');
    expect(code).toBe(0);
    const lines = documents(stderr);
    for (const line of lines)
      expect(line).toMatchObject({
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        level: expect.stringMatching(/^(info|warn|error)$/),
        message: expect.any(String),
      });
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        refundRequestId: id,
        workflowId: `refund:${id}`,
        activityType: 'queryTradeOrder',
      }),
    );
  });

  test('a receiver writes what it refused as a warning', async () => {
    const program = cli.start(['notifications', '--port', '0', '--log-format', 'json', '--json'], env);
    const { url } = JSON.parse(await program.prints());
    const body = '{"tradeId":"T-1","isRefund":"Y"}';
    const headers = signedHeaders(body, { clientId: env.WORLDFIRST_CLIENT_ID as string });
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(400);
    const { stderr } = await program.end('SIGTERM');
    expect(documents(stderr)).toContainEqual(
      expect.objectContaining({ level: 'warn', message: expect.stringContaining('refused with 400') }),
    );
  });

  test('a command that cannot start writes the reason as an error on one line', async () => {
    const { code, stderr } = await cli.run(['worker', '--log-format', 'json'], {
      env: { ...env, WORLDFIRST_BASE_URL: 'nowhere', WORLDFIRST_CLIENT_ID: '' },
    });
    expect(code).toBe(2);
    expect(documents(stderr)).toEqual([
      expect.objectContaining({
        level: 'error',
        code: 'CONFIGURATION',
        message: expect.stringContaining('WORLDFIRST_CLIENT_ID'),
      }),
    ]);
  });
});

test.each([
  ['9465', { host: '127.0.0.1', port: 9465 }],
  ['0.0.0.0:80', { host: '0.0.0.0', port: 80 }],
  ['localhost:0', { host: 'localhost', port: 0 }],
  ['[::1]:9465', { host: '::1', port: 9465 }],
])('--health %s is read', (text, expected) => {
  expect(hostAndPort(text)).toEqual(expected);
});

test.each(['', 'localhost', ':80', '::1:80', '127.0.0.1:65536', 'http://a:80', 'a b:80', '1:2:3'])(
  '--health "%s" is refused',
  (text) => {
    expect(() => hostAndPort(text)).toThrow('It must be an address');
  },
);
