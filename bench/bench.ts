import { cpus } from 'node:os';
import type { Progress } from '../harness/progress.js';
import { measureApiClient } from './api-client.js';
import { measure, startBenchWorker } from './measure.js';
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

/** One variant after the other, in another order in each round, each with a fresh worker. */
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
    const rounds = new Map<Variant, Round[]>(variants.map((variant) => [variant, []]));
    for (let round = 0; round < settings.rounds; round++) {
      for (const variant of rotated(variants, round)) {
        progress.step(`${scenario.name}: round ${round + 1} of ${settings.rounds}, ${variant.name}`);
        rounds.get(variant)?.push(await measure(surroundings, server, variant, scenario, size));
      }
    }
    const measured = [...rounds].map(([{ name }, rounds]) => ({ variant: name, rounds }));
    results.push({ scenario: scenario.name, measured });
  }
  return results;
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
    const rounds = await Promise.all(workers.map((worker) => worker.measure(scenario, settings)));
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
