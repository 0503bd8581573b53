import { expect, test } from 'vitest';
import { longestPause, lostOf } from '../../tools/bench/scale-out/losses.js';
import { scaleOutSection } from '../../tools/bench/scale-out/report.js';
import type { RefundOfLoss, WorkersLevel } from '../../tools/bench/scale-out/results.js';

const KILLED_AT = 10_000;

test('the speed of more workers is compared with one worker, round by round', () => {
  const report = scaleOutSection({ levels: [level('1', [10, 20]), level('2', [15, 30])], limited: [] });
  expect(report).toMatch(
    /^\| 2 \| 22\.5 \(15–30\) \| 1\.50 \| 20 \| 30 \| 25 \| 3 \| 100 \| 200 \| 50 \| 90 \|$/m,
  );
});

test('the report of a limit shows the busiest second beside the limit', () => {
  const limited = [{ workers: 4, callsPerSecond: 60, refunds: 300, calls: 900, seconds: 30, busiest: 51 }];
  expect(scaleOutSection({ levels: [], limited })).toContain('| 4 | 60 | 300 | 900 | 30 | 51 |');
});

test('a refund is lost when it did not succeed, or when its money did not move exactly once', () => {
  const refunds = [refund(0, 100), refund(0, 100, { status: 'lost' }), refund(0, 100, { moved: 0 })];
  expect(lostOf([{ killedAt: KILLED_AT, refunds: [...refunds, refund(0, 100, { moved: 2 })] }])).toBe(3);
});

test('the report of a lost frontend says what callers saw, and how long nothing ended', () => {
  const startErrors = ['TEMPORAL_UNREACHABLE: no answer'];
  const refunds = [
    refund(8_000, 9_000),
    refund(9_000, 9_500),
    refund(9_900, 12_500, { startErrors }),
    refund(11_000, 72_000, { sends: 2 }),
  ];
  const report = scaleOutSection({ levels: [], limited: [], losses: [{ killedAt: KILLED_AT, refunds }] });
  expect(report).toContain(
    'Of 4 refunds 0 were not refunded exactly once. 1 calls of `start` and 0 calls of `result`',
  );
  expect(report).toContain('1 took 60 s or longer');
  expect(report).toContain('1 were sent again');
  expect(report).toContain('- 1 × TEMPORAL_UNREACHABLE: no answer');
  expect(report).toMatch(/^\| ended before the kill \| 2 \| 50 \| 50 \| 750 \| 1,000 \|$/m);
  expect(report).toMatch(/^\| under way at the kill \| 1 \| 50 \| 50 \| 2,600 \| 2,600 \|$/m);
  expect(report).toContain('500 ms before the kill, 59,500 ms after it');
});

test('the longest pause lies between moments that follow each other', () => {
  expect(longestPause([5, 1, 2])).toBe(3);
  expect(longestPause([5])).toBeNaN();
});

function level(name: string, speeds: number[]): WorkersLevel {
  const cpu = { worker: 20, servers: 30, database: 25, caller: 3 };
  const turns = speeds.map((perSecond) => ({ perSecond, cpu, latency: { p50: 100, p99: 200 } }));
  return { name, workers: Number(name), turns, firstAnswers: [{ p50: 50, p99: 90 }] };
}

function refund(requestedAt: number, endedAt: number, more: Partial<RefundOfLoss> = {}): RefundOfLoss {
  const base = { status: 'succeeded', startErrors: [], resultErrors: [], moved: 1, sends: 1 };
  return { ...base, requestedAt, startedAt: requestedAt + 50, endedAt, ...more };
}
