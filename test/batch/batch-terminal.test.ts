import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { Cli } from '../cli/cli.js';
import { useRefunds } from '../support/environment.js';

const hasPython = spawnSync('python3', ['-c', 'import pty']).status === 0;

describe.skipIf(!hasPython)('a batch on a terminal', () => {
  const environment = useRefunds();
  let cli: Cli;
  let folder: string;
  beforeAll(async () => {
    cli = new Cli({ TEMPORAL_ADDRESS: inject('temporalAddress'), REFUND_TASK_QUEUE: environment.taskQueue });
    folder = await mkdtemp(path.join(tmpdir(), 'batch-terminal-'));
  });
  afterAll(async () => {
    cli.stop();
    await rm(folder, { recursive: true });
  });

  async function csv(count: number): Promise<{ file: string; ids: string[] }> {
    const requests = Array.from({ length: count }, () => environment.worldtrade());
    const file = path.join(folder, `${requests[0]?.refundRequestId}.csv`);
    const lines = requests.map(({ refundRequestId, tradeId }) => `${refundRequestId},${tradeId},USD 1.00`);
    await writeFile(file, `refundRequestId,tradeId,amount\n${lines.join('\n')}`);
    return { file, ids: requests.map(({ refundRequestId }) => refundRequestId) };
  }

  test('asks with the sum before it starts, and shows a bar', async () => {
    const { file, ids } = await csv(20);
    const program = cli.open(['batch', file, '--starts-per-second', '20']);
    await program.says('Start 20 refunds: USD 20.00?');
    program.press('y\r');
    const { code, stdout } = await program.ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/█+░+ started \d+ of 20/);
    expect(stdout).toContain('started 20 of 20 refunds');
    for (const id of ids) environment.started(`refund:${id}`);
  });

  test('starts nothing and writes nothing after a no', async () => {
    const { file, ids } = await csv(2);
    const program = cli.open(['batch', file]);
    await program.says('Start 2 refunds: USD 2.00?');
    program.press('n\r');
    expect((await program.ended).code).toBe(130);
    await expect(environment.refunds.describe(ids[0] ?? '')).rejects.toMatchObject({
      code: 'REFUND_NOT_FOUND',
    });
    expect((await readdir(folder)).filter((name) => name.startsWith(`${path.basename(file)}.`))).toEqual([]);
  });

  test('Ctrl-C while the starts are under way stops them', async () => {
    const { file, ids } = await csv(40);
    const program = cli.open(['batch', file, '--yes', '--starts-per-second', '10']);
    const results = () => readFile(`${file}.results.ndjson`, 'utf8').catch(() => '');
    while ((await results()).split('\n').length < 4) await sleep(20);
    program.press('\u0003');
    const { code, stdout } = await program.ended;
    expect(code).toBe(130);
    expect(stdout).toContain('to continue, run the same command again');
    const lines = (await results()).trimEnd().split('\n');
    expect(lines.length).toBe(40);
    for (const [index, id] of ids.entries())
      if (lines.some((line) => line.includes(`"${id}"`) && line.includes('"started"'))) {
        expect(index).toBeLessThan(39);
        environment.started(`refund:${id}`);
      }
  });
});
