import { cpus } from 'node:os';
import { number, table } from '../harness/table.js';
import type { Violation } from './checks.js';
import type { Evidence } from './evidence.js';
import type { Kills } from './options.js';
import type { Results } from './run.js';

/** The results as Markdown. */
export function reportOf(results: Results): string {
  return [
    '# Chaos',
    optionsSection(results),
    violationsSection(results),
    endsSection(results),
    waitingSection(results),
    countsSection(results),
    slowestSection(results),
  ]
    .filter((section) => section !== undefined)
    .join('\n\n')
    .concat('\n');
}

/** A violation, and how to look at it. */
export function sentenceOf({ refundRequestId, what }: Violation, seed: number, folder: string): string {
  if (refundRequestId === undefined) return `seed ${seed}: ${what}`;
  return `${refundRequestId} (seed ${seed}): ${what}; see ${folder}/${refundRequestId}.json`;
}

function optionsSection({ options, seconds }: Results): string {
  const { refunds, seed, concurrency, faults, hurry } = options;
  return [
    `${number(refunds)} refunds with seed ${seed}, ${concurrency} at a time; ${number(100 * faults)} % of all calls and notifications meet a fault.`,
    `${cpus().length} cores, Node ${process.versions.node}; ${number(Math.round(seconds))} seconds${hurry ? ', with --hurry' : ''}.`,
  ].join('\n');
}

function violationsSection({ violations, options }: Results): string {
  if (violations.length === 0) return '**No violation.**';
  const lines = violations.map(({ refundRequestId, what }) => `- ${refundRequestId ?? 'all'}: ${what}`);
  return [`**${violations.length} violations** (seed ${options.seed}):`, '', ...lines].join('\n');
}

function endsSection({ evidence }: Results): string {
  const statuses = countsOf(evidence, ({ view }) => view?.status ?? 'not idle');
  const rows = statuses.map(([status, refunds]) => {
    const moved = refunds.reduce((sum, { movements }) => sum + movements.length, 0);
    const byOperator = refunds.filter(({ view }) => view?.outcome && 'by' in view.outcome).length;
    return [status, number(refunds.length), number(byOperator), number(moved)];
  });
  const head = ['ended as', 'refunds', 'by an operator', 'moved money'];
  return `## How they ended\n\n${table(head, rows)}`;
}

function waitingSection({ evidence }: Results): string | undefined {
  const waiting = evidence.filter(({ view }) => view?.attention);
  if (waiting.length === 0) return undefined;
  const rows = countsOf(waiting, ({ view }) => view?.attention?.reason ?? '').map(([reason, refunds]) => [
    reason,
    number(refunds.length),
  ]);
  return `Those that need an operator:\n\n${table(['reason', 'refunds'], rows)}`;
}

function countsSection({ evidence, journal, kills, crashes, operators }: Results): string {
  const { sum, entries, notifications } = journal;
  const calls = (...apis: string[]) => entries.filter(({ api = '' }) => apis.includes(api)).length;
  const sends = calls('applyRefund', 'refund');
  const inquiries = evidence.map(({ inquiries }) => inquiries.unknown);
  const rows: [string, number][] = [
    ['queries of the order', calls('queryTradeOrder')],
    ['sendings', sends],
    ['of these, repeats', sends - sum.asked],
    ['inquiries', calls('inquireRefund')],
    ['most inquiries in a row while unknown', Math.max(0, ...inquiries)],
    ['calls that met a fault', entries.filter(({ fault }) => fault !== undefined).length],
    ['notifications', notifications.length],
    ['workers killed while their sending was held', kills.sending],
    ...otherKills(kills),
    ['processes that ended by themselves', crashes],
    ['messages from operators', operators.messages],
    ['decisions', operators.decisions],
    ['of both, refused', operators.refused],
    ['refunds asked for (request ids)', sum.asked],
    ['of these, money moved', sum.moved],
    ['movements of money', sum.movements],
    ['histories replayed', evidence.filter(({ history }) => history).length],
  ];
  const shown = rows.map(([what, count]) => [what, number(count)]);
  return `## Counts\n\n${table(['', 'count'], shown)}`;
}

const KILLS: Record<Exclude<keyof Kills, 'sending'>, string> = {
  worker: 'workers killed otherwise',
  server: "Temporal's server killed",
  sandbox: 'WorldFirst killed',
  frozen: 'workers frozen for 90 s while their sending was held',
  frontend: 'frontends killed',
  history: 'history services killed',
  matching: 'matching services killed',
  database: 'PostgreSQL killed',
  away: 'times that the whole cluster was down for five minutes',
};

/** Kinds without a kill are left out. */
function otherKills(kills: Kills): [string, number][] {
  return (Object.keys(KILLS) as (keyof typeof KILLS)[])
    .filter((kind) => kills[kind] > 0)
    .map((kind) => [KILLS[kind], kills[kind]]);
}

const SLOWEST = 5;

function slowestSection({ evidence }: Results): string {
  const slowest = [...evidence].sort((a, b) => b.seconds - a.seconds).slice(0, SLOWEST);
  const rows = slowest.map(({ refund, view, seconds, calls }) => [
    refund.request.refundRequestId,
    `${refund.request.product}, ${refund.words}`,
    view?.status ?? 'not idle',
    number(calls.length),
    number(Math.round(seconds)),
  ]);
  return `## The slowest\n\n${table(['refund', 'what WorldFirst does', 'ended as', 'calls', 'real seconds'], rows)}`;
}

function countsOf(all: readonly Evidence[], name: (evidence: Evidence) => string): [string, Evidence[]][] {
  const groups = new Map<string, Evidence[]>();
  for (const evidence of all) groups.set(name(evidence), [...(groups.get(name(evidence)) ?? []), evidence]);
  return [...groups].sort(([, a], [, b]) => b.length - a.length);
}
