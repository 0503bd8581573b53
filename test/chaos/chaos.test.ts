// @module-tag long
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const main = path.resolve(import.meta.dirname, '../../tools/chaos/main.ts');
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

// A run takes half a minute, and longer on a busy machine.
const HARD_LIMIT_MS = 400_000;

/** Runs the command to its end. */
async function chaos(...args: string[]) {
  const folder = await mkdtemp(path.join(tmpdir(), 'chaos-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const command = ['--import', tsx, main, ...args, '--output', folder];
  const { TEMPORAL_ADDRESS: _, ...env } = process.env;
  const run = spawn(process.execPath, command, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void run.kill());
  const [output, errors, [code]] = await Promise.all([text(run.stdout), text(run.stderr), once(run, 'exit')]);
  const report = await readFile(path.join(folder, 'report.md'), 'utf8').catch(() => '');
  return { folder, output, errors, code, report };
}

/** The number in a row of a report. */
function count(report: string, what: string): number {
  return Number(report.match(new RegExp(`^\\| ${what} \\| (\\d+)`, 'm'))?.[1]);
}

test(
  '100 refunds, while workers, Temporal and WorldFirst are killed: each ends or needs an operator, and no money moves twice',
  async () => {
    const { code, errors, report, output } = await chaos('--refunds', '100', '--seed', '7', '--hurry');
    expect(errors).toBe('');
    expect(report).toContain('**No violation.**');
    expect(code).toBe(0);
    expect(output).toMatch(/of 100 idle/);

    expect(count(report, 'workers killed while their sending was held')).toBeGreaterThanOrEqual(1);
    expect(count(report, 'workers killed otherwise')).toBe(1);
    expect(count(report, "Temporal's server killed")).toBe(1);
    expect(count(report, 'WorldFirst killed')).toBe(1);
    expect(count(report, 'histories replayed')).toBe(100);
    expect(count(report, 'calls that met a fault')).toBeGreaterThan(50);
    expect(count(report, 'of these, repeats')).toBeGreaterThan(0);
    expect(count(report, 'movements of money')).toBe(count(report, 'of these, money moved'));
    const ends = ['succeeded', 'accepted', 'failed', 'cancelled', 'needs-attention'];
    const refunds = ends.map((end) => count(report, end) || 0);
    expect(refunds.reduce((sum, each) => sum + each)).toBe(100);
    expect(count(report, 'succeeded')).toBeGreaterThan(30);
  },
  HARD_LIMIT_MS,
);

test(
  'a worker that repeats a sending under a new id is reported as a violation with the refund, the seed and the evidence file',
  async () => {
    const worker = path.join(import.meta.dirname, 'workers/new-id.ts');
    const args = ['--refunds', '10', '--seed', '7', '--calm', '--worker', worker];
    const { code, errors, report, folder } = await chaos(...args);
    expect(code).toBe(1);
    expect(report).toContain('violations** (seed 7)');
    const [, id = ''] = /^(c7-\d+) \(seed 7\): its money moved \d times; see /m.exec(errors) ?? [];
    expect(errors).toMatch(/^c7-\d+ \(seed 7\): it was sent under \d ids, and operators decided 0 new ones/m);
    const evidence = JSON.parse(await readFile(path.join(folder, `${id}.json`), 'utf8'));
    expect(evidence.movements.length).toBeGreaterThan(1);
    expect(evidence.calls.length).toBeGreaterThan(1);
    expect(evidence.history.events.length).toBeGreaterThan(1);
  },
  HARD_LIMIT_MS,
);
