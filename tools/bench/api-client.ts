import { readWorkerConfig } from 'worldfirst-refunds/worker';
import { WorldFirstClient } from 'worldfirst-refunds/worldfirst';
import type { Progress } from '../harness/progress.js';
import { callsByHand } from './by-hand.js';
import type { ApiClientResult, ApiClientRound } from './results.js';
import { measureOpenssl, measureRsa } from './rsa.js';
import type { Settings } from './settings.js';
import type { Surroundings } from './surroundings.js';

type Call = () => Promise<unknown>;
type PerCall = { wall: number; cpu: number };

const CONCURRENCIES = [1, 8];
const TURNS = 20;
// In times of a round: a worker runs for days, and Node's compilers are done in its first minute.
const WARM_UP = 6;

/** Measures the API client against the same calls by hand, in this process, with WorldFirst in its own. */
export async function measureApiClient(
  surroundings: Surroundings,
  { rounds, calls, smoke }: Pick<Settings, 'rounds' | 'calls' | 'smoke'>,
  progress: Progress,
): Promise<ApiClientResult> {
  const { env } = await surroundings.sandbox();
  const client = new WorldFirstClient(readWorkerConfig(env).worldfirst);
  const byHand = callsByHand(env);
  const body = { tradeId: 't-api-client' };
  const ask = {
    ours: async () => {
      const { kind } = await client.queryTradeOrder(body);
      if (kind !== 'success') throw new Error(`the API client's answer is ${kind}`);
    },
    byHand: () => byHand.queryTradeOrder(body),
  };
  try {
    const measured: ApiClientRound[] = [];
    for (const concurrency of CONCURRENCIES) {
      await time(ask.ours, WARM_UP * calls, concurrency);
      await time(ask.byHand, WARM_UP * calls, concurrency);
      for (let round = 0; round < rounds; round++) {
        progress.step(`API client, ${concurrency} at a time: round ${round + 1} of ${rounds}`);
        measured.push({ concurrency, ...(await inTurns(ask, calls, concurrency)) });
      }
    }
    const openssl = smoke ? undefined : await measureOpenssl();
    return { rounds: measured, rsa: measureRsa(env, calls), ...(openssl && { openssl }) };
  } finally {
    client.close();
    byHand.close();
  }
}

/** Both in many short turns, so that whatever else the machine does meanwhile meets both alike. */
async function inTurns(
  ask: { ours: Call; byHand: Call },
  calls: number,
  concurrency: number,
): Promise<{ ours: PerCall; byHand: PerCall }> {
  const spent = { ours: { wall: 0, cpu: 0 }, byHand: { wall: 0, cpu: 0 } };
  for (let turn = 0; turn < TURNS; turn++) {
    const order = turn % 2 === 0 ? (['ours', 'byHand'] as const) : (['byHand', 'ours'] as const);
    for (const who of order) {
      const { wall, cpu } = await time(ask[who], Math.ceil(calls / TURNS), concurrency);
      spent[who].wall += wall / TURNS;
      spent[who].cpu += cpu / TURNS;
    }
  }
  return spent;
}

/** Milliseconds per call. */
async function time(call: Call, count: number, concurrency: number): Promise<PerCall> {
  let left = count;
  const callOnAndOn = async () => {
    while (left-- > 0) await call();
  };
  const [begun, before] = [performance.now(), process.cpuUsage()];
  await Promise.all(Array.from({ length: concurrency }, callOnAndOn));
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - begun) / count, cpu: (user + system) / 1000 / count };
}
