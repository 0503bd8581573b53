import { expect, test } from 'vitest';
import { SMOKE } from '../../tools/bench/options.js';
import { reportOf } from '../../tools/bench/report.js';
import type { Results, Round } from '../../tools/bench/results.js';
import { SCENARIOS } from '../../tools/bench/scenarios.js';
import { judge } from '../../tools/bench/targets.js';

test('on a cluster, a refund that just works is judged at many and at a few at a time', () => {
  const judged = timingsOf(resultsOn('cluster'));
  expect(judged).toEqual({
    'throughput, of plain': true,
    'latency (p50), of plain': true,
    'first answer at low load (p50), of plain': false,
    'processor time of servers and database per refund, of plain': true,
    "worker's processor time per refund, of plain": true,
    'throughput, of plain (just works, 5 at a time)': true,
    'latency (p50), of plain (just works, 5 at a time)': true,
    'first answer at low load (p50), of plain (just works, 5 at a time)': false,
    'processor time of servers and database per refund, of plain (just works, 5 at a time)': true,
    "worker's processor time per refund, of plain (just works, 5 at a time)": true,
  });
});

test('with a database file, only the throughput is judged, by a limit of its own', () => {
  expect(timingsOf(resultsOn('dev-file'))).toEqual({ 'throughput, of plain': false });
});

test('the report shows processor time of the database apart, where there is one', () => {
  const row = /^\| ours \| 15 \| 1\.50 \| 20 \| 1 \| (.*) \| 3 \|$/m;
  expect(row.exec(reportOf(resultsOn('cluster')))?.[1]).toBe('50 | 0.50 | 20');
  expect(row.exec(reportOf(resultsOn('dev')))?.[1]).toBe('30 | 0.50 | –');
});

test('a waiting refund takes no more room in PostgreSQL when ten times as many wait', () => {
  const level = { workerMemory: 2 ** 20, startUp: 1_000, beside: [9], empty: [10] };
  const scale = [
    { ...level, waiting: 1_000, databaseBytes: 10_000 },
    { ...level, waiting: 10_000, databaseBytes: 13_000 },
  ];
  const results = { ...resultsOn('cluster'), scenarios: [], scale };
  expect(timingsOf(results)).toEqual({
    'new refunds beside most waiting ones, of an empty server': true,
    'bytes in PostgreSQL per waiting refund, most of them against a tenth': false,
  });
  expect(reportOf(results)).toMatch(
    /^\| 10,000 waiting \| – \| 13,000 bytes \| 1 MiB \| 1 s \| 9 \| 0\.90 \|$/m,
  );
});

/** Which of the times that were measured met their targets. */
function timingsOf(results: Results): Record<string, boolean | undefined> {
  const timings = judge(results).filter(({ target, met }) => target.kind === 'timing' && met !== undefined);
  return Object.fromEntries(timings.map(({ target, met }) => [target.name, met]));
}

/** Ours has 1.5 × the throughput of plain, at half of the servers' time, and a first answer that is no sooner. */
function resultsOn(server: Results['machine']['server']): Results {
  const database = (milliseconds: number) => (server === 'cluster' ? milliseconds : Number.NaN);
  const measured = [
    { variant: 'plain', rounds: [round(10, 100, { servers: 60, database: database(40) })] },
    { variant: 'ours', rounds: [round(15, 66, { servers: 30, database: database(20) })] },
  ];
  return {
    machine: { cores: 2, system: 'linux x64', node: '20.20.0', temporal: 'Temporal server', server },
    options: { ...SMOKE, smoke: false },
    scenarios: SCENARIOS.map(({ name }) => ({ scenario: name, measured })),
  };
}

function round(perSecond: number, latency: number, cpu: { servers: number; database: number }): Round {
  return {
    perSecond,
    cpu: { worker: 20, caller: 3, ...cpu },
    latency: { p50: latency, p99: 2 * latency },
    firstAnswer: { p50: 50, p99: 90 },
    counts: [],
  };
}
