import { setTimeout as sleep } from 'node:timers/promises';
import { RefundClient } from 'worldfirst-refunds';
import type { Child } from '../harness/child.js';
import type { Progress } from '../harness/progress.js';
import { run } from './load.js';
import { freshPrefix } from './measure.js';
import { memoryOf } from './processes.js';
import type { ScaleLevel } from './results.js';
import { JUST_WORKS } from './scenarios.js';
import type { Settings } from './settings.js';
import type { SandboxProcess, Server, Surroundings } from './surroundings.js';
import { wayOf } from './ways.js';
import type { WorkerCalls } from './worker-child.js';

/** One worker of a server, and what is needed to give it work. */
interface Place {
  server: Server;
  taskQueue: string;
  sandbox: SandboxProcess;
  worker: Child<WorkerCalls>;
}

// So small that nearly every refund that waits has left it.
const WORKER = { maxCachedWorkflows: 100 };
const WAITING_WORDS = 'dropped-after-inquire-UNKNOWN_EXCEPTION';
// The first one would be over before all of them wait, and inquiries would be measured in place of waiting.
const LONG_INTERVALS = ['24h'];

/** Measures what refunds cost that wait: one worker and its server with more and more of them, beside an empty pair. */
export async function measureScale(
  surroundings: Surroundings,
  settings: Settings,
  progress: Progress,
): Promise<ScaleLevel[]> {
  const full = await openPlace(surroundings);
  const empty = await openPlace(surroundings);
  await newRefunds(full, settings.warmUp, settings.concurrency);
  await newRefunds(empty, settings.warmUp, settings.concurrency);
  const levels: ScaleLevel[] = [];
  let waiting = 0;
  let memory = 0;
  for (const level of settings.waiting) {
    // Only what filling adds counts: the new refunds beside them stay in the server's memory too.
    const before = memoryOf(full.server.pid);
    await fill(full, waiting, level, settings.concurrency, progress);
    waiting = level;
    memory += (memoryOf(full.server.pid) ?? 0) - (before ?? 0);
    const workerMemory = await full.worker.ask('memory');
    progress.step(`a fresh worker on ${level} refunds that wait`);
    const startUp = await startAgain(surroundings, full);
    await newRefunds(full, settings.warmUp, settings.concurrency);
    const [beside, alone]: [number[], number[]] = [[], []];
    for (let round = 0; round < settings.rounds; round++) {
      progress.step(`new refunds beside ${level} that wait: round ${round + 1} of ${settings.rounds}`);
      const measureFull = async () =>
        beside.push(await newRefunds(full, settings.refunds, settings.concurrency));
      const measureEmpty = async () =>
        alone.push(await newRefunds(empty, settings.refunds, settings.concurrency));
      for (const measure of round % 2 === 0 ? [measureFull, measureEmpty] : [measureEmpty, measureFull]) {
        await measure();
      }
    }
    levels.push({
      waiting,
      ...(before !== undefined && { serverMemory: memory / waiting }),
      workerMemory,
      startUp,
      beside,
      empty: alone,
    });
  }
  for (const { worker } of [full, empty]) {
    await worker.ask('stop');
    await worker.end();
  }
  return levels;
}

async function openPlace(surroundings: Surroundings): Promise<Place> {
  const server = await surroundings.server();
  const sandbox = await surroundings.sandbox();
  const taskQueue = freshPrefix();
  const worker = await startWorker(surroundings, { server, sandbox, taskQueue });
  return { server, taskQueue, sandbox, worker };
}

async function startWorker(
  surroundings: Surroundings,
  { server, sandbox, taskQueue }: Omit<Place, 'worker'>,
): Promise<Child<WorkerCalls>> {
  const worker = await surroundings.workerProcess();
  const { address } = server;
  await worker.ask('start', { address, taskQueue, env: sandbox.env, workflow: 'ours', options: WORKER });
  return worker;
}

/** Starts refunds until so many wait. */
async function fill(
  { server: { client }, taskQueue, sandbox }: Place,
  from: number,
  to: number,
  concurrency: number,
  progress: Progress,
): Promise<void> {
  const refunds = new RefundClient(client, { taskQueue, defaults: { inquiryIntervals: LONG_INTERVALS } });
  const prefix = freshPrefix();
  const before = await sandbox.child.ask('asked');
  let next = from;
  const startOnAndOn = async () => {
    while (next < to) {
      next += 1;
      if (next % 100 === 0) progress.step(`${next} of ${to} refunds that are to wait have been started`);
      const refundRequestId = `${prefix}f${next}`;
      const tradeId = `t-${refundRequestId}-${WAITING_WORDS}`;
      await refunds.start({ product: 'worldtrade', refundRequestId, tradeId }, { allowAnother: true });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, startOnAndOn));
  for (;;) {
    // Each of them waits as soon as its answer is lost.
    const waiting = from + (await sandbox.child.ask('asked')) - before;
    progress.step(`${waiting} of ${to} refunds wait`);
    await sleep(LOOK_AGAIN_MS);
    if (waiting >= to) return;
  }
}

const LOOK_AGAIN_MS = 1_000;

/** Replaces the worker by one in a fresh process; milliseconds until that one has answered a new refund. */
async function startAgain(surroundings: Surroundings, place: Place): Promise<number> {
  await place.worker.ask('stop');
  await place.worker.end();
  const begun = performance.now();
  place.worker = await startWorker(surroundings, place);
  const refunds = new RefundClient(place.server.client, { taskQueue: place.taskQueue });
  const refundRequestId = freshPrefix();
  const request = { product: 'worldtrade' as const, refundRequestId, tradeId: `t-${refundRequestId}` };
  await refunds.startAndWait(request, { until: 'answer', allowAnother: true, timeout: 120_000 });
  return performance.now() - begun;
}

/** Refunds that just work, per second. */
async function newRefunds(
  { server: { client }, taskQueue }: Place,
  count: number,
  concurrency: number,
): Promise<number> {
  const way = wayOf('start, allowing another', client, taskQueue);
  const begun = performance.now();
  await run(way, JUST_WORKS, { count, concurrency, prefix: freshPrefix() });
  return count / ((performance.now() - begun) / 1000);
}
