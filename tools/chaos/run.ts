import { setMaxListeners } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Progress } from '../harness/progress.js';
import type { TemporalChoice } from '../harness/temporal.js';
import { type Violation, violationsOf } from './checks.js';
import { type Ended, type Evidence, gather, type JournalRecord, readJournal } from './evidence.js';
import { Killer, plannedKills } from './killer.js';
import { Operators } from './operators.js';
import type { ChaosOptions, Kills } from './options.js';
import { openReceiver } from './receiver.js';
import { type ChaosRefund, chaosRefunds } from './refunds.js';
import type { HeldSending } from './sandbox-child.js';
import { Stage } from './stage.js';

/** The results of a run. */
export interface Results {
  options: ChaosOptions;
  evidence: Evidence[];
  journal: JournalRecord;
  violations: Violation[];
  kills: Kills;
  /** Workers and sandboxes that ended without being killed, and were started again. */
  crashes: number;
  operators: Operators['counts'];
  seconds: number;
}

/** What a run needs besides its options. */
export interface RunContext {
  progress: Progress;
  temporal: TemporalChoice;
  /** The program of the workers; the package's own when absent. */
  worker?: URL;
  /** Ends the run. */
  signal?: AbortSignal;
}

/** When no refund has become idle for so long, something hangs. In some runs Temporal is down for 300 s. */
const HANGS_AFTER_MS = 540_000;

/** Runs refunds while processes are killed, and checks the results. Nothing is left running. */
export async function runChaos(options: ChaosOptions, context: RunContext): Promise<Results> {
  const begun = performance.now();
  const { progress, temporal, worker = new URL('worker-child.ts', import.meta.url) } = context;
  const refunds = chaosRefunds(options);
  const folder = await mkdtemp(path.join(tmpdir(), 'refund-chaos-'));
  const receiver = await openReceiver();
  const held = refunds.flatMap(heldSending);
  const stageOptions = { ...options, temporal, folder, worker, held, notifyUrl: receiver.url };
  let stage: Stage | undefined;
  try {
    stage = await Stage.open(stageOptions, (line) => progress.say(line));
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, ...(context.signal ? [context.signal] : [])]);
    // Every wait of every refund adds a listener.
    setMaxListeners(0, signal);
    const operators = new Operators(stage, options, signal);
    const killer = new Killer(stage, signal);
    receiver.open(operators.refunds, stage.env);
    const ended = await runRefunds(refunds, options, { operators, killer, progress, over, signal });
    context.signal?.throwIfAborted();
    progress.step('checking: journal, histories, replay');
    const journal = await readJournal(stage);
    const evidence = await gather(stage, operators.refunds, journal, ended);
    return {
      options,
      evidence,
      journal,
      violations: violationsOf(evidence, journal, options.refunds),
      kills: killer.counts,
      crashes: [stage.sandbox, ...stage.workers].reduce((sum, { crashes }) => sum + crashes, 0),
      operators: operators.counts,
      seconds: (performance.now() - begun) / 1000,
    };
  } finally {
    await stage?.close();
    await receiver.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Actors {
  operators: Operators;
  killer: Killer;
  progress: Progress;
  over: AbortController;
  signal: AbortSignal;
}

/** Starts the refunds one after the other, so many at a time, and kills the planned processes in between. */
async function runRefunds(
  refunds: readonly ChaosRefund[],
  options: ChaosOptions,
  { operators, killer, progress, over, signal }: Actors,
): Promise<Ended[]> {
  const kills = plannedKills(options);
  const ended: Ended[] = [];
  const running = new Map<string, Promise<void>>();
  let lastIdleAt = performance.now();
  const hangs = setInterval(() => {
    if (performance.now() - lastIdleAt > HANGS_AFTER_MS) over.abort();
    progress.step(progressOf(ended, refunds.length, running.size, killer));
  }, progressEvery());
  const frozen = new Set(refunds.flatMap(({ freezes, request }) => (freezes ? request.refundRequestId : [])));
  const background = [
    killer.killSenders((id) => frozen.has(id)),
    ...(options.hurry ? [killer.hurry(() => running.keys())] : []),
  ];
  for (const [index, refund] of refunds.entries()) {
    if (signal.aborted) break;
    while (running.size >= options.concurrency) await Promise.race(running.values());
    while (kills[0]?.before === index) killer.kill(kills.shift() as (typeof kills)[number]);
    const id = refund.request.refundRequestId;
    running.set(
      id,
      runRefund(refund, operators).then((end) => {
        ended.push(end);
        running.delete(id);
        lastIdleAt = performance.now();
      }),
    );
  }
  await Promise.all(running.values());
  await killer.done();
  // A notification may have come since.
  for (const each of ended) await readAgain(each, operators, signal);
  clearInterval(hangs);
  over.abort();
  await Promise.all(background);
  return ended;
}

async function runRefund(refund: ChaosRefund, operators: Operators): Promise<Ended> {
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  try {
    const view = await operators.operate(refund);
    return { refund, view, seconds: seconds() };
  } catch (error) {
    return { refund, problem: describeError(error), seconds: seconds() };
  }
}

function describeError(error: unknown): string {
  const { cause } = error as Error;
  return [error, ...(cause === undefined ? [] : [cause])].map(String).join(': ');
}

async function readAgain(each: Ended, operators: Operators, signal: AbortSignal): Promise<void> {
  if (!each.view || each.view.outcome || signal.aborted) return;
  try {
    each.view = await operators.describe(each.refund.request.refundRequestId);
  } catch (error) {
    each.problem = describeError(error);
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

function progressOf(ended: readonly Ended[], all: number, running: number, { counts }: Killer): string {
  const kills = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return `${ended.length} of ${all} idle, ${running} under way, ${kills} processes killed`;
}
