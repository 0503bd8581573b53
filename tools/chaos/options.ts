import { Command, InvalidArgumentError } from 'commander';
import { atLeastOne, count } from '../harness/numbers.js';
import { type TemporalChoice, withTemporalFlags } from '../harness/temporal.js';

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
  /** Workers whose sending the sandbox holds; they are frozen for longer than their activity may take. */
  frozen: number;
  /** Workers, at any moment. */
  worker: number;
  sandbox: number;
  /** Temporal's development server. */
  server: number;
  /** Of a cluster: one process of this service, or its PostgreSQL. */
  frontend: number;
  history: number;
  matching: number;
  database: number;
  /** The whole cluster, for five minutes. A worker is killed at that moment, so that the next one starts without Temporal. */
  away: number;
}

/** The Temporal server that a run kills. */
type KilledServer = 'dev' | 'cluster' | 'none';

/** One kill for so many refunds. */
const REFUNDS_PER_KILL: Record<KilledServer, Partial<Kills>> = {
  dev: { sending: 50, worker: 100, sandbox: 250, server: 250 },
  cluster: {
    ...{ sending: 50, frozen: 250, worker: 100, sandbox: 250, away: 1_000 },
    ...{ frontend: 150, history: 120, matching: 200, database: 200 },
  },
  none: { sending: 50, worker: 100, sandbox: 250 },
};

/** The options for so many refunds, with changes. */
export function optionsFor(
  refunds: number,
  more: Partial<ChaosOptions> = {},
  server: KilledServer = 'dev',
): ChaosOptions {
  const kills = { ...NO_KILLS };
  for (const [kind, each] of Object.entries(REFUNDS_PER_KILL[server])) {
    kills[kind as keyof Kills] = Math.max(1, Math.round(refunds / each));
  }
  return { seed: 1, refunds, concurrency: 60, faults: 0.15, hurry: false, kills, ...more };
}

/** The command line. */
interface Arguments {
  options: ChaosOptions;
  temporal: TemporalChoice;
  output: string;
  /** Another program for the workers. */
  worker?: string;
}

/** Reads the command line. */
export function readArguments(args: readonly string[]): Arguments {
  const command = withTemporalFlags(new Command('npm run chaos --'))
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
  const { refunds, seed, concurrency, faults, hurry, calm, output, worker, ...temporal } =
    command.opts<Options>();
  const more = { seed, concurrency, faults, hurry, ...(calm && { kills: NO_KILLS }) };
  const isCluster = temporal.temporal === 'cluster';
  const killed = isCluster ? 'cluster' : temporal.address === undefined ? 'dev' : 'none';
  const options = optionsFor(refunds, more, killed);
  return { options, temporal, output, ...(worker !== undefined && { worker }) };
}

interface Options
  extends Omit<ChaosOptions, 'kills'>,
    Omit<Arguments, 'options' | 'temporal'>,
    TemporalChoice {
  calm: boolean;
}

/** No process is killed. */
export const NO_KILLS: Kills = {
  ...{ sending: 0, frozen: 0, worker: 0, sandbox: 0, server: 0 },
  ...{ frontend: 0, history: 0, matching: 0, database: 0, away: 0 },
};

function share(text: string): number {
  const number = Number(text);
  if (!(number >= 0 && number <= 1)) throw new InvalidArgumentError('It must be from 0 to 1.');
  return number;
}
