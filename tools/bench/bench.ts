import { cpus } from 'node:os';
import type { Progress } from '../harness/progress.js';
import { measureApiClient } from './api-client.js';
import { type BenchWorker, type RoundSize, startBenchWorker, type Turn } from './measure.js';
import type { Results, Round } from './results.js';
import { measureScale } from './scale.js';
import { SCENARIOS, type Scenario } from './scenarios.js';
import type { Settings } from './settings.js';
import { measureStartUp } from './start-up.js';
import { rotated } from './statistics.js';
import type { Server, Surroundings } from './surroundings.js';
import { VARIANTS, type Variant } from './variants.js';

/** Measures all that the settings ask for, and leaves what it started to the surroundings. */
export async function runBench(
  surroundings: Surroundings,
  server: Server,
  settings: Settings,
  progress: Progress,
): Promise<Results> {
  const { rounds, refunds, concurrency, delay, smoke, parts } = settings;
  const results: Results = {
    machine: {
      cores: cpus().length,
      system: `${process.platform} ${process.arch}`,
      node: process.versions.node,
      temporal: server.version,
    },
    settings: { rounds, refunds, concurrency, delay, smoke },
    scenarios: [],
  };
  if (parts.includes('refunds')) {
    const measureAll = settings.smoke ? measureTogether : measureInTurns;
    results.scenarios = await measureAll(surroundings, server, settings, progress);
  }
  if (parts.includes('api-client')) {
    results.apiClient = await measureApiClient(surroundings, settings, progress);
  }
  if (parts.includes('start-up')) {
    results.startUp = await measureStartUp(surroundings, server, settings, progress);
  }
  if (parts.includes('scale')) {
    results.scale = await measureScale(surroundings, settings, progress);
  }
  return results;
}

// A refund of the ladders makes up to ten calls, and nobody asks how fast a ladder is.
const LADDER_SHARE = 0.25;

type Scenarios = Results['scenarios'];

/**
 * The variants take turns: what disturbs the machine for a while then disturbs all of them, and their ratios lie closer
 * together than they do. In each round the workers are fresh ones.
 */
async function measureInTurns(
  surroundings: Surroundings,
  server: Server,
  settings: Settings,
  progress: Progress,
): Promise<Scenarios> {
  const results: Scenarios = [];
  for (const scenario of scenariosOf(settings)) {
    const variants = variantsOf(settings, scenario);
    const share = scenario.isLadder ? LADDER_SHARE : 1;
    const size = { ...settings, refunds: Math.ceil(settings.refunds * share) };
    const rounds: Round[][] = [];
    for (let round = 0; round < settings.rounds; round++) {
      const say = (what: string) =>
        progress.step(`${scenario.name}: round ${round + 1} of ${settings.rounds}, ${what}`);
      rounds.push(await measureRound(surroundings, server, { variants, scenario, size, round, say }));
    }
    const measured = variants.map(({ name }, index) => ({
      variant: name,
      rounds: rounds.map((all) => all[index] as Round),
    }));
    results.push({ scenario: scenario.name, measured });
  }
  return results;
}

/** One round of each variant, in their order. */
async function measureRound(
  surroundings: Surroundings,
  server: Server,
  asked: {
    variants: readonly Variant[];
    scenario: Scenario;
    size: RoundSize;
    round: number;
    say: (what: string) => void;
  },
): Promise<Round[]> {
  const { variants, scenario, size, round, say } = asked;
  const workers: { name: string; worker: BenchWorker; turns: Turn[] }[] = [];
  for (const variant of variants) {
    say(`warming up ${variant.name}`);
    const worker = await startBenchWorker(surroundings, server, variant);
    await worker.warmUp(size);
    workers.push({ name: variant.name, worker, turns: [] });
  }
  for (const [turn, refunds] of turnsOf(size).entries()) {
    for (const { name, worker, turns } of rotated(workers, round + turn)) {
      say(`turn ${turn + 1}: ${name}`);
      turns.push(await worker.turn(scenario, refunds, size.concurrency));
    }
  }
  const rounds: Round[] = [];
  for (const { name, worker, turns } of workers) {
    say(`unhurried: ${name}`);
    rounds.push(await worker.round(scenario, turns, size));
  }
  for (const { worker } of workers) await worker.stop();
  return rounds;
}

/** How many refunds each turn of a round has: as few as keep everything busy. */
function turnsOf({ refunds, concurrency }: RoundSize): number[] {
  const turns = Math.max(1, Math.floor(refunds / (2 * concurrency)));
  return Array.from(
    { length: turns },
    (_, turn) => Math.floor(((turn + 1) * refunds) / turns) - Math.floor((turn * refunds) / turns),
  );
}

/** All variants at once, and once: quick, and no good for times. */
async function measureTogether(
  surroundings: Surroundings,
  server: Server,
  settings: Settings,
  progress: Progress,
): Promise<Scenarios> {
  const scenarios = scenariosOf(settings);
  const results: Scenarios = scenarios.map(({ name }) => ({ scenario: name, measured: [] }));
  const variants = VARIANTS.filter(({ name }) => settings.only.includes(name));
  progress.step(`${variants.map(({ name }) => name).join(' and ')}, in all scenarios`);
  const workers = await Promise.all(
    variants.map((variant) => startBenchWorker(surroundings, server, variant)),
  );
  for (const [index, scenario] of scenarios.entries()) {
    const rounds = await Promise.all(
      workers.map(async (worker) => {
        await worker.warmUp(settings);
        const turn = await worker.turn(scenario, settings.refunds, settings.concurrency);
        return worker.round(scenario, [turn], settings);
      }),
    );
    results[index]?.measured.push(
      ...variants.map(({ name }, each) => ({ variant: name, rounds: [rounds[each] as Round] })),
    );
  }
  await Promise.all(workers.map((worker) => worker.stop()));
  return results;
}

function scenariosOf({ scenarios }: Settings): Scenario[] {
  return SCENARIOS.filter(({ name }) => scenarios.includes(name));
}

function variantsOf({ only }: Settings, { isLadder }: Scenario): Variant[] {
  return VARIANTS.filter(({ name, everywhere }) => only.includes(name) && (everywhere || !isLadder));
}
