import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { runBench } from '../../tools/bench/bench.js';
import { reportOf } from '../../tools/bench/report.js';
import type { Results } from '../../tools/bench/results.js';
import { SMOKE } from '../../tools/bench/settings.js';
import { Surroundings } from '../../tools/bench/surroundings.js';
import { judge, missedCounts } from '../../tools/bench/targets.js';
import { NO_PROGRESS } from '../../tools/harness/progress.js';

const surroundings = new Surroundings(SMOKE.delay);
let results: Results;

beforeAll(async () => {
  const server = await surroundings.server(inject('temporalAddress'));
  results = await runBench(surroundings, server, SMOKE, NO_PROGRESS);
});
afterAll(() => surroundings.stop());

test('no refund takes more events, Actions or calls than its target', () => {
  expect(missedCounts(judge(results))).toEqual([]);
  const counts = judge(results).filter(({ target }) => target.kind === 'count');
  expect(counts.filter(({ met }) => met === undefined)).toEqual([]);
});

test('a few refunds are not held against targets for times', () => {
  const times = judge(results).filter(({ target }) => target.kind === 'timing');
  expect(times.every(({ met }) => met === undefined)).toBe(true);
});

test('the report tells of every scenario and both variants, and of the API client', () => {
  const report = reportOf(results);
  for (const scenario of SMOKE.scenarios) expect(report).toContain(`\n## ${scenario}\n`);
  expect(report).toMatch(/^\| plain \| \d/m);
  expect(report).toMatch(/^\| ours \| \d/m);
  expect(report).toContain('## The API client on its own');
  expect(report).not.toContain('NaN');
});

test('a count that is worse than its target is called missed', () => {
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
