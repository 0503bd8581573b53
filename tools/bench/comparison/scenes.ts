import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from '../../harness/child.js';
import type { BenchRefund } from '../callers.js';
import { freshPrefix } from '../load.js';
import type { CodeChange } from '../peer.js';
import type { SandboxCalls } from '../sandbox-child.js';
import type { Contender } from './contenders.js';

/** Where a scene plays. */
interface Stage {
  contender: Contender;
  sandbox: Child<SandboxCalls>;
}

/** What happened to the refunds of one order. */
interface Played {
  tradeId: string;
  did: string;
}

/** Something that happens to a refund. */
export interface Scene {
  name: string;
  play(stage: Stage): Promise<Played>;
}

const SHORT = [500, 500, 500];
const FIVE_SECONDS = [5_000, 500, 500];
const AN_HOUR = [3_600_000];
// The slowest one notices a dead worker within its minute, and a retry comes after that.
const PATIENCE_MS = 120_000;
const STUCK_MS = 20_000;

/** The scenes, in the order of the report. */
export const SCENES: readonly Scene[] = [
  {
    name: 'The worker was killed between the effect and its record, and started again',
    play: (stage) => killed(stage, 'worker-1'),
  },
  {
    name: 'The worker was killed there, and one of another name took its place',
    play: (stage) => killed(stage, 'worker-2'),
  },
  { name: 'The answer was lost', play: (stage) => simple(stage, 'dropped-after') },
  { name: 'The request was lost', play: requestLost },
  { name: 'Two were started for one id at the same time', play: (stage) => twoStarts(stage, 'one id') },
  { name: 'Two were started for one order at the same time', play: (stage) => twoStarts(stage, 'two ids') },
  { name: 'A second one was started for an order after the first had ended', play: secondAfterwards },
  {
    name: 'A step was added before the sending while it waited after it',
    play: (stage) => changed(stage, 'unpatched'),
  },
  { name: 'The same with a patch', play: (stage) => changed(stage, 'patched') },
  { name: 'An operator looks at one that waits for an hour, and wants an inquiry now', play: operator },
];

async function killed({ contender, sandbox }: Stage, successor: string): Promise<Played> {
  const { application } = contender;
  const refund = refundOf('works');
  await sandbox.call('hold', refund.refundRequestId);
  const victim = await contender.startWorker();
  await application.start(refund, SHORT);
  await sandbox.call('held', refund.refundRequestId);
  const begun = performance.now();
  await victim.kill();
  await sandbox.call('release', refund.refundRequestId);
  const worker = await contender.startWorker({ workerId: successor });
  let did = await endOf(contender, refund, begun);
  if (!hasEnded(did) && !did.startsWith(NO_END))
    did += `. Operator: ${await within(application.sendAgain(refund), STUCK_MS)}`;
  await worker.kill();
  if (did.startsWith(NO_END)) {
    const same = await contender.startWorker();
    did += `. After a start of worker-1: ${await endOf(contender, refund, performance.now())}`;
    await same.kill();
  }
  return { tradeId: refund.tradeId, did };
}

function simple(stage: Stage, words: string): Promise<Played> {
  return withWorker(stage, async ({ contender }) => {
    const refund = refundOf(words);
    const begun = performance.now();
    await contender.application.start(refund, SHORT);
    return { tradeId: refund.tradeId, did: await endOf(contender, refund, begun) };
  });
}

function requestLost(stage: Stage): Promise<Played> {
  return withWorker(stage, async ({ contender, sandbox }) => {
    const refund = refundOf('dropped-before');
    await contender.application.start(refund, SHORT);
    let did = await endOf(contender, refund, performance.now());
    const { moved } = await sandbox.call('books', refund.tradeId);
    if (moved === 0) did += `. Operator: ${await within(contender.application.sendAgain(refund), STUCK_MS)}`;
    return { tradeId: refund.tradeId, did };
  });
}

function twoStarts(stage: Stage, kind: 'one id' | 'two ids'): Promise<Played> {
  return withWorker(stage, async ({ contender }) => {
    const first = refundOf('works');
    const second = kind === 'one id' ? first : { ...first, refundRequestId: freshPrefix() };
    const refunds = [first, second];
    const starts = await Promise.all(
      refunds.map((refund) => said(contender.application.start(refund, SHORT).then(() => 'started'))),
    );
    const ends = await Promise.all(
      refunds.map((refund, index) =>
        starts[index] === 'started' ? endOf(contender, refund) : 'not started',
      ),
    );
    return {
      tradeId: first.tradeId,
      did: starts.map((start, index) => `${start}: ${ends[index]}`).join('; '),
    };
  });
}

function secondAfterwards(stage: Stage): Promise<Played> {
  return withWorker(stage, async ({ contender }) => {
    const first = refundOf('works');
    await contender.application.start(first, SHORT);
    const end = await endOf(contender, first);
    const second = { ...first, refundRequestId: freshPrefix() };
    const start = await said(contender.application.start(second, SHORT).then(() => 'started'));
    return {
      tradeId: first.tradeId,
      did: `${end}; ${start}${start === 'started' ? `: ${await endOf(contender, second)}` : ''}`,
    };
  });
}

async function changed({ contender, sandbox }: Stage, change: CodeChange): Promise<Played> {
  const refund = refundOf('dropped-after');
  const before = await contender.startWorker();
  await contender.application.start(refund, FIVE_SECONDS);
  await sentOnce(sandbox, refund);
  await before.kill();
  const after = await contender.startWorker({ change });
  let did = await endOf(contender, refund, performance.now(), STUCK_MS);
  await after.kill();
  if (!hasEnded(did)) {
    const corrected = await contender.startWorker({ change: 'patched' });
    const goOn = contender.application.goOn?.(refund.refundRequestId);
    const end = goOn ? within(goOn, STUCK_MS) : endOf(contender, refund, performance.now(), STUCK_MS);
    did += `. With a patch: ${await end}`;
    await corrected.kill();
  }
  return { tradeId: refund.tradeId, did };
}

function operator(stage: Stage): Promise<Played> {
  return withWorker(stage, async ({ contender, sandbox }) => {
    const { application } = contender;
    const refund = refundOf('dropped-after');
    await application.start(refund, AN_HOUR);
    await sentOnce(sandbox, refund);
    const sees = await said(application.look(refund.refundRequestId));
    const does = await within(application.checkNow(refund.refundRequestId), STUCK_MS);
    return { tradeId: refund.tradeId, did: `sees "${sees}"; does: ${does}` };
  });
}

async function withWorker(stage: Stage, play: (stage: Stage) => Promise<Played>): Promise<Played> {
  const worker = await stage.contender.startWorker();
  try {
    return await play(stage);
  } finally {
    await worker.kill();
  }
}

function refundOf(words: string): BenchRefund {
  const refundRequestId = freshPrefix();
  return { refundRequestId, tradeId: `t-${refundRequestId}-${words}` };
}

async function sentOnce(sandbox: Child<SandboxCalls>, { tradeId }: BenchRefund): Promise<void> {
  while ((await sandbox.call('books', tradeId)).sends === 0) await sleep(50);
  // Until the answer, or its loss, is written down.
  await sleep(1_000);
}

const NO_END = 'nothing';

function hasEnded(did: string): boolean {
  return did.startsWith('SUCCESS') || did.startsWith('succeeded');
}

async function endOf(
  { application }: Contender,
  { refundRequestId }: BenchRefund,
  begun?: number,
  limitMs = PATIENCE_MS,
): Promise<string> {
  const end = await within(application.result(refundRequestId), limitMs);
  if (end.startsWith(NO_END)) return `${end}; it shows "${await said(application.look(refundRequestId))}"`;
  return begun === undefined ? end : `${end} after ${Math.round((performance.now() - begun) / 1000)} s`;
}

/** What something says in the end, or that it does not come to one in time. */
async function within(end: Promise<string>, limitMs: number): Promise<string> {
  const over = new AbortController();
  const late = sleep(limitMs, `${NO_END} within ${limitMs / 1000} s`, { signal: over.signal }).catch(
    () => '',
  );
  try {
    return await Promise.race([said(end), late]);
  } finally {
    over.abort();
  }
}

function said(what: Promise<string>): Promise<string> {
  return what.catch((error: unknown) =>
    error instanceof Error ? `${error.name}: ${error.message}` : String(error),
  );
}
