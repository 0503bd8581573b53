import { CONCURRENCIES } from './api-client.js';
import { apiOverhead, besideOf, COUNT, counted, PICK, relation, roundsOf } from './figures.js';
import type { Results } from './results.js';
import { lostOf } from './scale-out/losses.js';
import { A_FEW_AT_A_TIME, FOUND_LATE, JUST_WORKS, NEVER_KNOWN, type Scenario } from './scenarios.js';

type ServerKind = Results['machine']['server'];

/** A limit that the results are compared with. */
interface Target {
  name: string;
  /** Counts are the same on every machine, so they decide how a smoke run exits; timings never do. */
  kind: 'count' | 'timing';
  bound: 'at most' | 'at least';
  limit: number;
  unit?: '%' | '×';
  /** The kinds of server that it is for; all of them when absent. */
  on?: readonly ServerKind[];
  /** Undefined when this run has not measured it. */
  measured(results: Results): number | undefined;
  /** In place of `limit`, when it is measured too. */
  measuredLimit?(results: Results): number | undefined;
}

/** A target, and whether it was met. */
export interface Judged {
  target: Target;
  limit: number;
  measured: number | undefined;
  /** Undefined when it was not measured. */
  met: boolean | undefined;
}

const IN_MEMORY: readonly ServerKind[] = ['dev', 'external'];

/** Everything that the results are compared with. */
const TARGETS: readonly Target[] = [
  ofPlain('throughput', 'at least', 1.3, PICK.perSecond, { on: IN_MEMORY }),
  ofPlain("worker's processor time per refund", 'at most', 0.8, PICK.workerCpu, { on: IN_MEMORY }),
  ofPlain('first answer at low load (p50)', 'at most', 1, PICK.firstAnswer, { on: IN_MEMORY }),
  ofPlain('throughput', 'at least', 1.6, PICK.perSecond, { on: ['dev-file'] }),
  ...[JUST_WORKS, A_FEW_AT_A_TIME].flatMap((scenario) => onCluster(scenario)),
  {
    name: "history events where it just works, plain's at most",
    kind: 'count',
    bound: 'at most',
    limit: 23,
    measured: count(JUST_WORKS, 'ours', COUNT.events),
    measuredLimit: count(JUST_WORKS, 'plain', COUNT.events),
  },
  atMost('Actions where it just works', 5, count(JUST_WORKS, 'ours', COUNT.actions)),
  atMost('Actions where it stays unknown', 19, count(NEVER_KNOWN, 'ours', COUNT.actions)),
  atMost('calls to WorldFirst where it just works', 3, count(JUST_WORKS, 'ours', COUNT.calls)),
  // The order, the sending, three inquiries, and the identical request after the two that found nothing.
  atMost('calls to WorldFirst until the 3rd inquiry', 7, count(FOUND_LATE, 'ours', COUNT.calls)),
  atMost('calls to WorldFirst where it stays unknown', 9, count(NEVER_KNOWN, 'ours', COUNT.calls)),
  atMost('calls a second above the limit of all workers', 0, ({ scaleOut }) =>
    scaleOut?.limited.reduce(
      (most, { busiest, callsPerSecond }) => Math.max(most, busiest - callsPerSecond),
      0,
    ),
  ),
  atMost(
    'refunds that were not refunded exactly once when a frontend was lost',
    0,
    ({ scaleOut }) => scaleOut?.losses && lostOf(scaleOut.losses),
  ),
  ...CONCURRENCIES.flatMap((concurrency) => [overhead('wall', concurrency), overhead('cpu', concurrency)]),
  {
    name: 'new refunds beside most waiting ones, of an empty server',
    kind: 'timing',
    bound: 'at least',
    limit: 0.9,
    unit: '×',
    measured: ({ scale = [] }) => {
      const most = scale.at(-1);
      return most && besideOf(most)?.median;
    },
  },
  {
    name: "server's memory per waiting refund, most of them against a tenth",
    kind: 'timing',
    bound: 'at most',
    limit: 1.2,
    unit: '×',
    // The processes of a cluster fill caches of a bounded size.
    on: ['dev', 'dev-file', 'external'],
    measured: ({ scale = [] }) => {
      const [tenth, most] = [scale.at(-2)?.serverMemory, scale.at(-1)?.serverMemory];
      return tenth && most && most / tenth;
    },
  },
  {
    name: 'bytes in PostgreSQL per waiting refund, most of them against a tenth',
    kind: 'timing',
    bound: 'at most',
    limit: 1.2,
    unit: '×',
    measured: ({ scale = [] }) => {
      const [tenth, most] = [scale.at(-2)?.databaseBytes, scale.at(-1)?.databaseBytes];
      return tenth && most && most / tenth;
    },
  },
];

/** Compares the results with every target. */
export function judge(results: Results): Judged[] {
  const { server } = results.machine;
  return TARGETS.filter(({ on }) => !on || on.includes(server)).map((target) => {
    const limit = target.measuredLimit?.(results) ?? target.limit;
    const measured = timed(results, target) ? target.measured(results) : undefined;
    if (measured === undefined || Number.isNaN(measured)) {
      return { target, limit, measured: undefined, met: undefined };
    }
    return {
      target,
      limit,
      measured,
      met: target.bound === 'at most' ? measured <= limit : measured >= limit,
    };
  });
}

/** A few refunds say nothing about times. */
function timed({ options }: Results, { kind }: Target): boolean {
  return kind === 'count' || !options.smoke;
}

/** The counts that are worse than their targets. */
export function missedCounts(judged: readonly Judged[]): Judged[] {
  return judged.filter(({ target, met }) => target.kind === 'count' && met === false);
}

function ofPlain(
  what: string,
  bound: Target['bound'],
  limit: number,
  pick: (typeof PICK)[keyof typeof PICK],
  { scenario = JUST_WORKS, on }: { scenario?: Scenario; on: readonly ServerKind[] },
): Target {
  return {
    name: `${what}, of plain${scenario === JUST_WORKS ? '' : ` (${scenario.name})`}`,
    kind: 'timing',
    bound,
    limit,
    unit: '×',
    on,
    measured: (results) =>
      relation(roundsOf(results, scenario.name, 'ours'), roundsOf(results, scenario.name, 'plain'), pick)
        ?.median,
  };
}

function onCluster(scenario: Scenario): Target[] {
  const options = { scenario, on: ['cluster'] } as const;
  return [
    ofPlain('throughput', 'at least', 1.4, PICK.perSecond, options),
    ofPlain('latency (p50)', 'at most', 0.75, PICK.latency, options),
    ofPlain('first answer at low load (p50)', 'at most', 0.75, PICK.firstAnswer, options),
    ofPlain('processor time of servers and database per refund', 'at most', 0.6, PICK.serverCpu, options),
    ofPlain("worker's processor time per refund", 'at most', 1, PICK.workerCpu, options),
  ];
}

function count(
  scenario: Scenario,
  variant: string,
  of: (typeof COUNT)[keyof typeof COUNT],
): (results: Results) => number | undefined {
  return (results) => counted(roundsOf(results, scenario.name, variant), of)?.median;
}

function atMost(name: string, limit: number, measured: Target['measured']): Target {
  return { name, kind: 'count', bound: 'at most', limit, measured };
}

function overhead(what: 'wall' | 'cpu', concurrency: number): Target {
  const time = what === 'wall' ? 'time' : 'processor time';
  return {
    name: `API client's overhead in ${time}, ${concurrency} at a time`,
    kind: 'timing',
    bound: 'at most',
    limit: 10,
    unit: '%',
    measured: (results) => {
      const share = apiOverhead(results, what, concurrency);
      return share === undefined ? undefined : share * 100;
    },
  };
}
