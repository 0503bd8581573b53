import { setMaxListeners } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Progress } from '../harness/progress.js';
import { type Violation, violationsOf } from './checks.js';
import { type Books, booksOf, type Ended, type Evidence, gather } from './evidence.js';
import { Killer, plannedKills } from './killer.js';
import { People } from './life.js';
import { openReceiver } from './receiver.js';
import { type ChaosRefund, chaosRefunds } from './refunds.js';
import type { HeldSending } from './sandbox-child.js';
import type { Kills, Settings } from './settings.js';
import { Stage } from './stage.js';

/** What a run came to. */
export interface Results {
  settings: Settings;
  evidence: Evidence[];
  books: Books;
  violations: Violation[];
  kills: Kills;
  /** Workers and sandboxes that ended without having been killed, and were started again. */
  fell: number;
  people: People['counts'];
  seconds: number;
}

/** What is not the same in every run. */
export interface Surroundings {
  progress: Progress;
  /** The program of the workers; what is shipped, when absent. */
  worker?: URL;
  /** Ends the run. */
  signal?: AbortSignal;
}

/** Nothing came to rest for so long: something hangs. */
const HANGS_AFTER_MS = 240_000;

/** Runs refunds while everything is killed, and checks what came of it. Nothing is left running. */
export async function runChaos(settings: Settings, surroundings: Surroundings): Promise<Results> {
  const begun = performance.now();
  const { progress, worker = new URL('worker-child.ts', import.meta.url) } = surroundings;
  const refunds = chaosRefunds(settings);
  const folder = await mkdtemp(path.join(tmpdir(), 'refund-chaos-'));
  const receiver = await openReceiver();
  const held = refunds.flatMap(heldSending);
  const options = { ...settings, folder, worker, held, notifyUrl: receiver.url };
  let stage: Stage | undefined;
  try {
    stage = await Stage.open(options, (line) => progress.say(line));
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, ...(surroundings.signal ? [surroundings.signal] : [])]);
    // Every wait of every refund listens.
    setMaxListeners(0, signal);
    const people = new People(stage, settings, signal);
    const killer = new Killer(stage, signal);
    receiver.open(people.refunds, stage.env);
    const ended = await live(refunds, settings, { people, killer, progress, over, signal });
    surroundings.signal?.throwIfAborted();
    progress.step('checking: books, histories, replay');
    const books = await booksOf(stage);
    const evidence = await gather(stage, people.refunds, books, ended);
    return {
      settings,
      evidence,
      books,
      violations: violationsOf(evidence, books, settings.refunds),
      kills: killer.counts,
      fell: [stage.sandbox, ...stage.workers].reduce((sum, { fell }) => sum + fell, 0),
      people: people.counts,
      seconds: (performance.now() - begun) / 1000,
    };
  } finally {
    await stage?.close();
    await receiver.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Lives {
  people: People;
  killer: Killer;
  progress: Progress;
  over: AbortController;
  signal: AbortSignal;
}

/** Starts the refunds one after the other, so many at a time, and kills what is planned in between. */
async function live(
  refunds: readonly ChaosRefund[],
  settings: Settings,
  { people, killer, progress, over, signal }: Lives,
): Promise<Ended[]> {
  const kills = plannedKills(settings);
  const ended: Ended[] = [];
  const underWay = new Map<string, Promise<void>>();
  let rested = performance.now();
  const hangs = setInterval(() => {
    if (performance.now() - rested > HANGS_AFTER_MS) over.abort();
    progress.step(progressOf(ended, refunds.length, underWay.size, killer));
  }, progressEvery());
  const background = [killer.killSenders(), ...(settings.hurry ? [killer.hurry(() => underWay.keys())] : [])];
  for (const [index, refund] of refunds.entries()) {
    if (signal.aborted) break;
    while (underWay.size >= settings.concurrency) await Promise.race(underWay.values());
    while (kills[0]?.before === index) killer.kill(kills.shift() as (typeof kills)[number]);
    const id = refund.request.refundRequestId;
    underWay.set(
      id,
      lifeOf(refund, people).then((end) => {
        ended.push(end);
        underWay.delete(id);
        rested = performance.now();
      }),
    );
  }
  await Promise.all(underWay.values());
  await killer.done();
  // A notification may have come after the last look.
  for (const each of ended) await lookAgain(each, people, signal);
  clearInterval(hangs);
  over.abort();
  await Promise.all(background);
  return ended;
}

async function lifeOf(refund: ChaosRefund, people: People): Promise<Ended> {
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  try {
    const view = await people.accompany(refund);
    return { refund, view, seconds: seconds() };
  } catch (error) {
    return { refund, problem: inWords(error), seconds: seconds() };
  }
}

function inWords(error: unknown): string {
  const { cause } = error as Error;
  return [error, ...(cause === undefined ? [] : [cause])].map(String).join(': ');
}

async function lookAgain(each: Ended, people: People, signal: AbortSignal): Promise<void> {
  if (!each.view || each.view.outcome || signal.aborted) return;
  try {
    each.view = await people.show(each.refund.request.refundRequestId);
  } catch (error) {
    each.problem = inWords(error);
    delete each.view;
  }
}

function heldSending({ request, held }: ChaosRefund): HeldSending[] {
  if (!held) return [];
  const api = request.product === 'worldtrade' ? 'applyRefund' : 'refund';
  return [{ api, id: request.refundRequestId, phase: held }];
}

function progressEvery(): number {
  return process.stdout.isTTY ? 250 : 5_000;
}

function progressOf(ended: readonly Ended[], all: number, underWay: number, { counts }: Killer): string {
  const kills = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return `${ended.length} of ${all} at rest, ${underWay} under way, ${kills} processes killed`;
}
