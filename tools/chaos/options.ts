import { Command, InvalidArgumentError } from 'commander';
import { atLeastOne, count } from '../harness/numbers.js';

/** How many refunds a run has, and what disturbs them. */
export interface ChaosOptions {
  seed: number;
  refunds: number;
  /** Refunds under way at a time. */
  concurrency: number;
  /** The share of calls to WorldFirst, and of its notifications, that meet a fault: from 0 to 1. */
  faults: number;
  kills: Kills;
  /**
   * Whether an activity whose worker was killed times out after a second instead of a minute, and a settlement has at
   * most four inquiries instead of nineteen.
   */
  hurry: boolean;
}

/** How often each process is killed. */
export interface Kills {
  /** Workers whose sending the sandbox holds, before or after its effect. */
  sending: number;
  /** Workers, at any moment. */
  worker: number;
  /** Temporal's server. */
  server: number;
  sandbox: number;
}

/** The options for so many refunds, with changes. */
export function optionsFor(refunds: number, more: Partial<ChaosOptions> = {}): ChaosOptions {
  const oneOf = (each: number) => Math.max(1, Math.round(refunds / each));
  const kills = { sending: oneOf(50), worker: oneOf(100), server: oneOf(250), sandbox: oneOf(250) };
  return { seed: 1, refunds, concurrency: 60, faults: 0.15, hurry: false, kills, ...more };
}

/** The command line. */
interface Arguments {
  options: ChaosOptions;
  output: string;
  /** Another program for the workers. */
  worker?: string;
}

/** Reads the command line. */
export function readArguments(args: readonly string[]): Arguments {
  const command = new Command('npm run chaos --')
    .description(
      'Runs refunds on real processes that are killed again and again, and checks that no money moves twice.',
    )
    .option('--refunds <n>', 'how many', atLeastOne, 2_000)
    .option('--seed <n>', 'the seed of refunds, faults and kills', count, 1)
    .option('--concurrency <n>', 'refunds under way at a time', atLeastOne, 60)
    .option('--faults <share>', 'the share of calls that meet a fault, from 0 to 1', share, 0.15)
    .option(
      '--hurry',
      'times out activities of killed workers after a second, and allows four inquiries of a settlement',
      false,
    )
    .option('--calm', 'kills nothing', false)
    .option(
      '--worker <file>',
      'another program for the workers, which calls serveWorker of tools/chaos/worker.ts',
    )
    .option('--output <folder>', 'where the report goes', 'tools/chaos/results')
    .parse(args, { from: 'user' });
  const { refunds, output, worker, calm, ...more } = command.opts<Options>();
  const options = optionsFor(refunds, { ...more, ...(calm && { kills: NO_KILLS }) });
  return { options, output, ...(worker !== undefined && { worker }) };
}

interface Options extends Omit<ChaosOptions, 'kills'>, Omit<Arguments, 'options'> {
  calm: boolean;
}

const NO_KILLS: Kills = { sending: 0, worker: 0, server: 0, sandbox: 0 };

function share(text: string): number {
  const number = Number(text);
  if (!(number >= 0 && number <= 1)) throw new InvalidArgumentError('It must be from 0 to 1.');
  return number;
}
