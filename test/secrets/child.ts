// Workers that log whatever they can, and print all that they hold; and command lines, each of them a line of stdin.
import { createInterface } from 'node:readline';
import { inspect } from 'node:util';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { createRefundActivities } from '../../activities/index.js';
import { runProgram } from '../../cli/program.js';
import { NO_CODE_LIMIT } from '../../testing/no-code-limit.js';
import { createRefundWorker, readWorkerConfig } from '../../worker/index.js';
import { WorldFirstClient } from '../../worldfirst/index.js';

Runtime.install({
  logger: new DefaultLogger('DEBUG'),
  telemetryOptions: { logging: { filter: { core: 'DEBUG', other: 'WARN' }, forward: {} } },
  shutdownSignals: [],
});

const everything = {
  depth: Number.POSITIVE_INFINITY,
  showHidden: true,
  getters: true,
  maxArrayLength: 10_000,
};
const environments = JSON.parse(process.env.ENVIRONMENTS ?? '[]') as Record<string, string>[];
const connection = await NativeConnection.connect({ address: process.env.TEMPORAL_ADDRESS });

const workers = await Promise.all(
  environments.map(async (env, index) => {
    const config = readWorkerConfig(env);
    const worldfirst = new WorldFirstClient(config.worldfirst);
    const activities = createRefundActivities({ ...config, worldfirst });
    const options = { ...NO_CODE_LIMIT, connection, ...config, worldfirst };
    for (const each of [config, worldfirst, activities, options]) console.log(inspect(each, everything));
    console.log(JSON.stringify({ config, worldfirst, activities }), String(config), String(worldfirst));
    const worker = await createRefundWorker(options);
    if (index === 0) console.log(inspect(worker, { ...everything, depth: 3 }));
    return { worker, worldfirst, running: worker.run() };
  }),
);
console.log('[workers ready]');

const before = { ...process.env };
let count = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const { args, env } = JSON.parse(line) as { args: string[]; env: Record<string, string> };
  process.env = { ...before, ...env };
  await runProgram(args);
  count += 1;
  process.stdout.write(`\n[call ${count} ended with ${process.exitCode}]\n`);
}

for (const { worker } of workers) worker.shutdown();
for (const { running, worldfirst } of workers) {
  await running;
  // A client that has called and may still hold a connection.
  console.log(inspect(worldfirst, everything));
  worldfirst.close();
}
await connection.close();
process.exitCode = 0;
