import { Command, InvalidArgumentError, Option } from 'commander';
import { count } from '../harness/numbers.js';
import { SCENARIOS } from './scenarios.js';
import { VARIANTS } from './variants.js';

/** What one run measures, and how much of it. */
export interface Settings {
  rounds: number;
  refunds: number;
  concurrency: number;
  /** Too little of everything to say anything about times. */
  smoke: boolean;
  /** Before each round. */
  warmUp: number;
  /** How long each answer of WorldFirst's takes, in milliseconds. */
  delay: number;
  /** Names of variants. */
  only: readonly string[];
  /** Names of scenarios. */
  scenarios: readonly string[];
  parts: readonly Part[];
  /** How many refunds wait in each measurement of the scale. */
  waiting: readonly number[];
  /** Calls of the API client in each of its rounds. */
  calls: number;
}

/** What a run consists of. */
type Part = (typeof PARTS)[number];

/** All parts, in their order. */
const PARTS = ['refunds', 'api-client', 'start-up', 'scale'] as const;

/** The settings of a run that takes a few seconds, and says the truth about counts only. */
export const SMOKE: Settings = {
  smoke: true,
  rounds: 1,
  refunds: 2,
  concurrency: 2,
  warmUp: 1,
  delay: 0,
  only: ['plain', 'ours'],
  scenarios: SCENARIOS.map(({ name }) => name),
  parts: ['refunds', 'api-client'],
  waiting: [],
  calls: 10,
};

/** What was asked for on the command line. */
interface Asked {
  settings: Settings;
  output: string;
}

/** Reads the command line. */
export function readArguments(args: readonly string[]): Asked {
  const command = new Command('npm run bench --')
    .description(
      'Measures refunds against a workflow written by hand. Everything is real, and on this machine.',
    )
    .option('--rounds <n>', 'how often each variant is measured', count, 5)
    .option('--refunds <n>', 'refunds of each round', count, 400)
    .option('--concurrency <n>', 'refunds at a time', count, 50)
    .option('--warm-up <n>', 'refunds before each round', count, 150)
    .option('--delay <ms>', "how long each answer of WorldFirst's takes", count, 0)
    .option('--only <names...>', 'these variants only; plain is always among them', oneOf(names(VARIANTS)))
    .option('--scenarios <names...>', 'these scenarios only', oneOf(names(SCENARIOS)))
    .option('--smoke', 'a few seconds: plain and ours, counts only', false)
    .option('--scale', 'only the refunds that wait', false)
    .addOption(new Option('--parts <names...>', 'these parts only').choices(PARTS))
    .option('--waiting <numbers>', 'how many refunds wait, for the scale', counts, [100, 1_000, 10_000])
    .option('--output <folder>', 'where the reports go; tools/bench/results when absent')
    .parse(args, { from: 'user' });
  const { smoke, scale, output, parts, only, scenarios, ...numbers } = command.opts<Options>();
  const settings: Settings = {
    ...numbers,
    smoke,
    calls: 500,
    only: only ? [...new Set(['plain', ...only])] : names(VARIANTS),
    scenarios: scenarios ?? names(SCENARIOS),
    parts: scale ? ['scale'] : (parts ?? PARTS),
  };
  // The report of a full run took too long to be replaced by one of a few seconds.
  const folder = smoke ? 'tools/bench/results/smoke' : 'tools/bench/results';
  return { settings: smoke ? SMOKE : settings, output: output ?? folder };
}

interface Options
  extends Pick<Settings, 'rounds' | 'refunds' | 'concurrency' | 'warmUp' | 'delay' | 'waiting'> {
  smoke: boolean;
  scale: boolean;
  output?: string;
  parts?: Part[];
  only?: string[];
  scenarios?: string[];
}

function names(rows: readonly { name: string }[]): string[] {
  return rows.map(({ name }) => name);
}

function counts(text: string): number[] {
  return text.split(',').map(count);
}

function oneOf(known: readonly string[]) {
  return (text: string, before: string[] = []): string[] => {
    if (!known.includes(text)) {
      throw new InvalidArgumentError(`Choose among: ${known.map((name) => `"${name}"`).join(', ')}.`);
    }
    return [...before, text];
  };
}
