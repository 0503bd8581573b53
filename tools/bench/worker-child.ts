// The worker of one variant in a process of its own.
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import { createRefundWorker, readWorkerConfig } from 'worldfirst-refunds/worker';
import { WorldFirstClient } from 'worldfirst-refunds/worldfirst';
import { serve } from '../harness/child.js';
import { createPlainActivities } from './baseline/activities.js';
import { type AskedRefund, type Load, run } from './load.js';
import type { Scenario } from './scenarios.js';
import type { StartInWorker } from './variants.js';
import { type WayName, wayOf } from './ways.js';

/** What a worker is made from. */
export interface WorkerSetup {
  address: string;
  taskQueue: string;
  /** What connects it to WorldFirst. */
  env: Record<string, string>;
  workflow: 'plain' | 'ours';
  /** A bundle, or sources to bundle at the start; ours has its own when absent. */
  workflows?: { workflowBundle: { codePath: string } } | { workflowsPath: string };
  options?: Partial<WorkerOptions>;
}

Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });

let address: string;
let connection: NativeConnection;
let stop = async () => {};

const calls = {
  /** Starts the worker, and says how many milliseconds its making took. */
  async start(setup: WorkerSetup): Promise<number> {
    const { taskQueue, env, workflow, workflows, options } = setup;
    address = setup.address;
    connection = await NativeConnection.connect({ address });
    const worldfirst = new WorldFirstClient(readWorkerConfig(env).worldfirst);
    const begun = performance.now();
    const all = { connection, taskQueue, ...workflows, ...options };
    const worker =
      workflow === 'plain'
        ? await Worker.create({ ...all, activities: createPlainActivities(worldfirst) })
        : await createRefundWorker({ ...all, worldfirst });
    const took = performance.now() - begun;
    const running = worker.run();
    stop = async () => {
      worker.shutdown();
      await running;
      worldfirst.close();
      await connection.close();
    };
    return took;
  },

  /** The processor time of this process until now, in milliseconds. */
  cpu(): number {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },

  /** The memory of this process, in bytes. */
  memory(): number {
    return process.memoryUsage.rss();
  },

  /** Asks for refunds from within this process. */
  async run(
    way: WayName,
    taskQueue: string,
    scenario: Scenario,
    load: Load,
    start: StartInWorker,
  ): Promise<AskedRefund[]> {
    const own = start === 'own connection' ? await Connection.connect({ address }) : undefined;
    const client = new Client({ connection: own ?? connection });
    try {
      return await run(wayOf(way, client, taskQueue, start === 'eager'), scenario, load);
    } finally {
      await own?.close();
    }
  },

  /** Drains the worker. */
  stop: () => stop(),
};

/** What the process serves. */
export type WorkerCalls = typeof calls;

serve(calls);
