import { setTimeout as sleep } from 'node:timers/promises';
import { RefundClient } from 'worldfirst-refunds';
import type { Child } from '../harness/child.js';
import type { Progress } from '../harness/progress.js';
import { callerOf } from './callers.js';
import { openDatabases } from './comparison/databases.js';
import type { BenchContext, SandboxProcess, Server } from './context.js';
import { freshPrefix, type Load, runLoad } from './load.js';
import type { BenchOptions } from './options.js';
import { memoryOf } from './processes.js';
import type { ScaleLevel } from './results.js';
import { JUST_WORKS, NEVER_KNOWN } from './scenarios.js';
import type { WorkerCalls } from './worker-child.js';

/** A server with one worker and one sandbox of its own. */
interface Place {
  server: Server;
  taskQueue: string;
  sandbox: SandboxProcess;
  worker: Child<WorkerCalls>;
}

// So small that nearly every waiting refund has left the worker's memory.
const WORKER = { maxCachedWorkflows: 100 };
// With a shorter wait the first inquiries would come due while the last refunds are being started.
const LONG_INTERVALS = ['24h'] as const;
const LOOK_AGAIN_MS = 1_000;
// Tasks that are done leave the database every 30 s (history.transferProcessorUpdateAckInterval), give or take 15 %.
const TASKS_ARE_DELETED_MS = 40_000;

/** Measures what waiting refunds cost: a worker and its server with more and more of them, beside an empty pair. */
export async function measureScale(
  context: BenchContext,
  server: Server,
  { waiting: levels, rounds, refunds, concurrency, warmUp }: BenchOptions,
  progress: Progress,
): Promise<ScaleLevel[]> {
  // A development server is started in a second; a third cluster would take the machine's time from the two that are measured.
  const full = await openPlace(context, server.cluster ? server : await context.server());
  const empty = await openPlace(context, await context.server());
  const bytesNow = await databaseOf(context, full.server);
  const warmUpLoad = { count: warmUp, concurrency };
  const load = { count: refunds, concurrency };
  for (const place of [full, empty]) await newRefunds(place, warmUpLoad);
  const measured: ScaleLevel[] = [];
  let filled = 0;
  let memory = 0;
  let bytes = 0;
  for (const waiting of levels) {
    // Only what filling adds counts: the new refunds of the rounds stay in the server's memory too.
    const before = { memory: memoryOf(full.server.pids()), bytes: await bytesNow() };
    await fill(full, { from: filled, to: waiting, concurrency }, progress);
    filled = waiting;
    memory += memoryOf(full.server.pids()) - before.memory;
    progress.step(`what ${waiting} waiting refunds take in the database`);
    bytes += (await bytesNow()) - before.bytes;
    const workerMemory = await full.worker.call('memory');
    progress.step(`a fresh worker on ${waiting} waiting refunds`);
    const startUp = await replaceWorker(context, full);
    await newRefunds(full, warmUpLoad);
    const speeds = { beside: [] as number[], empty: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      progress.step(`new refunds beside ${waiting} waiting ones: round ${round + 1} of ${rounds}`);
      const order = round % 2 === 0 ? (['beside', 'empty'] as const) : (['empty', 'beside'] as const);
      for (const which of order) {
        speeds[which].push(await newRefunds(which === 'beside' ? full : empty, load));
      }
    }
    const each = {
      ...(!Number.isNaN(memory) && { serverMemory: memory / waiting }),
      ...(!Number.isNaN(bytes) && { databaseBytes: bytes / waiting }),
    };
    measured.push({ waiting, ...each, workerMemory, startUp, ...speeds });
  }
  for (const { worker } of [full, empty]) {
    await worker.call('stop');
    await worker.end();
  }
  return measured;
}

async function openPlace(context: BenchContext, server: Server): Promise<Place> {
  const sandbox = await context.sandbox();
  const taskQueue = freshPrefix();
  const worker = await startWorker(context, { server, sandbox, taskQueue });
  return { server, taskQueue, sandbox, worker };
}

/** What Temporal's data takes in PostgreSQL, in bytes; NaN where it is elsewhere. */
async function databaseOf(context: BenchContext, server: Server): Promise<() => Promise<number>> {
  if (!server.cluster) return async () => Number.NaN;
  const databases = await openDatabases(context, server, []);
  return async () => {
    await sleep(TASKS_ARE_DELETED_MS);
    return databases.bytes(databases.ofTemporal);
  };
}

async function startWorker(
  context: BenchContext,
  { server: { address, namespace }, sandbox: { env }, taskQueue }: Omit<Place, 'worker'>,
): Promise<Child<WorkerCalls>> {
  const worker = await context.workerProcess();
  await worker.call('start', { address, namespace, taskQueue, env, workflow: 'ours', options: WORKER });
  return worker;
}

/** Starts refunds until so many wait. */
async function fill(
  { server: { client }, taskQueue, sandbox }: Place,
  { from, to, concurrency }: { from: number; to: number; concurrency: number },
  progress: Progress,
): Promise<void> {
  const refunds = new RefundClient(client, { taskQueue, defaults: { inquiryIntervals: LONG_INTERVALS } });
  const prefix = freshPrefix();
  const before = await sandbox.child.call('sent');
  let next = from;
  const keepStarting = async () => {
    while (next < to) {
      next += 1;
      if (next % 100 === 0) progress.step(`${next} of ${to} refunds that will wait have been started`);
      const refundRequestId = `${prefix}${next}`;
      const tradeId = `t-${refundRequestId}-${NEVER_KNOWN.words}`;
      await refunds.start({ product: 'worldtrade', refundRequestId, tradeId }, { allowAnother: true });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, keepStarting));
  for (;;) {
    // A refund waits as soon as its answer is lost.
    const waiting = from + (await sandbox.child.call('sent')) - before;
    progress.step(`${waiting} of ${to} refunds wait`);
    await sleep(LOOK_AGAIN_MS);
    if (waiting >= to) return;
  }
}

/** Replaces the worker by one in a fresh process; milliseconds until the new one has handled a new refund. */
async function replaceWorker(context: BenchContext, place: Place): Promise<number> {
  await place.worker.call('stop');
  await place.worker.end();
  const begun = performance.now();
  place.worker = await startWorker(context, place);
  const refunds = new RefundClient(place.server.client, { taskQueue: place.taskQueue });
  const refundRequestId = freshPrefix();
  const request = { product: 'worldtrade' as const, refundRequestId, tradeId: `t-${refundRequestId}` };
  await refunds.startAndWait(request, { until: 'answer', allowAnother: true, timeout: 120_000 });
  return performance.now() - begun;
}

/** Refunds that just work, per second. */
async function newRefunds({ server: { client }, taskQueue }: Place, load: Load): Promise<number> {
  // The look for another refund of the same order would measure the server's list.
  const caller = callerOf('ours', client, taskQueue, { allowAnother: true });
  const begun = performance.now();
  await runLoad(caller, JUST_WORKS, load);
  return load.count / ((performance.now() - begun) / 1000);
}
