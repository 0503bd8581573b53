import type { Caller } from './callers.js';
import { type Cpu, cpuBetween, cpuNow, cpuPerRefund, type Processes } from './cpu.js';
import { type Load, type RequestedRefund, runLoad } from './load.js';
import type { Scenario } from './scenarios.js';
import { type Quantiles, quantilesOf, sum } from './statistics.js';

/** What one turn took, in which something made refunds while the others did nothing. */
export interface Turn {
  requested: RequestedRefund[];
  seconds: number;
  cpu: Cpu;
}

/** Requests refunds, and measures the time and the processors of these processes. */
export async function measuredTurn(
  processes: Processes,
  caller: Caller,
  scenario: Scenario,
  load: Load,
): Promise<Turn> {
  const before = await cpuNow(processes);
  const begun = performance.now();
  const requested = await runLoad(caller, scenario, load);
  const seconds = (performance.now() - begun) / 1000;
  return { requested, seconds, cpu: cpuBetween(before, await cpuNow(processes)) };
}

/** What a refund of these turns took. */
export function perRefund(turns: readonly Turn[]): { perSecond: number; cpu: Cpu; latency: Quantiles } {
  const requested = turns.flatMap((turn) => turn.requested);
  return {
    perSecond: requested.length / sum(turns.map(({ seconds }) => seconds)),
    cpu: cpuPerRefund(
      turns.map(({ cpu }) => cpu),
      requested.length,
    ),
    latency: quantilesOf(requested.map(({ requestedAt, endedAt }) => endedAt - requestedAt)),
  };
}
