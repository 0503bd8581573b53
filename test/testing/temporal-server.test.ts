// @module-tag long
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { isFree } from '../../testing/free-ports.js';
import { startTemporalServer, type TemporalServer } from '../../testing/temporal-server.js';
import { bareMachine, temporalScript, writeScript } from './fakes.js';
import { isListening, isThere, whenGone } from './process-probes.js';

const servers: TemporalServer[] = [];
async function start(options?: Parameters<typeof startTemporalServer>[0]) {
  const server = await startTemporalServer(options);
  servers.push(server);
  return server as TemporalServer & { pid: number };
}

afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

describe('a new Temporal server', () => {
  test('has its namespace, its search attributes and its Web UI, and names its source', async () => {
    const lines: string[] = [];
    const { address, namespace, uiUrl, source } = await start({
      namespace: 'shop',
      searchAttributes: {
        RefundStatus: 'Keyword',
        RefundNextCheckAt: 'Datetime',
        RefundWords: 'KeywordList',
      },
      ui: true,
      onProgress: (line) => lines.push(line),
    });
    expect(namespace).toBe('shop');
    const connection = await Connection.connect({ address });
    const client = new Client({ connection, namespace });
    await expect(client.workflow.count("RefundStatus = 'unknown'")).resolves.toMatchObject({ count: 0 });
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    expect(customAttributes).toMatchObject({ RefundStatus: 2, RefundNextCheckAt: 6, RefundWords: 7 });
    await connection.close();
    expect((await fetch(uiUrl as string)).status).toBe(200);
    expect(lines.at(-1)).toBe(`Temporal: ${source}, at ${address}`);
    expect(source).toMatch(/Temporal CLI \d+\.\d+\.\d+/);
  });

  test('shares nothing with other servers, and is gone after one or more stops', async () => {
    const [one, two, three] = await Promise.all([start(), start(), start()]);
    expect(new Set([one.address, two.address, three.address]).size).toBe(3);
    await one.stop();
    await one.stop();
    expect(isThere(one.pid)).toBe(false);
    expect(await isListening(one.address)).toBe(false);
    expect(await isListening(two.address)).toBe(true);
    await Promise.all([two.stop(), three.stop()]);
    expect(isThere(two.pid) || isThere(three.pid)).toBe(false);
  });

  test('takes the usual ports where they are free, and other ones beside a server that has them', async () => {
    vi.stubEnv('TEMPORAL_ADDRESS', undefined);
    const [isGrpcFree, isUiFree] = await Promise.all([isFree(7233), isFree(8233)]);
    const first = await start({ usualPorts: true, ui: true });
    if (isGrpcFree) expect(first.address).toBe('127.0.0.1:7233');
    if (isUiFree) expect(first.uiUrl).toBe('http://127.0.0.1:8233');
    const second = await start({ usualPorts: true, ui: true });
    expect(second.address).not.toBe(first.address);
    expect(second.uiUrl).not.toBe(first.uiUrl);
  });

  test.concurrent.each([
    ['that is killed', 'wait', 'SIGKILL'],
    ['that is interrupted', 'wait', 'SIGINT'],
    ['that fails', 'fail', undefined],
    ['that does not stop it', 'end', undefined],
  ] as const)('ends with a process %s', async (_, then, signal) => {
    const script = fileURLToPath(new URL('owner.ts', import.meta.url));
    const owner = spawn(process.execPath, ['--import', 'tsx', script, then], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [line] = await once(owner.stdout, 'data');
    if (signal) owner.kill(signal);
    await once(owner, 'close');
    await whenGone(Number(line));
  });
});

describe('an existing server', () => {
  let external: TemporalServer;
  beforeAll(async () => {
    external = await startTemporalServer({ searchAttributes: { RefundStatus: 'Keyword' } });
  });
  afterAll(() => external.stop());

  test('gets missing search attributes, and keeps running after the stop', async () => {
    const { address } = external;
    const server = await startTemporalServer({
      address,
      searchAttributes: { RefundStatus: 'Keyword', RefundProduct: 'Keyword' },
    });
    const source = 'an existing server';
    expect(server).toEqual({ address, namespace: 'default', source, stop: expect.any(Function) });
    const connection = await Connection.connect({ address });
    const found = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
    expect(found.customAttributes).toMatchObject({ RefundStatus: 2, RefundProduct: 2 });
    await connection.close();
    await server.stop();
    expect(await isListening(address)).toBe(true);
  });

  test('without the namespace is an error', async () => {
    const { address } = external;
    await expect(startTemporalServer({ address, namespace: 'elsewhere' })).rejects.toThrow(
      /server at .* cannot be used with namespace elsewhere: .*not found/i,
    );
  });

  test('that does not answer is an error, and no other server is started', async () => {
    await expect(startTemporalServer({ address: '127.0.0.1:1' })).rejects.toThrow(
      'Start that server, or correct its address (TEMPORAL_ADDRESS)',
    );
  });

  test('at TEMPORAL_ADDRESS is not used without the option address', async () => {
    vi.stubEnv('TEMPORAL_ADDRESS', '127.0.0.1:1');
    const server = await start();
    expect(await isListening(server.address)).toBe(true);
    expect(isThere(server.pid)).toBe(true);
  });
});

describe.skipIf(process.platform === 'win32')('a server that does not start', () => {
  test('is an error with its last output', async () => {
    const machine = await bareMachine();
    await writeScript(
      `${machine.bin}/temporal`,
      `case "$*" in --version) ${temporalScript()};; *) echo "Error: no room left" >&2; exit 1;; esac`,
    );
    for (const [name, value] of Object.entries(machine.env)) vi.stubEnv(name, value);
    await expect(startTemporalServer()).rejects.toThrow(
      /ended while it was starting.*\n.*Error: no room left/,
    );
  });

  test('is started again on other ports, because another program may have taken a port', async () => {
    const machine = await bareMachine();
    await writeScript(
      `${machine.bin}/temporal`,
      `case "$*" in --version) ${temporalScript()}; exit;; esac
       echo "$*" >> "$CALLS"
       case $(wc -l < "$CALLS") in *1|*2) echo "Error: bind: address already in use" >&2;; *) echo "Error: enough" >&2;; esac
       exit 1`,
    );
    for (const [name, value] of Object.entries(machine.env)) vi.stubEnv(name, value);
    await expect(startTemporalServer()).rejects.toThrow('Error: enough');
    const calls = await machine.calls();
    expect(new Set(calls.map((call) => /--port (\d+)/.exec(call)?.[1])).size).toBe(3);
  });
});
