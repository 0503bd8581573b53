import { Command, InvalidArgumentError } from 'commander';
import { atLeastOne, count } from '../harness/numbers.js';

/** How cruel a run is. */
export interface Settings {
  seed: number;
  refunds: number;
  /** Refunds under way at a time. */
  concurrency: number;
  /** How many of the calls to WorldFirst, and of its notifications, meet a fault: from 0 to 1. */
  faults: number;
  kills: Kills;
  /**
   * Whether an activity whose worker was killed is given up after a second, and a settlement is inquired four times at
   * most. Otherwise it is given up after its real minute, and the settlement has its nineteen inquiries.
   */
  hurry: boolean;
}

/** How often each process is killed. */
export interface Kills {
  /** Workers whose sending WorldFirst holds, before or after its effect. */
  sending: number;
  /** Workers, at any moment. */
  worker: number;
  /** Temporal's server. */
  server: number;
  sandbox: number;
}

/** The settings for so many refunds, unless others are asked for. */
export function settingsFor(refunds: number, more: Partial<Settings> = {}): Settings {
  const oneOf = (each: number) => Math.max(1, Math.round(refunds / each));
  const kills = { sending: oneOf(50), worker: oneOf(100), server: oneOf(250), sandbox: oneOf(250) };
  return { seed: 1, refunds, concurrency: 60, faults: 0.15, hurry: false, kills, ...more };
}

/** What was asked for on the command line. */
interface Asked {
  settings: Settings;
  output: string;
  /** The program of the workers, where it is another one. */
  worker?: string;
}

/** Reads the command line. */
export function readArguments(args: readonly string[]): Asked {
  const command = new Command('npm run chaos --')
    .description(
      'Runs refunds on real processes that are killed all the time, and checks that no money moves twice.',
    )
    .option('--refunds <n>', 'how many', atLeastOne, 2_000)
    .option('--seed <n>', 'what decides who meets what', count, 1)
    .option('--concurrency <n>', 'refunds under way at a time', atLeastOne, 60)
    .option('--faults <share>', 'how many of the calls meet a fault, from 0 to 1', share, 0.15)
    .option(
      '--hurry',
      'gives activities of killed workers up after a second, and inquires settlements four times at most',
      false,
    )
    .option('--calm', 'kills nothing', false)
    .option(
      '--worker <file>',
      'another program for the workers, that calls serveWorker of tools/chaos/worker.ts',
    )
    .option('--output <folder>', 'where the report goes', 'tools/chaos/results')
    .parse(args, { from: 'user' });
  const { refunds, output, worker, calm, ...more } = command.opts<Options>();
  const settings = settingsFor(refunds, { ...more, ...(calm && { kills: NO_KILLS }) });
  return { settings, output, ...(worker !== undefined && { worker }) };
}

interface Options extends Omit<Settings, 'kills'>, Omit<Asked, 'settings'> {
  calm: boolean;
}

const NO_KILLS: Kills = { sending: 0, worker: 0, server: 0, sandbox: 0 };

function share(text: string): number {
  const number = Number(text);
  if (!(number >= 0 && number <= 1)) throw new InvalidArgumentError('It must be from 0 to 1.');
  return number;
}
