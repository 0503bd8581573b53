import { beforeAll, describe, expect, test } from 'vitest';
import { runBench } from '../../tools/bench/bench.js';
import { hasPeers } from '../../tools/bench/comparison/contenders.js';
import { playScenes } from '../../tools/bench/comparison/play-scenes.js';
import { SCENES } from '../../tools/bench/comparison/scenes.js';
import { type BenchOptions, SMOKE } from '../../tools/bench/options.js';
import { reportOf } from '../../tools/bench/report.js';
import type { Results } from '../../tools/bench/results.js';
import { hasPostgres } from '../../tools/cluster/postgres-programs.js';
import { NO_PROGRESS } from '../../tools/harness/progress.js';
import { useBench } from './use-bench.js';

const missing = [
  ...((await hasPeers()) ? [] : ['the peers (`npm ci --prefix tools/bench/peers`)']),
  ...((await hasPostgres()) ? [] : ['PostgreSQL']),
];
if (missing.length > 0) console.warn(`The bench with peers is not tested; missing: ${missing.join(', ')}`);

const PARTS: BenchOptions = { ...SMOKE, parts: ['peers'] };
// Those that take seconds: the others wait for time limits.
const QUICK = SCENES.filter(
  ({ name }) => name === 'The answer was lost' || name.startsWith('Two were started'),
);

describe.skipIf(missing.length > 0)('the bench with peers', () => {
  const context = useBench();
  let results: Results;

  beforeAll(async () => {
    const server = await context.server();
    results = await runBench(context, server, PARTS, NO_PROGRESS);
    results.scenes = await playScenes(context, server, NO_PROGRESS, QUICK);
  }, 180_000);

  test('each contender makes refunds, many and a few at a time', () => {
    expect(results.peers?.peers.map(({ name }) => name)).toEqual([
      'plain',
      'ours',
      'DBOS Transact',
      'pg-boss',
    ]);
    for (const { turns } of results.peers?.peers ?? []) {
      expect(turns.map(({ concurrency }) => concurrency)).toEqual([2, 5]);
      expect(turns.every(({ perSecond, cpu }) => perSecond > 0 && cpu.worker > 0)).toBe(true);
    }
  });

  test('each peer’s waiting refund takes room in PostgreSQL', () => {
    const bytes = Object.fromEntries(
      (results.peers?.peers ?? []).map(({ name, waitingBytes }) => [name, waitingBytes]),
    );
    // Temporal's development server has its data elsewhere.
    expect(bytes.plain).toBeUndefined();
    expect(bytes['DBOS Transact']).toBeGreaterThan(0);
    expect(bytes['pg-boss']).toBeGreaterThan(0);
  });

  test('a refund whose answer was lost is sent once and found by each contender', () => {
    const lost = results.scenes?.find(({ scene }) => scene === 'The answer was lost');
    expect(lost?.outcomes).toHaveLength(4);
    for (const { did, sends, moved } of lost?.outcomes ?? []) {
      expect(did).toMatch(/^(SUCCESS|succeeded) after/);
      expect({ sends, moved }).toEqual({ sends: 1, moved: 1 });
    }
  });

  test('the money of one id moves once when two are started for it', () => {
    const two = results.scenes?.find(({ scene }) => scene === 'Two were started for one id at the same time');
    expect(two?.outcomes.map(({ moved }) => moved)).toEqual([1, 1, 1, 1]);
  });

  test('the report shows each contender and each scene', () => {
    const report = reportOf(results);
    for (const { name } of QUICK) expect(report).toContain(`### ${name}`);
    expect(report).toMatch(/^\| pg-boss \| \d/m);
    expect(report).toMatch(/^\| DBOS Transact \| \d/m);
    expect(report).not.toContain('NaN');
    expect(report).not.toContain('## Targets');
  });
});
