// A Temporal cluster on this machine until Ctrl-C: `npm run cluster`, or `npm run cluster -- --build` to build its programs only.
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { stopSignal } from '../../cli/stop-signal.js';
import { exitCodeOf } from '../harness/interrupted.js';
import { atLeastOne, count } from '../harness/numbers.js';
import { CannotBuildError, SERVER_VERSION, serverPrograms } from './build.js';
import { type Cluster, startCluster } from './cluster.js';
import { NoPostgresError } from './postgres-programs.js';
import type { ClusterProcess } from './process.js';

interface Options {
  build: boolean;
  port?: number;
  frontends: number;
  namespace: string;
}

const { build, port, frontends, namespace } = new Command('npm run cluster --')
  .description(
    "Runs Temporal's server as processes of their own, on a PostgreSQL of its own, until Ctrl-C. The first run builds it with Go.",
  )
  .option('--build', 'builds it, and starts nothing', false)
  .option('--port <n>', 'the port of the first frontend; any free one when absent', count)
  .option('--frontends <n>', 'how many frontends', atLeastOne, 1)
  .option('--namespace <name>', 'the namespace for refunds', 'default')
  .parse()
  .opts<Options>();

const say = (line: string) => console.error(line);
const interrupted = stopSignal();
const fallen = new AbortController();
const signal = AbortSignal.any([interrupted, fallen.signal]);

try {
  if (build) {
    await serverPrograms(say, signal);
    say(`Temporal's server ${SERVER_VERSION} is built`);
  } else {
    const options = { namespace, counts: { frontend: frontends }, onProgress: say, onFall, signal };
    await serve(await startCluster({ ...options, ...(port !== undefined && { port }) }));
  }
} catch (error) {
  if (!interrupted.aborted) {
    const isOurs = error instanceof CannotBuildError || error instanceof NoPostgresError;
    say(isOurs ? error.message : String((error as Error).stack));
    process.exitCode = 1;
  }
}
process.exit(exitCodeOf(interrupted) ?? process.exitCode);

async function serve({ source, addresses, stop }: Cluster): Promise<void> {
  say(source);
  for (const address of addresses) console.log(`export TEMPORAL_ADDRESS=${address}`);
  say('Ctrl-C ends it and removes its data');
  // It keeps this process alive: neither the servers nor waiting for a signal do.
  await sleep(2 ** 31 - 1, undefined, { signal }).catch(() => {});
  say('Stopping');
  await stop();
}

function onFall({ name }: ClusterProcess, lastLines: string): void {
  say(`${name} ended by itself. Its last lines:\n${lastLines}`);
  process.exitCode = 1;
  fallen.abort();
}
