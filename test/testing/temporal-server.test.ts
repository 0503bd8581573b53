import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
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

describe('a server of our own', () => {
  test('has its namespace, its search attributes and its Web UI, and says where it came from', async () => {
    vi.stubEnv('TEMPORAL_ADDRESS', undefined);
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

  test('several at once share nothing, and each is gone when it was stopped, however often', async () => {
    vi.stubEnv('TEMPORAL_ADDRESS', undefined);
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

  test.concurrent.each([
    ['killed hard', 'wait', 'SIGKILL'],
    ['interrupted', 'wait', 'SIGINT'],
    ['failing', 'fail', undefined],
    ['forgetting to stop it', 'end', undefined],
  ] as const)('is not left running by a process %s', async (_, then, signal) => {
    const script = fileURLToPath(new URL('owner.ts', import.meta.url));
    const env = { ...process.env, TEMPORAL_ADDRESS: '' };
    const owner = spawn(process.execPath, ['--import', 'tsx', script, then], {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [line] = await once(owner.stdout, 'data');
    if (signal) owner.kill(signal);
    await once(owner, 'close');
    await whenGone(Number(line));
  });
});

describe('an external server', () => {
  let external: TemporalServer;
  beforeAll(async () => {
    vi.stubEnv('TEMPORAL_ADDRESS', undefined);
    external = await startTemporalServer({ searchAttributes: { RefundStatus: 'Keyword' } });
  });
  afterAll(() => external.stop());
  beforeEach(() => void vi.stubEnv('TEMPORAL_ADDRESS', external.address));

  test('is used as it is, gets the search attributes that it lacks, and goes on running', async () => {
    const { address } = external;
    const server = await startTemporalServer({
      searchAttributes: { RefundStatus: 'Keyword', RefundProduct: 'Keyword' },
    });
    const source = 'the server that TEMPORAL_ADDRESS names';
    expect(server).toEqual({ address, namespace: 'default', source, stop: expect.any(Function) });
    const connection = await Connection.connect({ address });
    const found = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
    expect(found.customAttributes).toMatchObject({ RefundStatus: 2, RefundProduct: 2 });
    await connection.close();
    await server.stop();
    expect(await isListening(address)).toBe(true);
  });

  test('that does not have the namespace is refused with a remedy', async () => {
    vi.stubEnv('TEMPORAL_NAMESPACE', 'elsewhere');
    await expect(startTemporalServer()).rejects.toThrow(
      /TEMPORAL_ADDRESS is .* namespace elsewhere: .*not found/i,
    );
  });

  test('that is not there is an error, not a reason to start one', async () => {
    vi.stubEnv('TEMPORAL_ADDRESS', '127.0.0.1:1');
    await expect(startTemporalServer()).rejects.toThrow('without TEMPORAL_ADDRESS one is started here');
  });
});

describe.skipIf(process.platform === 'win32')('a server that does not start', () => {
  test('shows its last words', async () => {
    const machine = await bareMachine();
    await writeScript(
      `${machine.bin}/temporal`,
      `case "$*" in --version) ${temporalScript()};; *) echo "Error: no room left" >&2; exit 1;; esac`,
    );
    for (const [name, value] of Object.entries({ ...machine.env, TEMPORAL_ADDRESS: undefined }))
      vi.stubEnv(name, value);
    await expect(startTemporalServer()).rejects.toThrow(
      /ended while it was starting.*\n.*Error: no room left/,
    );
  });

  test('gets other ports when someone was quicker', async () => {
    const machine = await bareMachine();
    await writeScript(
      `${machine.bin}/temporal`,
      `case "$*" in --version) ${temporalScript()}; exit;; esac
       echo "$*" >> "$CALLS"
       case $(wc -l < "$CALLS") in *1|*2) echo "Error: bind: address already in use" >&2;; *) echo "Error: enough" >&2;; esac
       exit 1`,
    );
    for (const [name, value] of Object.entries({ ...machine.env, TEMPORAL_ADDRESS: undefined }))
      vi.stubEnv(name, value);
    await expect(startTemporalServer()).rejects.toThrow('Error: enough');
    const calls = await machine.calls();
    expect(new Set(calls.map((call) => /--port (\d+)/.exec(call)?.[1])).size).toBe(3);
  });
});
