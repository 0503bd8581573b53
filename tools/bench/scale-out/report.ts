import { number, table } from '../../harness/table.js';
import { spread } from '../spread.js';
import { median, quantile, ratioOf, spreadOf } from '../statistics.js';
import { allOf, longestPause, lostOf } from './losses.js';
import type { FrontendLoss, LimitedLevel, RefundOfLoss, ScaleOutMeasured, WorkersLevel } from './results.js';

// The time limit of the sending activity.
const UNKNOWN_AFTER_MS = 60_000;

/** What more workers and more frontends bring, as Markdown. */
export function scaleOutSection({ levels, limited, losses }: ScaleOutMeasured): string {
  return [
    '## More workers',
    levelsTable(levels),
    '## One limit of calls for all workers',
    limitedTable(limited),
    ...(losses ? ['## A frontend lost', lossText(losses), lossTable(losses)] : []),
  ].join('\n\n');
}

function levelsTable(levels: readonly WorkersLevel[]): string {
  const [one] = levels;
  const rows = levels.map(({ name, turns, firstAnswers }) => [
    name,
    spread(spreadOf(turns.map(({ perSecond }) => perSecond))),
    spread(
      ratioOf(
        turns.map(({ perSecond }) => perSecond),
        one?.turns.map(({ perSecond }) => perSecond) ?? [],
      ),
    ),
    ...(['worker', 'servers', 'database', 'caller'] as const).map((what) =>
      number(median(turns.map(({ cpu }) => cpu[what]))),
    ),
    number(median(turns.map(({ latency }) => latency.p50))),
    number(median(turns.map(({ latency }) => latency.p99))),
    number(median(firstAnswers.map(({ p50 }) => p50))),
    number(median(firstAnswers.map(({ p99 }) => p99))),
  ]);
  const head = [
    'workers',
    'refunds/s',
    "of one worker's",
    'CPU of a refund: workers, ms',
    'servers, ms',
    'database, ms',
    'caller, ms',
    'latency p50, ms',
    'p99, ms',
    'first answer at low load p50, ms',
    'p99, ms',
  ];
  return table(head, rows);
}

function limitedTable(levels: readonly LimitedLevel[]): string {
  const rows = levels.map(({ workers, callsPerSecond, refunds, calls, seconds, busiest }) => [
    `${workers}`,
    number(callsPerSecond),
    number(refunds),
    number(calls),
    number(calls / seconds),
    number(busiest),
  ]);
  return table(
    ['workers', 'limit, calls a second', 'refunds', 'calls', 'calls a second', 'in the busiest second'],
    rows,
  );
}

function lossText(losses: readonly FrontendLoss[]): string {
  const all = allOf(losses);
  const failed = (which: 'startErrors' | 'resultErrors') => all.filter((refund) => refund[which].length > 0);
  const errors = new Map<string, number>();
  for (const { startErrors, resultErrors } of all) {
    for (const error of [...startErrors, ...resultErrors]) errors.set(error, (errors.get(error) ?? 0) + 1);
  }
  return [
    `One of two frontends was killed ${losses.length} times, and stayed down until all refunds had ended.`,
    `Of ${number(all.length)} refunds ${number(lostOf(losses))} were not refunded exactly once. ` +
      `${number(failed('startErrors').length)} calls of \`start\` and ${number(failed('resultErrors').length)} calls of ` +
      '`result` failed and were made again by the application.',
    `${number(all.filter(isUnknown).length)} took ${UNKNOWN_AFTER_MS / 1000} s or longer: the task of their sending was lost on its way to a worker, so ` +
      'their result was unknown. An inquiry followed after milliseconds here, after five minutes by the documented schedule. ' +
      `${number(all.filter(({ sends }) => sends > 1).length)} were sent again under the same id.`,
    ...[...errors].map(([error, count]) => `- ${count} × ${error.replaceAll('\n', ' ')}`),
  ].join('\n');
}

function isUnknown({ requestedAt, endedAt }: RefundOfLoss): boolean {
  return endedAt - requestedAt >= UNKNOWN_AFTER_MS;
}

function lossTable(losses: readonly FrontendLoss[]): string {
  const phases: [string, (refund: RefundOfLoss, killedAt: number) => boolean][] = [
    ['ended before the kill', ({ endedAt }, killedAt) => endedAt <= killedAt],
    [
      'under way at the kill',
      ({ requestedAt, endedAt }, killedAt) => requestedAt <= killedAt && endedAt > killedAt,
    ],
    ['requested after the kill', ({ requestedAt }, killedAt) => requestedAt > killedAt],
  ];
  const rows = phases.map(([name, isIn]) => {
    const each = losses.map(({ killedAt, refunds }) => refunds.filter((refund) => isIn(refund, killedAt)));
    const all = each.flat();
    const starts = all.map(({ requestedAt, startedAt }) => startedAt - requestedAt);
    const latencies = all.map(({ requestedAt, endedAt }) => endedAt - requestedAt);
    return [
      name,
      number(all.length),
      ...[starts, latencies].flatMap((values) => [number(median(values)), number(quantile(values, 1))]),
    ];
  });
  const head = ['', 'refunds', 'start p50, ms', 'slowest start, ms', 'latency p50, ms', 'slowest, ms'];
  const pauses = losses.map(({ killedAt, refunds }) => {
    const ends = refunds.map(({ endedAt }) => endedAt);
    const before = longestPause(ends.filter((at) => at <= killedAt));
    return [before, longestPause([killedAt, ...ends.filter((at) => at > killedAt)])] as const;
  });
  const [before, after] = [pauses.map(([pause]) => pause), pauses.map(([, pause]) => pause)];
  return [
    table(head, rows),
    `The longest pause between two ends: ${spread(spreadOf(before))} ms before the kill, ${spread(spreadOf(after))} ms after it.`,
  ].join('\n\n');
}
