import { setTimeout as sleep } from 'node:timers/promises';
import type { RefundOptions, RefundRequest, RefundView } from '../../client/index.js';
import { workflowIdOf } from '../../rules/ids.js';
import { DOCUMENTED_INQUIRY_INTERVALS, SETTLEMENT_INTERVALS } from '../../rules/schedule.js';
import type { Closure } from '../../testing/sandbox/index.js';
import { referenceOf } from '../support/books.js';
import type { Environment } from '../support/environment.js';
import type { Cell } from './axes.js';
import type { End } from './expected/index.js';
import type { Receiver } from './receiver.js';

/** So often has a call been made that is made again and again. */
export const LONG = 4;

const LOOK_AGAIN_MS = 50;
const RESUME_AFTER_MS = 500;

/** Runs a refund in skipped time until it has ended or needs an operator; a refund that repeats its calls without end is cancelled. */
export async function runToItsEnd(
  refunds: Environment,
  request: RefundRequest,
  { end, options, tries }: { end: End; options: RefundOptions | undefined; tries: () => number },
): Promise<RefundView> {
  const { refundRequestId: id } = request;
  const { workflowId } = await refunds.skipper.skipOnStart(() => refunds.refunds.start(request, options));
  refunds.started(workflowId);
  if (end === 'cancelled') {
    const calls = () => Math.max(tries(), refunds.calls(request, 'queryTradeOrder').length);
    while (calls() < LONG) await sleep(LOOK_AGAIN_MS);
    await refunds.refunds.getHandle(id).cancel();
  }
  const rests = refunds.refunds.waitUntilIdle(id);
  return end === 'operator: worldfirst-unreachable' ? throughADay(refunds, workflowId, rests) : rests;
}

/** The server leaves off skipping after 200 waits, and a day of attempts has more. */
async function throughADay<T>(refunds: Environment, workflowId: string, rests: Promise<T>): Promise<T> {
  const resuming = setInterval(() => {
    refunds.skipper.resume(workflowId).catch(() => {});
  }, RESUME_AFTER_MS);
  return rests.finally(() => clearInterval(resuming));
}

/** Runs a refund that only the closing of its order confirms, and notifies that as WorldFirst does: until it is acknowledged, eight times at most. */
export async function runToItsNotification(
  refunds: Environment,
  request: RefundRequest,
  { cell, receiver, options }: { cell: Cell; receiver: Receiver; options: RefundOptions | undefined },
): Promise<RefundView> {
  const { refundRequestId: id } = request;
  const tradeId = referenceOf(request);
  const isEarly = cell.fault === 'overtaken';
  const sending = isEarly ? refunds.sandbox.hold({ api: 'applyRefund', id }, 'after') : undefined;
  await refunds.begin(request, options);
  if (sending) await sending.arrived;
  else {
    // Its inquiry at once is over; now it waits.
    while (refunds.calls(request, 'inquireRefund').length === 0) await sleep(LOOK_AGAIN_MS);
    await refunds.skipper.settled(workflowIdOf(id));
  }
  await untilListed(refunds, tradeId);
  for (let times = 1; times <= 8; times += 1) {
    const isFaulty = times === 1 || cell.often === 'always';
    const closure = closureOf(tradeId, receiver, isFaulty && !isEarly ? cell : undefined);
    // Whoever gets no answer sends it again.
    const answer = await refunds.sandbox.notify(closure).catch(() => undefined);
    if (answer?.acknowledged) break;
  }
  sending?.release();
  await refunds.skipper.resume(workflowIdOf(id));
  return refunds.refunds.waitUntilIdle(id);
}

function closureOf(tradeId: string, { url, nowhere }: Receiver, cell?: Cell): Closure {
  const closure = { url, tradeId, isRefund: 'Y', requestId: `create-${tradeId}` } as const;
  if (!cell) return closure;
  const { fault, step } = cell;
  if (fault === 'refused') return { ...closure, url: nowhere };
  const phase = step === 'notification, before its effect' ? 'before' : 'after';
  return { ...closure, fault: { fault, phase } };
}

/** The receiver finds refunds in Temporal's list, which lags behind. */
async function untilListed(refunds: Environment, reference: string): Promise<void> {
  for (;;) {
    for await (const _ of refunds.refunds.list({ product: 'worldtrade', reference })) return;
    await sleep(LOOK_AGAIN_MS);
  }
}

/** How a refund rests, in the words of the table. */
export function endOf({ outcome, attention, status }: RefundView): string {
  if (attention) return `operator: ${attention.reason}`;
  if (outcome?.status === 'succeeded') return `succeeded, confirmed by ${outcome.confirmedBy}`;
  if (outcome?.status === 'failed') return `failed, ${outcome.code}`;
  return status;
}

/** The inquiries that a refund has come to, in the words of the table. */
export function inquiryScheduleOf(
  { inquiries: { allowed } }: RefundView,
  options: RefundOptions = {},
): string {
  const { inquiryIntervals = DOCUMENTED_INQUIRY_INTERVALS, settlementIntervals = SETTLEMENT_INTERVALS } =
    options;
  if (allowed === inquiryIntervals.length) return 'unknown';
  if (allowed === settlementIntervals.length) return 'settlement';
  return allowed === 0 ? 'none' : `${allowed} inquiries`;
}
