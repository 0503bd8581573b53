// The worker of one variant in a process of its own.
import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import { createRefundWorker } from 'worldfirst-refunds/worker';
import { serve } from '../harness/child.js';
import { usage } from './usage.js';
import type { Variant } from './variants.js';
import { createWorldFirstCalls, worldFirstClientOf } from './worldfirst-calls.js';

/** What a worker is made from. */
interface WorkerSetup {
  address: string;
  namespace: string;
  taskQueue: string;
  /** What connects it to WorldFirst. */
  env: Record<string, string>;
  workflow: Variant['workflow'];
  /** The limit of all workers; none when absent. */
  callsPerSecond?: number;
  /** More options of the worker. */
  options?: Partial<WorkerOptions>;
}

Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });

let stop = async () => {};

const calls = {
  ...usage,

  /** Starts the worker. */
  async start({
    address,
    namespace,
    taskQueue,
    env,
    workflow,
    callsPerSecond,
    options,
  }: WorkerSetup): Promise<void> {
    const connection = await NativeConnection.connect({ address });
    const worldfirst = worldFirstClientOf(env);
    const all = { connection, namespace, taskQueue, ...options };
    const worker =
      workflow === 'plain'
        ? await Worker.create({ ...all, activities: createWorldFirstCalls(worldfirst) })
        : await createRefundWorker({ ...all, worldfirst, callsPerSecond });
    const running = worker.run();
    stop = async () => {
      worker.shutdown();
      await running;
      worldfirst.close();
      await connection.close();
    };
  },

  /** Drains the worker. */
  stop: () => stop(),
};

/** What the process serves. */
export type WorkerCalls = typeof calls;

serve(calls);
