import { readWorkerConfig } from 'worldfirst-refunds/worker';
import { WorldFirstClient } from 'worldfirst-refunds/worldfirst';
import type { Progress } from '../harness/progress.js';
import { callsByHand } from './by-hand.js';
import type { BenchContext } from './context.js';
import type { BenchOptions } from './options.js';
import type { ApiClientRound } from './results.js';

type Call = () => Promise<unknown>;
type PerCall = ApiClientRound['ours'];

/** How many calls run at a time. */
export const CONCURRENCIES: readonly number[] = [1, 8];
const TURNS = 20;
// In times of a round: a worker runs for days, and Node's compilers are done in its first minute.
const WARM_UP = 6;

/** Measures the API client against the same call by hand, in this process, with WorldFirst's sandbox in its own. */
export async function measureApiClient(
  context: BenchContext,
  { rounds, calls }: Pick<BenchOptions, 'rounds' | 'calls'>,
  progress: Progress,
): Promise<ApiClientRound[]> {
  const { env } = await context.sandbox();
  const client = new WorldFirstClient(readWorkerConfig(env).worldfirst);
  const byHand = callsByHand(env);
  const body = { tradeId: 't-api-client' };
  const call = {
    ours: async () => {
      const { kind } = await client.queryTradeOrder(body);
      if (kind !== 'success') throw new Error(`the API client's answer is ${kind}`);
    },
    byHand: () => byHand.queryTradeOrder(body),
  };
  try {
    const measured: ApiClientRound[] = [];
    for (const concurrency of CONCURRENCIES) {
      await time(call.ours, WARM_UP * calls, concurrency);
      await time(call.byHand, WARM_UP * calls, concurrency);
      for (let round = 0; round < rounds; round++) {
        progress.step(`API client, ${concurrency} at a time: round ${round + 1} of ${rounds}`);
        measured.push({ concurrency, ...(await inTurns(call, calls, concurrency)) });
      }
    }
    return measured;
  } finally {
    client.close();
    byHand.close();
  }
}

/** Both in many short turns, so that other work of the machine disturbs both alike. */
async function inTurns(
  call: { ours: Call; byHand: Call },
  calls: number,
  concurrency: number,
): Promise<{ ours: PerCall; byHand: PerCall }> {
  const spent = { ours: { wall: 0, cpu: 0 }, byHand: { wall: 0, cpu: 0 } };
  for (let turn = 0; turn < TURNS; turn++) {
    const order = turn % 2 === 0 ? (['ours', 'byHand'] as const) : (['byHand', 'ours'] as const);
    for (const which of order) {
      const { wall, cpu } = await time(call[which], Math.ceil(calls / TURNS), concurrency);
      spent[which].wall += wall / TURNS;
      spent[which].cpu += cpu / TURNS;
    }
  }
  return spent;
}

/** Milliseconds per call. */
async function time(call: Call, count: number, concurrency: number): Promise<PerCall> {
  let left = count;
  const keepCalling = async () => {
    while (left-- > 0) await call();
  };
  const [begun, before] = [performance.now(), process.cpuUsage()];
  await Promise.all(Array.from({ length: concurrency }, keepCalling));
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - begun) / count, cpu: (user + system) / 1000 / count };
}
