import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Progress } from '../../harness/progress.js';
import type { Caller } from '../callers.js';
import type { BenchContext, Server } from '../context.js';
import { processesOf } from '../cpu.js';
import { type Load, runLoad } from '../load.js';
import type { BenchOptions } from '../options.js';
import { JUST_WORKS, type Scenario, SHORT_INTERVALS_MS } from '../scenarios.js';
import { rotated } from '../statistics.js';
import { measuredTurn, perRefund } from '../turn.js';
import { type Contender, type ContenderWorker, openContenders, PEER_DATABASES } from './contenders.js';
import { type Databases, openDatabases } from './databases.js';
import type { MeasuredPeer, PeersMeasured, PeerTurn } from './results.js';

// A refund whose answer is lost waits for its first inquiry.
const WAITS: Scenario = { ...JUST_WORKS, name: 'waits', words: 'dropped-after' };
const A_DAY_MS = 86_400_000;
const LOOK_AGAIN_MS = 500;
const A_FEW = 5;
// An idle connection of PostgreSQL reports its statistics after 10 seconds.
const STATISTICS_MS = 11_000;

/** Where the contenders run. */
interface Place {
  context: BenchContext;
  server: Server;
  databases: Databases;
}

/** Measures plain, ours and the peers in turns: many refunds at a time, a few at a time, and refunds that wait. */
export async function measurePeers(
  context: BenchContext,
  server: Server,
  { rounds, refunds, concurrency, warmUp, waitingPeers, smoke }: BenchOptions,
  progress: Progress,
): Promise<PeersMeasured> {
  const databases = await openDatabases(context, server, PEER_DATABASES);
  const place = { context, server, databases };
  const contenders = await openContenders(context, server, databases);
  const [loadBefore = 0] = loadavg();
  const all = [];
  for (const contender of contenders) {
    progress.step(`warming up ${contender.name}`);
    const worker = await contender.startWorker();
    await runLoad(callerOf(contender), JUST_WORKS, { count: warmUp, concurrency });
    all.push({ contender, worker, measured: { name: contender.name, turns: [] } as MeasuredPeer });
  }
  const loads = [
    { count: refunds, concurrency },
    { count: Math.ceil(refunds / 2), concurrency: A_FEW },
  ];
  for (let round = 0; round < rounds; round++) {
    for (const load of loads) {
      for (const { contender, worker, measured } of rotated(all, round)) {
        progress.step(`round ${round + 1} of ${rounds}: ${load.concurrency} at a time, ${contender.name}`);
        measured.turns.push(await turn(place, contender, worker, load));
      }
    }
  }
  for (const { contender, measured } of smoke ? [] : all) {
    progress.step(`transactions of a refund: ${contender.name}`);
    const transactions = await transactionsOf(place, contender, { count: refunds, concurrency });
    if (transactions !== undefined) measured.transactions = transactions;
  }
  for (const { contender, worker, measured } of all) {
    progress.step(`${waitingPeers} refunds that wait: ${contender.name}`);
    const bytes = await waitingBytes(place, contender, { count: waitingPeers, concurrency });
    if (bytes !== undefined) measured.waitingBytes = bytes;
    // Not drained: DBOS would wait for the refunds.
    await worker.kill();
  }
  return { load: [loadBefore, loadavg()[0] ?? 0], peers: all.map(({ measured }) => measured) };
}

async function turn(
  { server, databases }: Place,
  contender: Contender,
  worker: ContenderWorker,
  load: Load,
): Promise<PeerTurn> {
  const database = databases.pid === undefined ? [] : [databases.pid];
  const { servers } = processesOf(server);
  const processes = { workers: [worker], database, ...(contender.usesTemporal && { servers }) };
  const measured = await measuredTurn(processes, callerOf(contender), JUST_WORKS, load);
  return { concurrency: load.concurrency, ...perRefund([measured]) };
}

/** Transactions in PostgreSQL per refund, without those of idle workers; undefined where its data is elsewhere. */
async function transactionsOf(
  { databases }: Place,
  contender: Contender,
  load: Load,
): Promise<number | undefined> {
  const { databases: names } = contender;
  if (names.length === 0) return undefined;
  const now = async () => ({ at: performance.now(), count: await databases.transactions(names) });
  await sleep(STATISTICS_MS);
  const before = await now();
  await runLoad(callerOf(contender), JUST_WORKS, load);
  await sleep(STATISTICS_MS);
  const after = await now();
  await sleep(STATISTICS_MS);
  const idle = await now();
  const perMs = (idle.count - after.count) / (idle.at - after.at);
  return (after.count - before.count - perMs * (after.at - before.at)) / load.count;
}

/** Bytes in PostgreSQL per refund that waits; undefined where its data is elsewhere. */
async function waitingBytes(
  { context, databases }: Place,
  { application, databases: names }: Contender,
  { count, concurrency }: Load,
): Promise<number | undefined> {
  if (names.length === 0) return undefined;
  const { child } = await context.sandbox();
  const before = { bytes: await databases.bytes(names), sent: await child.call('sent') };
  const caller: Caller = {
    workflowIdOf: (refundRequestId) => refundRequestId,
    request: (refund) => application.start(refund, [A_DAY_MS]),
  };
  await runLoad(caller, WAITS, { count, concurrency });
  while ((await child.call('sent')) - before.sent < count) await sleep(LOOK_AGAIN_MS);
  // Until the last one is written down as well.
  await sleep(4 * LOOK_AGAIN_MS);
  return ((await databases.bytes(names)) - before.bytes) / count;
}

function callerOf({ application }: Contender): Caller {
  return {
    workflowIdOf: (refundRequestId) => refundRequestId,
    async request(refund) {
      await application.start(refund, SHORT_INTERVALS_MS);
      return application.result(refund.refundRequestId);
    },
  };
}
