import { Command, InvalidArgumentError, Option } from 'commander';
import { atLeastOne, count } from '../harness/numbers.js';
import { type TemporalChoice, withTemporalFlags } from '../harness/temporal.js';
import { VARIANTS } from './variants.js';

/** What one run measures, and how much of it. */
export interface BenchOptions {
  rounds: number;
  /** Refunds of each variant in a round. */
  refunds: number;
  concurrency: number;
  /** Refunds before each round, so that no compiler is at work during the measurement. */
  warmUp: number;
  /** Calls of the API client in each of its rounds. */
  calls: number;
  /** Replays of each variant in a turn. */
  replays: number;
  replayTurns: number;
  /** How many refunds wait in each measurement of the scale. */
  waiting: readonly number[];
  /** How many refunds of each peer wait, when the bytes of one are measured. */
  waitingPeers: number;
  /** Names of variants. */
  variants: readonly string[];
  parts: readonly Part[];
  /** Too few of everything to say anything about times. */
  smoke: boolean;
}

type Part = (typeof PARTS)[number];

const PARTS = ['refunds', 'replay', 'api-client', 'scale', 'workers', 'peers', 'peers-faults'] as const;
// More workers say something on a cluster only, and the peers have dependencies of their own.
const USUAL: readonly Part[] = ['refunds', 'replay', 'api-client', 'scale'];
const RESULTS = 'tools/bench/results';

/** The options of a run that takes some seconds and judges counts only. */
export const SMOKE: BenchOptions = {
  rounds: 1,
  refunds: 2,
  concurrency: 2,
  warmUp: 1,
  calls: 10,
  replays: 2,
  replayTurns: 1,
  waiting: [],
  waitingPeers: 2,
  variants: ['plain', 'ours'],
  parts: ['refunds', 'replay', 'api-client'],
  smoke: true,
};

/** The command line. */
interface Arguments {
  options: BenchOptions;
  temporal: TemporalChoice;
  output: string;
}

/** Reads the command line. */
export function readArguments(args: readonly string[]): Arguments {
  const command = withTemporalFlags(new Command('npm run bench --'))
    .description('Measures refunds against a plain Temporal workflow, on this machine.')
    .option('--rounds <n>', 'how often each variant is measured', atLeastOne, 5)
    .option('--refunds <n>', 'refunds of each variant in a round', atLeastOne, 400)
    .option('--concurrency <n>', 'refunds at a time', atLeastOne, 50)
    .option('--waiting <numbers>', 'how many refunds wait, for the scale', counts, [100, 1_000, 10_000])
    .addOption(new Option('--parts <names...>', 'only these parts').choices(PARTS).default(USUAL))
    .option('--smoke', 'some seconds: plain and ours, counts only', false)
    .option('--output <folder>', `where the reports go (default: "${RESULTS}")`)
    .parse(args, { from: 'user' });
  const { rounds, refunds, concurrency, waiting, parts, smoke, output, ...temporal } =
    command.opts<Options>();
  // A report of some seconds must not replace one of an hour.
  if (smoke) return { options: SMOKE, temporal, output: output ?? `${RESULTS}/smoke` };
  const variants = VARIANTS.map(({ name }) => name);
  const given = { rounds, refunds, concurrency, waiting, parts, smoke };
  return {
    options: { ...given, warmUp: 150, calls: 500, replays: 50, replayTurns: 20, waitingPeers: 300, variants },
    temporal,
    output: output ?? RESULTS,
  };
}

interface Options
  extends Omit<BenchOptions, 'warmUp' | 'calls' | 'replays' | 'replayTurns' | 'waitingPeers' | 'variants'>,
    TemporalChoice {
  output?: string;
}

function counts(text: string): number[] {
  const numbers = text.split(',').map(count);
  if (numbers.includes(0)) throw new InvalidArgumentError('Each must be at least 1.');
  return numbers;
}
