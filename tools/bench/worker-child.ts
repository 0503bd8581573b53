// The worker of one variant in a process of its own.
import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import { createRefundWorker, readWorkerConfig } from 'worldfirst-refunds/worker';
import { WorldFirstClient } from 'worldfirst-refunds/worldfirst';
import { serve } from '../harness/child.js';
import { createPlainActivities } from './baseline/activities.js';
import type { Variant } from './variants.js';

/** What a worker is made from. */
interface WorkerSetup {
  address: string;
  namespace: string;
  taskQueue: string;
  /** What connects it to WorldFirst. */
  env: Record<string, string>;
  workflow: Variant['workflow'];
  /** More options of the worker. */
  options?: Partial<WorkerOptions>;
}

Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });

let stop = async () => {};

const calls = {
  /** Starts the worker. */
  async start({ address, namespace, taskQueue, env, workflow, options }: WorkerSetup): Promise<void> {
    const connection = await NativeConnection.connect({ address });
    const worldfirst = new WorldFirstClient(readWorkerConfig(env).worldfirst);
    const all = { connection, namespace, taskQueue, ...options };
    const worker =
      workflow === 'plain'
        ? await Worker.create({ ...all, activities: createPlainActivities(worldfirst) })
        : await createRefundWorker({ ...all, worldfirst });
    const running = worker.run();
    stop = async () => {
      worker.shutdown();
      await running;
      worldfirst.close();
      await connection.close();
    };
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

  /** Drains the worker. */
  stop: () => stop(),
};

/** What the process serves. */
export type WorkerCalls = typeof calls;

serve(calls);
