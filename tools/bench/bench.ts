import { cpus } from 'node:os';
import type { Progress } from '../harness/progress.js';
import { measureApiClient } from './api-client.js';
import { type BenchWorker, startBenchWorker } from './bench-worker.js';
import { measurePeers } from './comparison/measure.js';
import { playScenes } from './comparison/play-scenes.js';
import type { BenchContext, Server } from './context.js';
import type { Load } from './load.js';
import type { BenchOptions } from './options.js';
import { measureReplays } from './replay.js';
import type { Results, Round } from './results.js';
import { measureScale } from './scale.js';
import { measureScaleOut } from './scale-out/measure.js';
import { SCENARIOS, type Scenario } from './scenarios.js';
import { rotated } from './statistics.js';
import { VARIANTS } from './variants.js';

/** Measures what the options name. The caller stops the context. */
export async function runBench(
  context: BenchContext,
  server: Server,
  options: BenchOptions,
  progress: Progress,
): Promise<Results> {
  const { parts } = options;
  return {
    machine: {
      cores: cpus().length,
      system: `${process.platform} ${process.arch}`,
      node: process.versions.node,
      temporal: server.version,
      server: server.kind,
    },
    options,
    scenarios: parts.includes('refunds') ? await measureRefunds(context, server, options, progress) : [],
    ...(parts.includes('replay') && { replays: await measureReplays(context, server, options, progress) }),
    ...(parts.includes('api-client') && {
      apiClient: await measureApiClient(context, options, progress),
    }),
    ...(parts.includes('scale') && { scale: await measureScale(context, server, options, progress) }),
    ...(parts.includes('workers') && {
      scaleOut: await measureScaleOut(context, server, options, progress),
    }),
    ...(parts.includes('peers') && { peers: await measurePeers(context, server, options, progress) }),
    ...(parts.includes('peers-faults') && { scenes: await playScenes(context, server, progress) }),
  };
}

/**
 * Measures every variant in every scenario, with fresh workers in each round. The variants take turns: other work of the
 * machine then disturbs all of them, and the ratios between them vary less than the figures.
 */
async function measureRefunds(
  context: BenchContext,
  server: Server,
  options: BenchOptions,
  progress: Progress,
): Promise<Results['scenarios']> {
  const variants = VARIANTS.filter(({ name }) => options.variants.includes(name));
  const results = SCENARIOS.map((scenario) => ({
    scenario: scenario.name,
    measured: variants.map(({ name }) => ({ variant: name, rounds: [] as Round[] })),
  }));
  for (let round = 0; round < options.rounds; round++) {
    const say = (what: string) => progress.step(`round ${round + 1} of ${options.rounds}: ${what}`);
    const workers: BenchWorker[] = [];
    for (const variant of variants) {
      say(`warming up ${variant.name}`);
      const worker = await startBenchWorker(context, server, variant);
      await worker.warmUp({ count: options.warmUp, concurrency: options.concurrency });
      workers.push(worker);
    }
    for (const [index, scenario] of SCENARIOS.entries()) {
      const { share, concurrency = options.concurrency } = scenario;
      const load = { count: Math.ceil(options.refunds * share), concurrency };
      const rounds = await measureRound(workers, scenario, load, round, say);
      for (const [variant, measured] of rounds.entries()) {
        results[index]?.measured[variant]?.rounds.push(measured);
      }
    }
    for (const worker of workers) await worker.stop();
  }
  return results;
}

/** One round of each worker in one scenario. */
async function measureRound(
  workers: readonly BenchWorker[],
  scenario: Scenario,
  load: Load,
  round: number,
  say: (what: string) => void,
): Promise<Round[]> {
  const measured = workers.map((worker) => ({
    worker,
    turns: [] as Awaited<ReturnType<BenchWorker['turn']>>[],
  }));
  for (const [turn, count] of turnsOf(load).entries()) {
    for (const { worker, turns } of rotated(measured, round + turn)) {
      say(`${scenario.name}, turn ${turn + 1}, ${worker.name}`);
      turns.push(await worker.turn(scenario, { ...load, count }));
    }
  }
  const rounds: Round[] = [];
  for (const { worker, turns } of measured) {
    say(`${scenario.name}, unhurried, ${worker.name}`);
    rounds.push(await worker.round(scenario, turns, load));
  }
  return rounds;
}

/** How many refunds each turn has: as few as keep everything busy. */
function turnsOf({ count, concurrency }: Load): number[] {
  const turns = Math.max(1, Math.floor(count / (2 * concurrency)));
  return Array.from(
    { length: turns },
    (_, turn) => Math.floor(((turn + 1) * count) / turns) - Math.floor((turn * count) / turns),
  );
}
