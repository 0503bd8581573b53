import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { workflowIdOf } from '../../client/index.js';
import { newKeyEntry } from '../../encryption/keys.js';
import { SEARCH_ATTRIBUTES } from '../../rules/search-attributes.js';
import { startSandbox, startTemporalServer } from '../../testing/index.js';
import type { Sandbox } from '../../testing/sandbox/index.js';
import type { TemporalServer } from '../../testing/temporal-server.js';
import { findTemporal } from '../../testing/temporal-sources.js';
import { Cli } from '../cli/cli.js';

const REFUND_ENCRYPTION_KEYS = newKeyEntry('2026');
const REMARK = ['--by', 'Ana', '--reason', 'hush'];
const TOKEN = 'a-token-of-20-letters';

// Each command is a process of its own.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let temporal: TemporalServer;
let sandbox: Sandbox;
let cli: Cli;

beforeAll(async () => {
  temporal = await startTemporalServer({ searchAttributes: SEARCH_ATTRIBUTES });
  sandbox = await startSandbox();
  cli = new Cli({ TEMPORAL_ADDRESS: temporal.address, ...sandbox.env });
  const worker = cli.start(['worker'], { REFUND_ENCRYPTION_KEYS });
  await worker.says('worker ready');
  const first = await cli.json(refund('R-1', 'trade-1'), { env: { REFUND_ENCRYPTION_KEYS } });
  expect(first.document.status).toBe('succeeded');
});

afterAll(async () => {
  cli.stop();
  await sandbox.stop();
  await temporal.stop();
});

const refund = (id: string, tradeId: string) => [
  'refund',
  'worldtrade',
  ...['--request-id', id, '--trade-id', tradeId, '--inquire-after', '1h', '--wait'],
];

test('with the keys of the workers every command works', async () => {
  const env = { REFUND_ENCRYPTION_KEYS };
  expect(
    (
      await cli.json(['refund', 'worldtrade', '--request-id', 'R-2', '--trade-id', 'trade-2-unknown-1'], {
        env,
      })
    ).code,
  ).toBe(0);
  await expect
    .poll(async () => (await cli.json(['show', 'R-2'], { env })).document.status, { timeout: 20_000 })
    .toBe('unknown');
  expect((await cli.json(['escalate', 'R-2', ...REMARK], { env })).document.status).toBe('needs-attention');
  expect((await cli.json(['decide', 'R-2', 'inquire-again', ...REMARK], { env })).code).toBe(0);
  expect((await cli.json(['check', 'R-2', ...REMARK], { env })).document.status).toBe('succeeded');
  const { document } = await cli.json(['list'], { env });
  expect(document.map((each: { refundRequestId: string }) => each.refundRequestId)).toEqual(
    expect.arrayContaining(['R-1', 'R-2']),
  );
  expect((await cli.run(['list'], { env })).stdout).toContain('R-1');
});

test('with REFUND_REFERENCE_KEYS a refund is listed by a hash, and found by its reference', async () => {
  const env = { REFUND_ENCRYPTION_KEYS, REFUND_REFERENCE_KEYS: newKeyEntry('r1') };
  expect((await cli.json(refund('R-6', 'trade-6'), { env })).document.status).toBe('succeeded');
  const list = ['list', '--reference', 'trade-6'];
  await expect
    .poll(async () => (await cli.json(list, { env })).document, { timeout: 60_000 })
    .toMatchObject([{ refundRequestId: 'R-6', reference: 'trade-6' }]);
  expect((await cli.json(list, { env: { REFUND_ENCRYPTION_KEYS } })).document).toEqual([]);
});

describe('in an encrypted namespace', () => {
  const COMMANDS = [
    refund('R-3', 'trade-3'),
    ['show', 'R-1'],
    ['list'],
    ['escalate', 'R-1', ...REMARK],
    ['check', 'R-1', ...REMARK],
    ['decide', 'R-1', 'inquire-again', ...REMARK],
  ];

  test.each([
    ['without keys', {}, COMMANDS, 'encoding "binary/encrypted", which this process cannot read'],
    [
      'with another key',
      { REFUND_ENCRYPTION_KEYS: newKeyEntry('mine') },
      COMMANDS.slice(0, 2),
      'with the key "2026", and the keys here are mine',
    ],
  ])('%s a command ends with 2 and one sentence, and no refund is started', async (_, env, commands, why) => {
    for (const command of commands) {
      const { code, document } = await cli.json(command, { env });
      expect({ command, code, error: document.error.code }).toEqual({
        command,
        code: 2,
        error: 'PAYLOAD_NOT_READABLE',
      });
      expect(document.error.message).toContain(why);
    }
    expect((await cli.json(['show', 'R-3'], { env: { REFUND_ENCRYPTION_KEYS } })).code).toBe(5);
  });

  test('a receiver of notifications without keys has them sent again, and reports why', async () => {
    const receiver = cli.start(['notifications', '--port', '0', '--json']);
    const { url } = JSON.parse(await receiver.prints());
    const { status } = await sandbox.notify({ url, tradeId: 'trade-1', isRefund: 'Y' });
    expect(status).toBe(503);
    await receiver.says('which this process cannot read');
  });
});

describe('with a codec server in place of keys', () => {
  let endpoint: string;

  beforeAll(async () => {
    const env = { REFUND_ENCRYPTION_KEYS, REFUND_CODEC_TOKEN: TOKEN };
    const server = cli.start(['codec-server', '--port', '0', '--json'], env);
    endpoint = JSON.parse(await server.prints()).url;
  });

  test('the command line reads and starts refunds', async () => {
    const env = { TEMPORAL_CODEC_ENDPOINT: endpoint, TEMPORAL_CODEC_AUTH: `Bearer ${TOKEN}` };
    expect((await cli.json(refund('R-4', 'trade-4'), { env })).document.status).toBe('succeeded');
    const flags = ['--codec-endpoint', endpoint, '--codec-auth', `Bearer ${TOKEN}`];
    expect((await cli.json(['show', 'R-4', ...flags])).document.reference).toBe('trade-4');
  });

  test('a token that is missing: 5, with what the server answered', async () => {
    const { code, document } = await cli.json(['show', 'R-1', '--codec-endpoint', endpoint]);
    expect({ code, error: document.error }).toMatchObject({
      code: 5,
      error: { code: 'CODEC_FAILED', message: expect.stringContaining('answered 401') },
    });
  });

  test('Temporal’s own command line shows a refund', async () => {
    const { path: program } = await findTemporal(process.env);
    const result = ['workflow', 'result', '--workflow-id', workflowIdOf('R-1'), '--output', 'json'];
    const connection = ['--address', temporal.address, '--codec-endpoint', endpoint];
    const run = (args: string[]) => promisify(execFile)(program, args, { maxBuffer: 10_000_000 });
    const { stdout } = await run([...result, ...connection, '--codec-auth', `Bearer ${TOKEN}`]);
    expect(JSON.parse(stdout).result).toMatchObject({ status: 'succeeded', reference: 'trade-1' });
  });
});

test('`dev` runs refunds with the keys of the environment', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'refund-dev-'));
  const dev = cli.start(['dev', '--json', '--keys', folder], {
    REFUND_ENCRYPTION_KEYS,
    TEMPORAL_ADDRESS: '',
  });
  const { env } = JSON.parse(await dev.prints());
  const without = await cli.json(refund('D-1', 'trade-5'), { env: { ...env, REFUND_ENCRYPTION_KEYS } });
  expect(without.document.status).toBe('succeeded');
  expect((await cli.json(['list'], { env })).code).toBe(2);
  await dev.end('SIGTERM');
  await rm(folder, { recursive: true });
});
