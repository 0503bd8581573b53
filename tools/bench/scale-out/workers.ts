import type { Child } from '../../harness/child.js';
import { type Caller, callerOf } from '../callers.js';
import type { BenchContext, Server } from '../context.js';
import { freshPrefix } from '../load.js';
import type { WorkerCalls } from '../worker-child.js';

/** Some workers of one task queue, each in a process of its own. */
export interface WorkerSet {
  workers: Child<WorkerCalls>[];
  taskQueue: string;
  /** An application that requests refunds of them. */
  caller: Caller;
  stop(): Promise<void>;
}

/** Starts so many workers of a task queue that no other set has. */
export async function startWorkers(
  context: BenchContext,
  { address, namespace, client }: Pick<Server, 'address' | 'namespace' | 'client'>,
  count: number,
  callsPerSecond?: number,
): Promise<WorkerSet> {
  const taskQueue = freshPrefix();
  const { env } = await context.sandbox();
  const limit = callsPerSecond === undefined ? {} : { callsPerSecond };
  const workers: Child<WorkerCalls>[] = [];
  for (let index = 0; index < count; index++) {
    const worker = await context.workerProcess();
    await worker.call('start', { address, namespace, taskQueue, env, workflow: 'ours', ...limit });
    workers.push(worker);
  }
  return {
    workers,
    taskQueue,
    caller: callerOf('ours', client, taskQueue),
    async stop() {
      await Promise.all(workers.map((worker) => worker.call('stop')));
      await Promise.all(workers.map((worker) => worker.end()));
    },
  };
}
