import { sumOf } from './actions.js';
import type { Counts, Results, Round, ScaleLevel } from './results.js';
import { median, ratioOf, type Spread, spreadOf } from './statistics.js';

/** Reads a figure from a round. */
export type Pick = (round: Round) => number | undefined;

/** The figures of a round. */
export const PICK = {
  perSecond: (round) => round.perSecond,
  workerCpu: (round) => round.cpu.worker,
  serverCpu: ({ cpu }) => known(cpu.servers + (known(cpu.database) ?? 0)),
  databaseCpu: (round) => known(round.cpu.database),
  callerCpu: (round) => round.cpu.caller,
  latency: (round) => round.latency.p50,
  latencyP99: (round) => round.latency.p99,
  firstAnswer: (round) => round.firstAnswer.p50,
  firstAnswerP99: (round) => round.firstAnswer.p99,
} as const satisfies Record<string, Pick>;

/** The counts of a refund. */
export const COUNT = {
  events: (counts) => counts.events,
  bytes: (counts) => counts.bytes,
  actions: (counts) => sumOf(counts.actions),
  calls: (counts) => counts.calls,
} as const satisfies Record<string, (counts: Counts) => number>;

/** The rounds of a variant; none where it was not measured. */
export function roundsOf(results: Results, scenario: string, variant: string): Round[] {
  const measured = results.scenarios.find((each) => each.scenario === scenario)?.measured ?? [];
  return measured.find((each) => each.variant === variant)?.rounds ?? [];
}

function known(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}

/** A figure over all rounds. */
export function figure(rounds: readonly Round[], pick: Pick): Spread | undefined {
  return spreadOf(rounds.map(pick));
}

/** A figure as a ratio to that of another variant, round by round. */
export function relation(rounds: readonly Round[], to: readonly Round[], pick: Pick): Spread | undefined {
  return ratioOf(rounds.map(pick), to.map(pick));
}

/** A count over all refunds of all rounds. */
export function counted(rounds: readonly Round[], count: (counts: Counts) => number): Spread | undefined {
  return spreadOf(rounds.flatMap(({ counts }) => counts.map(count)));
}

/** How fast new refunds are beside those that wait, as a share of an empty server's. */
export function besideOf({ beside, empty }: ScaleLevel): Spread | undefined {
  return ratioOf(beside, empty);
}

/** The API client's overhead over the same by hand, as a share of it; the median of all rounds. */
export function apiOverhead(results: Results, what: 'wall' | 'cpu', concurrency: number): number | undefined {
  const rounds = results.apiClient?.filter((round) => round.concurrency === concurrency) ?? [];
  if (rounds.length === 0) return undefined;
  return median(rounds.map(({ ours, byHand }) => ours[what] / byHand[what] - 1));
}
