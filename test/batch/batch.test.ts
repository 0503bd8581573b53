import { spawnSync } from 'node:child_process';
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { Cli } from '../cli/cli.js';
import { expectNoDoubleEffects } from '../support/books.js';
import { useRefunds } from '../support/environment.js';

const environment = useRefunds();
expectNoDoubleEffects(environment);

let cli: Cli;
let folder: string;
beforeAll(async () => {
  cli = new Cli({ TEMPORAL_ADDRESS: inject('temporalAddress'), REFUND_TASK_QUEUE: environment.taskQueue });
  folder = await mkdtemp(path.join(tmpdir(), 'batch-'));
});
afterAll(async () => {
  cli.stop();
  await rm(folder, { recursive: true });
});

let files = 0;
async function fileOf(content: string | Buffer, ending = '.csv'): Promise<string> {
  files += 1;
  const file = path.join(folder, `batch-${files}${ending}`);
  await writeFile(file, content);
  return file;
}

/** A CSV file with new orders. The ids are to be made from the orders. */
async function orders(count: number, words = ''): Promise<{ file: string; tradeIds: string[] }> {
  const tradeIds = Array.from({ length: count }, () => environment.worldtrade(words).tradeId);
  return { file: await fileOf(`tradeId\n${tradeIds.join('\n')}\n`), tradeIds };
}

const TEMPLATE = ['--id-template', 'b-{tradeId}'];
const FAST = ['--starts-per-second', '1000', '--yes'];
const idOf = (tradeId = '') => `b-${tradeId}`;

interface Line {
  line: number;
  refundRequestId: string;
  result: string;
  error?: { message: string };
}

async function linesOf(file: string): Promise<Line[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const lines = text.split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Line).sort((a, b) => a.line - b.line);
}

const resultsOf = async (file: string) =>
  (await linesOf(`${file}.results.ndjson`)).map(({ result }) => result);

/** How often each order was refunded in the sandbox's books, once all of these refunds have ended. */
async function movedOnce(tradeIds: readonly string[]): Promise<void> {
  await Promise.all(
    tradeIds.map((tradeId) => {
      environment.started(`refund:${idOf(tradeId)}`);
      return environment.refunds.result(idOf(tradeId));
    }),
  );
  for (const tradeId of tradeIds)
    expect([tradeId, environment.sandbox.journal.moved(tradeId).length]).toEqual([tradeId, 1]);
}

/** The list lags behind. */
async function listed(reference: string, count = 1): Promise<void> {
  while ((await environment.refunds.findByReference(reference)).length < count) await sleep(100);
}

test('a batch starts each refund once, and running it again finds all of them', async () => {
  const { file, tradeIds } = await orders(30);
  const { code, stdout, stderr } = await cli.run(['batch', file, ...TEMPLATE, ...FAST]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('started 30 of 30 refunds');
  expect(stdout).toContain(`results: ${file}.results.ndjson`);
  const lines = await linesOf(`${file}.results.ndjson`);
  expect(lines[0]).toMatchObject({ line: 2, refundRequestId: idOf(tradeIds[0]), result: 'started' });
  expect(lines.map(({ line }) => line)).toEqual(tradeIds.map((_, index) => index + 2));
  const again = await cli.json(['batch', file, ...TEMPLATE, ...FAST]);
  expect(again).toMatchObject({
    code: 0,
    document: { dryRun: false, summary: { found: 30, started: 0, alreadyThere: 30 } },
  });
  expect(new Set(await resultsOf(file))).toEqual(new Set(['already-there']));
  await movedOnce(tradeIds);
});

test('a batch that is killed at a random moment and run again starts each refund once', async () => {
  const { file, tradeIds } = await orders(80);
  const args = ['batch', file, ...TEMPLATE, '--yes', '--starts-per-second', '60', '--concurrency', '5'];
  const results = `${file}.results.ndjson`;
  for (let kills = 0; kills < 2; kills += 1) {
    const before = (await linesOf(results)).length;
    const program = cli.start(args);
    while ((await linesOf(results)).length <= before) await sleep(20);
    await sleep(Math.random() * 500);
    await program.end('SIGKILL');
  }
  const killed = await linesOf(results);
  expect(killed.length).toBeGreaterThan(0);
  expect((await readdir(folder)).filter((name) => name.includes('worldfirst-refunds-'))).toEqual([]);
  const { code, document } = await cli.json([...args]);
  expect(code).toBe(0);
  expect(document.summary.started + document.summary.alreadyThere).toBe(80);
  expect((await linesOf(results)).map(({ line }) => line)).toEqual(tradeIds.map((_, index) => index + 2));
  await movedOnce(tradeIds);
});

test('Ctrl-C stops the starts, finishes those under way, and the next run continues', async () => {
  const { file, tradeIds } = await orders(60);
  const args = ['batch', file, ...TEMPLATE, '--yes'];
  const program = cli.start([...args, '--starts-per-second', '30']);
  while ((await linesOf(`${file}.results.ndjson`)).length < 5) await sleep(20);
  const { code, stdout, stderr } = await program.end('SIGINT');
  expect(code).toBe(130);
  expect(stdout).toMatch(/^started \d+ of 60 refunds/m);
  expect(stdout).toMatch(/^\d+ not tried$/m);
  expect(stderr).toContain('to continue, run the same command again');
  const results = await resultsOf(file);
  expect(results.length).toBe(60);
  expect(new Set(results)).toEqual(new Set(['started', 'not-tried']));
  expect((await cli.run(['batch', file, ...TEMPLATE, ...FAST])).code).toBe(0);
  await movedOnce(tradeIds);
});

test('a dry run says what would be started, with the sums by currency, and starts and writes nothing', async () => {
  const [first, second, third] = [environment.worldtrade(), environment.cashier(), environment.worldtrade()];
  const file = await fileOf(
    'refundRequestId,tradeId,payToId,amount,refundReason\n' +
      `${first.refundRequestId},${first.tradeId},,USD 90071992547409.91,\n` +
      `${second.refundRequestId},,${second.payToId},USD 0.09,returned\n` +
      `${third.refundRequestId},${third.tradeId},,,\n`,
  );
  const { code, stdout } = await cli.run(['batch', file, '--dry-run']);
  expect(code).toBe(0);
  expect(stdout).toContain(
    'to start: 3 refunds: USD 90071992547410.00, 1 whole order without an amount in the file',
  );
  const { document } = await cli.json(['batch', file, '--dry-run']);
  expect(document).toEqual({
    file,
    dryRun: true,
    summary: { found: 3, toStart: 3, alreadyThere: 0, conflict: 0, anotherRefund: 0, stopped: 0, invalid: 0 },
    amounts: ['USD 90071992547410.00'],
  });
  expect(await readdir(folder)).not.toContain(`${path.basename(file)}.results.ndjson`);
  expect(await environment.refunds.findByReference(first.tradeId)).toEqual([]);
});

test('without --yes and without a terminal nothing is started', async () => {
  const { file, tradeIds } = await orders(2);
  const { code, stdout, stderr } = await cli.run(['batch', file, ...TEMPLATE]);
  expect(code).toBe(2);
  expect(stdout).toContain('to start: 2 refunds: 2 whole orders');
  expect(stderr).toContain('nothing was started: add --yes to start, or --dry-run for a preview');
  await expect(environment.refunds.describe(idOf(tradeIds[0]))).rejects.toMatchObject({
    code: 'REFUND_NOT_FOUND',
  });
});

test('conflicts and other refunds of an order are found before anything starts; --skip-refused starts the others', async () => {
  const open = environment.worldtrade('settles-3');
  const payment = environment.cashier('settles-3');
  await Promise.all([environment.begin(open), environment.begin(payment)]);
  await Promise.all([listed(open.tradeId), listed(payment.payToId)]);
  const foreign = environment.worldtrade('settles-3');
  await environment.begin(foreign);
  await listed(foreign.tradeId);
  const free = environment.worldtrade();
  const lines = [
    { ...foreign, remark: 'different' },
    free,
    { ...open, refundRequestId: `${open.refundRequestId}-2` },
    { ...payment, refundRequestId: `${payment.refundRequestId}-2` },
  ];
  const file = await fileOf(lines.map((line) => JSON.stringify(line)).join('\n'), '.ndjson');
  const args = ['batch', file, '--yes'];
  const refused = await cli.json(args);
  expect(refused).toMatchObject({ code: 4, document: { error: { code: 'BATCH_REFUSED' } } });
  expect(refused.document.error.issues.map(({ path: place }: { path: string }) => place)).toEqual([
    `line 1 (${foreign.refundRequestId})`,
    `line 3 (${open.refundRequestId}-2)`,
    `line 4 (${payment.refundRequestId}-2)`,
  ]);
  expect(await resultsOf(file)).toEqual(['conflict', 'not-tried', 'another-refund', 'another-refund']);
  expect(await environment.refunds.findByReference(free.tradeId)).toEqual([]);
  const skipping = await cli.json([...args, '--skip-refused']);
  expect(skipping).toMatchObject({
    code: 1,
    document: { summary: { found: 4, started: 1, conflict: 1, anotherRefund: 2 } },
  });
  expect(await resultsOf(file)).toEqual(['conflict', 'started', 'another-refund', 'another-refund']);
  environment.started(`refund:${free.refundRequestId}`);
});

test.each(['--dry-run', '--yes'])(
  'with --skip-refused no line with a mistake is started, planned or taken for a whole order (%s)',
  async (flag) => {
    const [good, wrong, dotted, twice] = Array.from({ length: 4 }, () => environment.worldtrade().tradeId);
    const name = `mistakes${flag}-${process.pid}`;
    const lines = [
      'refundRequestId,tradeId,amount,refundAmount.currency,refundAmount.value',
      `${name}-1,${good},,,`,
      `${name}-2,${wrong},USD 1.234,,`,
      `${name}-3,${dotted},,USD,`,
      `${name}-4,${twice},,,`,
      `${name}-4,${twice},,,`,
      `${name}-5`,
    ];
    const file = await fileOf(`${lines.join('\n')}\n`);
    const { code, stdout, stderr } = await cli.run(['batch', file, '--skip-refused', flag]);
    expect(stderr).toContain('line 3, column 3 (amount): ');
    if (flag === '--dry-run') {
      expect(code).toBe(1);
      expect(stdout).toContain('to start: 1 refund: 1 whole order');
      expect(stdout).toContain('5 not started: invalid');
    } else {
      expect([code, await resultsOf(file)]).toEqual([1, ['started', ...Array(5).fill('invalid')]]);
      environment.started(`refund:${name}-1`);
      expect((await cli.run(['batch', file, '--skip-refused', flag])).code).toBe(1);
    }
    for (const tradeId of [wrong, dotted, twice])
      expect(await environment.refunds.findByReference(tradeId ?? '')).toEqual([]);
  },
);

test('--allow-another starts several refunds of one payment, and running it again finds them', async () => {
  // No money moves, because the sandbox allows one refund of a payment.
  const payment = environment.cashier('declined');
  const lines = [1, 2].map((part) => ({ ...payment, refundRequestId: `${payment.refundRequestId}-${part}` }));
  const file = await fileOf(lines.map((line) => JSON.stringify(line)).join('\n'), '.jsonl');
  const refused = await cli.run(['batch', file, '--yes']);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('line 2: is the same refund as line 1 under another id');
  expect((await cli.run(['batch', file, '--yes', '--allow-another'])).code).toBe(0);
  expect((await cli.json(['batch', file, '--yes', '--allow-another'])).document.summary).toMatchObject({
    started: 0,
    alreadyThere: 2,
  });
  for (const { refundRequestId } of lines) environment.started(`refund:${refundRequestId}`);
});

test('a cashier refund of the same amount under an id from elsewhere is refused, unless another one is meant', async () => {
  const { payToId } = environment.cashier();
  const content = `payToId,amount,refundReason\n${payToId},USD 4.00,returned\n`;
  const [file, copy] = [await fileOf(content), await fileOf(content)];
  const ids = (template: string) => ['--id-template', `${template}-{payToId}`];
  expect((await cli.run(['batch', file, ...ids('b1'), ...FAST])).code).toBe(0);
  environment.started(`refund:b1-${payToId}`);
  await environment.refunds.result(`b1-${payToId}`);
  while ((await environment.refunds.findByReference(payToId))[0]?.status !== 'succeeded') await sleep(100);
  for (const flag of ['--dry-run', '--yes']) {
    const { code, stderr } = await cli.run(['batch', copy, ...ids('b2'), flag]);
    expect([code, stderr]).toEqual([4, expect.stringContaining('has another refund of the same amount')]);
  }
  const part = await fileOf(content.replace('4.00', '3.00'));
  expect((await cli.run(['batch', part, ...ids('b3'), '--dry-run'])).code).toBe(0);
  expect((await cli.run(['batch', copy, ...ids('b2'), '--dry-run', '--allow-another'])).code).toBe(0);
});

test('a workflow that was terminated is reported, and the exit code says that an operator is needed', async () => {
  const { file, tradeIds } = await orders(2, 'settles-3');
  await cli.run(['batch', file, ...TEMPLATE, ...FAST]);
  for (const tradeId of tradeIds) environment.started(`refund:${idOf(tradeId)}`);
  await environment.refunds.getHandle(idOf(tradeIds[0])).terminate('by a test');
  for (;;) {
    const [refund] = await environment.refunds.findByReference(tradeIds[0] ?? '');
    if (refund?.status === 'stopped') break;
  }
  const { code, stderr } = await cli.run(['batch', file, ...TEMPLATE, ...FAST]);
  expect(code).toBe(3);
  expect(stderr).toContain('was terminated');
  expect(await resultsOf(file)).toEqual(['stopped', 'already-there']);
});

test('another template than in the earlier run is refused, because it would make new ids', async () => {
  const { file, tradeIds } = await orders(2);
  await cli.run(['batch', file, ...TEMPLATE, ...FAST]);
  const { code, stderr } = await cli.run(['batch', file, '--id-template', 'other-{tradeId}', ...FAST]);
  expect(code).toBe(2);
  expect(stderr).toContain(
    'if --id-template is another one now, use the one from before, because a refund under a new id can pay twice',
  );
  expect(await resultsOf(file)).toEqual(['started', 'started']);
  await movedOnce(tradeIds);
});

test('what an earlier run started stays in the results of a run that refuses its lines', async () => {
  const { file, tradeIds } = await orders(3);
  const rewrite = (cells: readonly string[], column: string) =>
    writeFile(file, `tradeId,${column}\n${tradeIds.map((id, index) => `${id},${cells[index]}\n`).join('')}`);
  const run = (template = 'b-{tradeId}', ...flags: string[]) =>
    cli.run(['batch', file, '--id-template', template, ...FAST, ...flags]);
  await rewrite(['typpo', 'typpo', 'typpo'], 'remark');
  expect((await run()).code).toBe(0);
  await movedOnce(tradeIds);
  // The corrected lines are no longer the refunds that were started.
  await rewrite(['typo', 'typo', 'typpo'], 'remark');
  expect((await run()).code).toBe(4);
  expect(await resultsOf(file)).toEqual(['conflict', 'conflict', 'already-there']);
  const refused = { code: 2, stderr: expect.stringContaining('has the results of an earlier run') };
  expect(await run('c-{tradeId}')).toMatchObject(refused);
  await rewrite(['USD 1.234', 'USD 1', ''], 'amount');
  expect((await run('b-{tradeId}', '--skip-refused')).code).toBe(1);
  expect(await resultsOf(file)).toEqual(['invalid', 'conflict', 'conflict']);
  expect(await run('c-{tradeId}', '--dry-run')).toMatchObject(refused);
  for (const tradeId of tradeIds) expect(environment.sandbox.journal.moved(tradeId)).toHaveLength(1);
});

test('a last line of the results that was not written to its end does not keep the next run from continuing', async () => {
  const { file, tradeIds } = await orders(2);
  await cli.run(['batch', file, ...TEMPLATE, ...FAST]);
  await appendFile(`${file}.results.ndjson`, '{"line":4,"refundReq');
  expect((await cli.run(['batch', file, ...TEMPLATE, ...FAST])).code).toBe(0);
  expect(await resultsOf(file)).toEqual(['already-there', 'already-there']);
  await appendFile(`${file}.results.ndjson`, '{"line":4,"refundReq\n{"line":5}\n');
  const damaged = await cli.run(['batch', file, ...TEMPLATE, ...FAST]);
  expect(damaged).toMatchObject({ code: 2, stderr: expect.stringContaining('is not a results file') });
  await movedOnce(tradeIds);
});

test('a quotation mark that is never closed is refused also with --skip-refused, because lines are missing', async () => {
  const { file, tradeIds } = await orders(3);
  await writeFile(file, `tradeId,remark\n${tradeIds[0]},a\n${tradeIds[1]},"5"" box\n${tradeIds[2]},c\n`);
  const { code, stderr } = await cli.run(['batch', file, ...TEMPLATE, ...FAST, '--skip-refused']);
  expect([code, stderr]).toEqual([2, expect.stringContaining('the lines after it cannot be read')]);
  for (const tradeId of tradeIds) expect(await environment.refunds.findByReference(tradeId)).toEqual([]);
});

test('a line that goes on to others within quotation marks is noted, because their refunds would be missing', async () => {
  const { file, tradeIds } = await orders(3);
  const [first, second, third] = tradeIds;
  await writeFile(file, `tradeId,remark\n${first},"broken\n${second},\n${third},"\n`);
  const { code, stdout, stderr } = await cli.run(['batch', file, ...TEMPLATE, '--dry-run']);
  expect([code, stdout]).toEqual([0, expect.stringContaining('to start: 1 refund')]);
  expect(stderr).toContain('line 2 goes on to line 4, within quotation marks: check that this is one refund');
});

test.each(['/dev/full', '', '.'])('--results "%s" is refused before anything starts', async (results) => {
  const { file, tradeIds } = await orders(1);
  for (const flag of ['--yes', '--dry-run']) {
    const { code, stderr } = await cli.run(['batch', file, ...TEMPLATE, flag, '--results', results]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/folder|device|name of a file/)]);
  }
  expect(await environment.refunds.findByReference(tradeIds[0] ?? '')).toEqual([]);
});

test('batch status counts the lines that --skip-refused left out', async () => {
  const { file, tradeIds } = await orders(2);
  await writeFile(file, `tradeId,amount\n${tradeIds[0]},\n${tradeIds[1]},USD 1.234\n`);
  expect((await cli.run(['batch', file, ...TEMPLATE, ...FAST, '--skip-refused'])).code).toBe(1);
  await movedOnce(tradeIds.slice(0, 1));
  await listed(tradeIds[0] ?? '');
  const { code, document } = await cli.json(['batch', 'status', file, ...TEMPLATE]);
  expect([code, document.summary]).toEqual([1, { found: 2, succeeded: 1, invalid: 1 }]);
});

test('the results file must not be the batch file, nor any file that it did not write', async () => {
  const { file } = await orders(1);
  const own = await cli.run(['batch', file, ...TEMPLATE, ...FAST, '--results', file]);
  expect(own).toMatchObject({ code: 2, stderr: expect.stringContaining('must not be the batch file') });
  const text = await fileOf('a letter\n', '.txt');
  const other = await cli.run(['batch', file, ...TEMPLATE, ...FAST, '--results', text]);
  expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('is not a results file') });
  expect(await readFile(text, 'utf8')).toBe('a letter\n');
});

test('two runs with one results file at the same time are refused', async () => {
  const { file, tradeIds } = await orders(1);
  // This process is another one, and runs.
  await writeFile(`${file}.results.ndjson.lock`, `${process.pid} ${hostname()}\n`);
  const { code, stderr } = await cli.run(['batch', file, ...TEMPLATE, ...FAST]);
  expect([code, stderr]).toEqual([2, expect.stringContaining('Another command is writing')]);
  await rm(`${file}.results.ndjson.lock`);
  expect((await cli.run(['batch', file, ...TEMPLATE, ...FAST])).code).toBe(0);
  await movedOnce(tradeIds);
});

test('outcomes never replace the batch file, nor its results', async () => {
  const { file, tradeIds } = await orders(1);
  await cli.run(['batch', file, ...TEMPLATE, ...FAST]);
  await movedOnce(tradeIds);
  for (const place of [file, `${file}.results.ndjson`]) {
    const before = await readFile(place, 'utf8');
    const { code, stderr } = await cli.run(['batch', 'status', file, ...TEMPLATE, '--outcomes', place]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`${place} holds something else`)]);
    expect(await readFile(place, 'utf8')).toBe(before);
  }
});

test('what a run left behind that was killed during its checks is removed by the next one', async () => {
  const { file, tradeIds } = await orders(1);
  const ended = spawnSync(process.execPath, ['--version']);
  await writeFile(`${file}.results.ndjson.${ended.pid}.tmp`, '');
  await writeFile(`${file}.results.ndjson.${process.pid}.tmp`, '');
  await cli.run(['batch', file, ...TEMPLATE, ...FAST]);
  const names = (await readdir(folder)).filter((name) => name.startsWith(path.basename(file)));
  expect(names.filter((name) => name.endsWith('.tmp'))).toEqual([
    `${path.basename(file)}.results.ndjson.${process.pid}.tmp`,
  ]);
  await movedOnce(tradeIds);
});

test('standard input is read like a file', async () => {
  const request = environment.worldtrade();
  const results = path.join(folder, 'stdin.results.ndjson');
  const args = ['batch', '-', '--results', results, '--yes'];
  const { code } = await cli.run(args, { input: `${JSON.stringify(request)}\n` });
  expect(code).toBe(0);
  expect(await linesOf(results)).toMatchObject([{ line: 1, result: 'started' }]);
  environment.started(`refund:${request.refundRequestId}`);
});

test('a cashier refund from a CSV file is the same as one from the flags of `refund cashier`', async () => {
  const { refundRequestId, payToId } = environment.cashier();
  const flags = ['--request-id', refundRequestId, '--pay-to-id', payToId, '--amount', 'JPY 1234'];
  await cli.run(['refund', 'cashier', ...flags, '--reason', 'returned, twice']);
  environment.started(`refund:${refundRequestId}`);
  const file = await fileOf(
    `refundRequestId;payToId;refundAmount.currency;refundAmount.value;refundReason\r\n${refundRequestId};${payToId};JPY;1234;"returned, twice"`,
  );
  const { document } = await cli.json(['batch', file, '--yes']);
  expect(document).toMatchObject({ summary: { found: 1, started: 0, alreadyThere: 1 } });
});

test('batch status counts by status, writes outcomes, and exits with 6 until all have ended', async () => {
  const { file, tradeIds } = await orders(3);
  const status = ['batch', 'status', file, ...TEMPLATE];
  const none = await cli.json(status);
  expect(none).toMatchObject({ code: 6, document: { summary: { found: 3, 'not-found': 3 } } });
  await cli.run(['batch', file, ...TEMPLATE, ...FAST]);
  await movedOnce(tradeIds);
  const outcomes = path.join(folder, 'outcomes.ndjson');
  for (;;) {
    const { code, stdout } = await cli.run([...status, '--outcomes', outcomes]);
    if (code === 6) continue;
    expect(code).toBe(0);
    expect(stdout).toBe(`3 refunds\n  3  succeeded\noutcomes: ${outcomes}\n`);
    break;
  }
  const lines = await linesOf(outcomes);
  expect(lines).toMatchObject(
    tradeIds.map((tradeId, index) => ({
      line: index + 2,
      refundRequestId: idOf(tradeId),
      status: 'succeeded',
      outcome: { status: 'succeeded', reference: tradeId },
    })),
  );
});

test('batch status exits with 3 where refunds need an operator, with the reasons, and with 1 where some failed', async () => {
  const waiting = environment.worldtrade('query-ACCESS_DENIED');
  const failed = environment.worldtrade('declined');
  await environment.run(waiting);
  await environment.run(failed);
  const csv = (...requests: (typeof waiting)[]) =>
    fileOf(
      `refundRequestId,tradeId\n${requests.map((each) => `${each.refundRequestId},${each.tradeId}`).join('\n')}`,
    );
  for (const [file, code, summary] of [
    [await csv(waiting, failed), 3, { found: 2, 'needs-attention': 1, failed: 1 }],
    [await csv(failed), 1, { found: 1, failed: 1 }],
  ] as const) {
    for (;;) {
      const seen = await cli.json(['batch', 'status', file]);
      if (seen.document.summary.unknown) continue;
      expect(seen).toMatchObject({ code, document: { summary } });
      if (code === 3) expect(seen.document.attention).toEqual({ configuration: 1 });
      break;
    }
  }
});
