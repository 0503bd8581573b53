// @module-tag long
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { AuditRecord } from '../../client/index.js';
import { Cli, MAIN } from '../cli/cli.js';
import { useRefunds } from '../support/environment.js';

// A server of this file's own: an export has every refund of the namespace.
const environment = useRefunds({}, {}, {});

// Temporal's list on a developer's server lags behind by less.
const LAG = ['--lag', '1s'];
const ALL = ['export', '--since', '1h', ...LAG];

let cli: Cli;
let address = '';
let folder: string;
const ids: string[] = [];

beforeAll(async () => {
  ({ address = '' } = (environment.client.connection as { options?: { address?: string } }).options ?? {});
  cli = new Cli({ TEMPORAL_ADDRESS: address, REFUND_TASK_QUEUE: environment.taskQueue });
  folder = await mkdtemp(path.join(tmpdir(), 'export-'));
  await endMore(60);
});
afterAll(async () => {
  cli.stop();
  await rm(folder, { recursive: true });
});

/** Ends more refunds, and waits until an export has them. */
async function endMore(count: number): Promise<void> {
  const requests = Array.from({ length: count }, () => environment.cashier('plain'));
  for (const request of requests) {
    await environment.refunds.start(request);
    ids.push(request.refundRequestId);
  }
  await Promise.all(requests.map(({ refundRequestId }) => environment.refunds.result(refundRequestId)));
  await vi.waitFor(async () => {
    const listed = await environment.client.workflow.count('CloseTime IS NOT NULL');
    expect(listed.count).toBe(ids.length);
  }, 20_000);
  await sleep(1_100);
}

function recordsIn(text: string): AuditRecord[] {
  expect(text.at(-1) ?? '\n').toBe('\n');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

const idsIn = (text: string) => recordsIn(text).map(({ refundRequestId }) => refundRequestId);
const fileOf = (name: string) => path.join(folder, name);

test('it prints a record a line, and --after continues behind one of them', async () => {
  const { code, stdout, stderr } = await cli.run(ALL);
  expect(code).toBe(0);
  expect(idsIn(stdout).toSorted()).toEqual(ids.toSorted());
  const records = recordsIn(stdout);
  expect(stderr).toContain(`exported 60 records; the next export: --after '${records.at(-1)?.cursor}'`);
  const after = await cli.run(['export', '--after', records[39]?.cursor ?? '', ...LAG]);
  expect(recordsIn(after.stdout)).toEqual(records.slice(40));
  const part = await cli.run([...ALL, '--until', records[10]?.at ?? '']);
  expect(recordsIn(part.stdout)).toEqual(records.filter(({ at }) => at < (records[10]?.at ?? '')));
});

test('killed at a random moment and run again, the file has each record once', async () => {
  const file = fileOf('killed.ndjson');
  const sizeOf = () =>
    stat(file).then(
      ({ size }) => size,
      () => 0,
    );
  for (let kills = 0; kills < 3; kills += 1) {
    const before = await sizeOf();
    const program = cli.start([...ALL, '--append', file]);
    while (program.child.exitCode === null && (await sizeOf()) === before) await sleep(5);
    await sleep(Math.random() * 30);
    await program.end('SIGKILL');
  }
  const last = await cli.json([...ALL, '--append', file]);
  expect(last).toMatchObject({ code: 0, document: { file, exported: expect.any(Number) } });
  expect(idsIn(await readFile(file, 'utf8')).toSorted()).toEqual(ids.toSorted());
});

test('the beginning of a record at the end of the file is cut off, and what ended since is appended', async () => {
  const file = fileOf('torn.ndjson');
  const { stdout } = await cli.run(ALL);
  const lines = stdout.split('\n');
  await writeFile(file, `${lines.slice(0, 20).join('\n')}\n${lines[20]?.slice(0, 500)}`);
  await endMore(3);
  const { code, stdout: said } = await cli.run(['export', '--append', file, ...LAG]);
  expect({ code, said }).toEqual({ code: 0, said: `exported ${ids.length - 20} records to ${file}\n` });
  expect(idsIn(await readFile(file, 'utf8')).toSorted()).toEqual(ids.toSorted());
  expect((await stat(file)).mode & 0o777 & 0o022).toBe(0);
});

test('a file killed within its first record is begun again, and only its owner may read it', async () => {
  const file = fileOf('first.ndjson');
  await writeFile(file, '{"vers', { mode: 0o600 });
  await cli.run([...ALL, '--append', file]);
  expect(idsIn(await readFile(file, 'utf8'))).toHaveLength(ids.length);
  const created = fileOf('created.ndjson');
  await cli.run([...ALL, '--append', created]);
  expect((await stat(created)).mode & 0o777).toBe(0o600);
});

test('two exports to one file at the same time are refused, and the lock of one that was killed is not', async () => {
  const file = fileOf('locked.ndjson');
  await writeFile(file, '');
  await symlink(file, fileOf('linked.ndjson'));
  const first = cli.start([...ALL, '--append', file, '--follow']);
  await vi.waitFor(async () => expect(await readFile(file, 'utf8')).not.toBe(''), 20_000);
  const before = await readFile(file, 'utf8');
  for (const name of ['locked.ndjson', 'linked.ndjson']) {
    const { code, stderr } = await cli.run([...ALL, '--append', fileOf(name)]);
    expect(code).toBe(2);
    expect(stderr).toContain(`(process ${first.child.pid} on ${hostname()}). Nothing was done.`);
  }
  await first.end('SIGKILL');
  expect(await readFile(`${file}.lock`, 'utf8')).toContain(String(first.child.pid));
  expect((await cli.run([...ALL, '--append', file])).code).toBe(0);
  expect((await readFile(file, 'utf8')).startsWith(before)).toBe(true);
  await expect(stat(`${file}.lock`)).rejects.toThrow('ENOENT');

  await writeFile(`${file}.lock`, '1 elsewhere\n');
  const { code, stderr } = await cli.run([...ALL, '--append', file]);
  expect(code).toBe(2);
  expect(stderr).toContain(`(process 1 on elsewhere)`);
  expect(stderr).toContain(`if it does not run any more, remove ${file}.lock`);
});

test('an empty lock, as a full disk leaves it, holds no later export up', async () => {
  const file = fileOf('empty-lock.ndjson');
  await writeFile(`${file}.lock`, '');
  // Another process may just be writing it.
  expect((await cli.run([...ALL, '--append', file])).code).toBe(2);
  const before = new Date(Date.now() - 20_000);
  await utimes(`${file}.lock`, before, before);
  expect((await cli.run([...ALL, '--append', file])).code).toBe(0);
});

test.each([
  [
    'of another namespace',
    'staging',
    '2026-11-22T08:00:00.000Z',
    'has the records of the namespace "staging"',
  ],
  ['of a time that has not come', 'default', '2999-01-01T00:00:00.000Z', 'is in the future'],
])('a file with a last record %s is refused, and unchanged', async (_what, namespace, time, message) => {
  const file = fileOf('elsewhere.ndjson');
  const content = `${JSON.stringify({ version: 1, namespace, cursor: `${time}/refund:1` })}\n`;
  await writeFile(file, content);
  const { code, stderr } = await cli.run([...ALL, '--append', file]);
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  expect(await readFile(file, 'utf8')).toBe(content);
});

test.runIf(process.platform === 'linux')('a full disk behind stdout is told, with exit code 2', async () => {
  const env = { ...process.env, TEMPORAL_ADDRESS: address, REFUND_TASK_QUEUE: environment.taskQueue };
  const inShell = `"${process.execPath}" "${MAIN}" ${ALL.join(' ')} > /dev/full`;
  const shell = spawn('sh', ['-c', inShell], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const [said, [code]] = await Promise.all([text(shell.stderr), once(shell, 'close')]);
  expect([code, said]).toEqual([
    2,
    'error: stdout cannot be written: the disk is full. What the command did before is not undone.\n',
  ]);
});

test.each([
  ['a file of something else', 'id,amount\n1,2\n'],
  ['a file of something else without a line', 'hello'],
  [
    'a file with something else behind its records',
    '{"version":1,"namespace":"default","cursor":"2026-11-22T08:00:00.000Z/refund:1"}\nhi',
  ],
])('%s is refused, and unchanged', async (_what, content) => {
  const file = fileOf('else.txt');
  await writeFile(file, content);
  const { code, stderr } = await cli.run([...ALL, '--append', file]);
  expect(code).toBe(2);
  expect(stderr).toContain('is not an audit record with a cursor, so it is not known where to continue');
  expect(await readFile(file, 'utf8')).toBe(content);
});

test.each([
  ['no start', [], 'Give --since, --after, --append or --webhook.'],
  ['--after with --append', ['--after', 'x', '--append', 'f'], 'so they cannot have --after.'],
  ['an end before the start', ['--since', '1d', '--until', '2d'], '--until must be later than --since.'],
  ['a time without a time zone', ['--since', '2026-11-01T08:00'], 'a time such as 2026-11-01T08:00:00Z'],
  ['no time', ['--since', 'yesterday'], 'It must be an interval such as 7d, a date such as'],
  ['a cursor of something else', ['--after', '42'], '--after must be the cursor of a record'],
  ['a time that has not come', ['--since', '2999-01-01'], 'is in the future. Nothing was exported.'],
  [
    'a folder that is not there',
    ['--since', '1d', '--append', '/nowhere/f'],
    'cannot be written: its folder does not exist.',
  ],
])('%s is a mistake of the command line', async (_what, args, message) => {
  const { code, stdout, stderr } = await cli.run(['export', ...args]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
});

test('a file that does not exist or is empty needs --since, and none is created', async () => {
  const file = fileOf('empty.ndjson');
  const { code, stderr } = await cli.run(['export', '--append', file]);
  expect([code, stderr]).toEqual([
    2,
    expect.stringContaining('does not exist yet, so give --since as well.'),
  ]);
  expect(existsSync(file)).toBe(false);
  await writeFile(file, '');
  const empty = await cli.run(['export', '--append', file]);
  expect([empty.code, empty.stderr]).toEqual([
    2,
    expect.stringContaining('has no record yet, so give --since as well.'),
  ]);
});

test('a folder in place of the file is refused in words', async () => {
  const { code, stderr } = await cli.run(['export', '--since', '1d', '--append', path.dirname(fileOf('x'))]);
  expect([code, stderr]).toEqual([2, expect.stringContaining('cannot be written: it is a folder.')]);
});

test('without a worker it says which one, for which refund, and what was exported', async () => {
  await environment.stopWorker();
  const { code, stderr } = await cli.run(ALL);
  await environment.startWorker();
  expect(code).toBe(5);
  expect(stderr).toContain(`No worker on the task queue "${environment.taskQueue}" answered`);
  expect(stderr).toMatch(/has the timeline of refund \S+\. Nothing was exported\. Start a worker/);
});
