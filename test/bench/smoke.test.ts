import { beforeAll, expect, test } from 'vitest';
import { runBench } from '../../tools/bench/bench.js';
import { SMOKE } from '../../tools/bench/options.js';
import { reportOf } from '../../tools/bench/report.js';
import type { Results } from '../../tools/bench/results.js';
import { SCENARIOS } from '../../tools/bench/scenarios.js';
import { judge, missedCounts } from '../../tools/bench/targets.js';
import { NO_PROGRESS } from '../../tools/harness/progress.js';
import { useBench } from './use-bench.js';

const context = useBench();
let results: Results;

beforeAll(async () => {
  const server = await context.server();
  results = await runBench(context, server, SMOKE, NO_PROGRESS);
}, 180_000);

test('a refund takes no more history events, Actions or calls to WorldFirst than its target', () => {
  expect(missedCounts(judge(results))).toEqual([]);
  const counts = judge(results).filter(({ target }) => target.kind === 'count');
  const notMeasured = counts.filter(({ met }) => met === undefined).map(({ target }) => target.name);
  expect(counts.length - notMeasured.length).toBeGreaterThanOrEqual(5);
  // They belong to a part that takes minutes.
  expect(notMeasured).toEqual([
    'calls a second above the limit of all workers',
    'refunds that were not refunded exactly once when a frontend was lost',
  ]);
});

test('a smoke run does not judge times', () => {
  const times = judge(results).filter(({ target }) => target.kind === 'timing');
  expect(times.every(({ met }) => met === undefined)).toBe(true);
});

test('the report shows every scenario, both variants, the replays and the API client', () => {
  const report = reportOf(results);
  for (const { name } of SCENARIOS) expect(report).toContain(`\n## ${name}\n`);
  expect(report).toMatch(/^\| plain \| \d/m);
  expect(report).toMatch(/^\| ours \| \d/m);
  expect(report).toContain('## Replays of a refund that just works');
  expect(report).toContain('## The API client on its own');
  expect(report).not.toContain('NaN');
});

test('a count above its target is reported as missed', () => {
  const worse = structuredClone(results);
  for (const { measured } of worse.scenarios) {
    for (const { rounds } of measured)
      for (const { counts } of rounds) for (const each of counts) each.calls = 99;
  }
  expect(missedCounts(judge(worse)).map(({ target }) => target.name)).toContain(
    'calls to WorldFirst where it just works',
  );
  expect(reportOf(worse)).toContain('**missed**');
});
