import { readWorkerConfig } from 'worldfirst-refunds/worker';
import { WorldFirstClient } from 'worldfirst-refunds/worldfirst';
import { callsByHand } from './by-hand.js';
import type { Progress } from './progress.js';
import type { ApiClientResult, ApiClientRound } from './results.js';
import { measureOpenssl, measureRsa } from './rsa.js';
import type { Settings } from './settings.js';
import type { Surroundings } from './surroundings.js';

type Call = () => Promise<unknown>;

const CONCURRENCIES = [1, 8];

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
      await time(ask.ours, calls, concurrency);
      await time(ask.byHand, calls, concurrency);
      for (let round = 0; round < rounds; round++) {
        progress.step(`API client, ${concurrency} at a time: round ${round + 1} of ${rounds}`);
        const oursFirst = round % 2 === 0;
        const first = await time(oursFirst ? ask.ours : ask.byHand, calls, concurrency);
        const second = await time(oursFirst ? ask.byHand : ask.ours, calls, concurrency);
        measured.push({
          concurrency,
          ...(oursFirst ? { ours: first, byHand: second } : { ours: second, byHand: first }),
        });
      }
    }
    const openssl = smoke ? undefined : await measureOpenssl();
    return { rounds: measured, rsa: measureRsa(env, calls), ...(openssl && { openssl }) };
  } finally {
    client.close();
    await byHand.close();
  }
}

/** Milliseconds per call. */
async function time(call: Call, count: number, concurrency: number): Promise<{ wall: number; cpu: number }> {
  let left = count;
  const callOnAndOn = async () => {
    while (left-- > 0) await call();
  };
  const [begun, before] = [performance.now(), process.cpuUsage()];
  await Promise.all(Array.from({ length: concurrency }, callOnAndOn));
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - begun) / count, cpu: (user + system) / 1000 / count };
}
