// A Temporal cluster on this machine until Ctrl-C: `npm run cluster`, or `npm run cluster -- --build` to build its programs only.
import { once } from 'node:events';
import { constants } from 'node:os';
import { Command } from 'commander';
import { atLeastOne, count } from '../harness/numbers.js';
import { CannotBuildError, SERVER_VERSION, serverPrograms } from './build.js';
import { type Cluster, startCluster } from './cluster.js';
import { NoPostgresError } from './postgres-programs.js';

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
const interruption = new AbortController();
const interrupted = Promise.race(
  (['SIGINT', 'SIGTERM'] as const).map((name) => once(process, name).then(() => name)),
);
interrupted.then(() => interruption.abort());
const { signal } = interruption;

try {
  if (build) {
    await serverPrograms(say, signal);
    say(`Temporal's server ${SERVER_VERSION} is built`);
  } else {
    const options = { namespace, counts: { frontend: frontends }, onProgress: say, signal };
    await serve(await startCluster({ ...options, ...(port !== undefined && { port }) }));
  }
} catch (error) {
  if (!signal.aborted) {
    const isOurs = error instanceof CannotBuildError || error instanceof NoPostgresError;
    say(isOurs ? error.message : String((error as Error).stack));
    process.exitCode = 1;
  }
}
process.exit(signal.aborted ? 128 + constants.signals[await interrupted] : process.exitCode);

async function serve({ source, addresses, fell, stop }: Cluster): Promise<void> {
  // What runs outside this process keeps it as little alive as waiting for a signal does.
  const alive = setInterval(() => {}, 2 ** 30);
  try {
    say(source);
    for (const address of addresses) console.log(`export TEMPORAL_ADDRESS=${address}`);
    say('Ctrl-C ends it and removes its data');
    const fallen = await Promise.race([fell, interrupted.then(() => undefined)]);
    if (fallen !== undefined) throw new Error(fallen);
  } finally {
    say('Stopping');
    await stop();
    clearInterval(alive);
  }
}
