import { allHandlersFinished, CancellationScope, condition } from '@temporalio/workflow';
import type { CarriedState } from '../rules/carried-state.js';
import { statusAtWork } from '../rules/decide.js';
import { paymentToRefund } from '../rules/order.js';
import type { RefundOutcome } from '../rules/outcome.js';
import type { RefundRequest } from '../rules/request.js';
import { backoff, type RefundOptions, UNTIL_SENT } from '../rules/schedule.js';
import type { Step } from '../rules/state.js';
import { notifyInBackground } from './attention-notifier.js';
import { onCancellation } from './cancellation.js';
import { concluded, idUsedBefore, mismatched, refused } from './conclusions.js';
import { inquire } from './inquire.js';
import { isListed } from './listing.js';
import { registerHandlers } from './message-handlers.js';
import { markAsOurs } from './name-clash.js';
import { queryOrder } from './query-order.js';
import { RefundRun } from './refund-run.js';
import { onReset } from './reset-detection.js';
import { type Sent, sendRefund } from './send-refund.js';
import { stateAtStart, validateStart } from './start.js';
import { wait, waitForDecision, waitForInquiry } from './waiting.js';

/**
 * One WorldFirst refund, from the trade order to the settled money. It is never sent under a new id, and never
 * reported as succeeded or failed, while it is unknown whether WorldFirst carried it out.
 *
 *     prepare ──▶ send ──accepted──▶ followSettlement ──▶ done
 *                 ▲ │                   ▲
 *        not sent └─┤ unknown           │ pending
 *                   ▼                   │
 *                findOut ───────────────┘   each step ──▶ awaitDecision ──▶ the step that an operator chose, or done
 *
 * The state is the program counter: each step reads from it where it was, so a refund that continues as new, or that a
 * decision sends back, continues from there.
 *
 * @example
 * const workflowId = workflowIdOf(request.refundRequestId); // under any other id it refuses to run
 * await client.workflow.start(refund, { workflowId, taskQueue: 'worldfirst-refunds', args: [request] });
 *
 * @param carried the state of the run before, where the refund continues as new; a starter cannot pass it
 * @throws `InvalidRefundRequest`, not retryable, with every mistake of the request or the options: nothing was sent
 */
export function refund(
  request: RefundRequest,
  options?: RefundOptions,
  carried?: CarriedState,
): Promise<RefundOutcome> {
  validateStart(request, options, carried);
  const run = new RefundRun(stateAtStart(request, options, carried), options);
  onReset(() => run.forgetCertainty());
  registerHandlers(run);
  onCancellation(run);
  // Where the namespace lacks the search attributes, the refund stops here, before anything is sent.
  if (!isListed()) run.publish();

  // Money may be moving, so a cancellation must not tear down a call: it is a message like the others.
  return CancellationScope.nonCancellable(async () => {
    const { state } = run;
    if (run.isHalted) run.begin(run.haltedStep);
    while (!state.outcome) {
      const next = await steps[state.step](run);
      const verified = run.inbox.applyPendingInterruptions();
      if (verified) await verified;
      run.begin(run.isHalted ? run.haltedStep : next);
    }
    run.publish();
    if (!allHandlersFinished()) await condition(allHandlersFinished);
    return state.outcome;
  });
}
markAsOurs(refund);

const steps: Record<Step, (run: RefundRun) => Promise<Step>> = {
  prepare,
  send,
  findOut,
  followSettlement,
  awaitDecision,
  done: async () => 'done',
};

/** WorldTrade: "Before applying for a refund, please call the queryTradeOrder API". A cashier refund needs no query. */
async function prepare(run: RefundRun): Promise<Step> {
  const { request, state } = run;
  if (request.product === 'cashier') return 'send';
  const order = await queryOrder(run, request);
  if (order && order.kind !== 'found' && state.inquireFirst) return 'findOut';
  switch (order?.kind) {
    case undefined:
      return run.haltedStep;
    case 'noAnswer':
      return run.requireAttention('worldfirst-unreachable', { detail: order.reason });
    case 'refused':
      return refused(run, order, state.submission);
    case 'mismatch':
      return mismatched(run, order);
    case 'found': {
      const payment = paymentToRefund(request, order);
      if ('attention' in payment)
        return state.inquireFirst ? 'findOut' : run.requireAttention(payment.attention, payment);
      state.order = payment;
      state.amount = payment.totalAmount;
      state.ids.paymentOrderId = payment.paymentOrderId;
      return 'send';
    }
  }
}

/** Sends the refund. Without a connection nothing was sent, so it is tried again, with a backoff, for a day. */
async function send(run: RefundRun): Promise<Step> {
  const { state } = run;
  state.status = statusAtWork(state);
  for (;;) {
    if (state.inquireFirst) return 'findOut';
    if (run.request.product === 'worldtrade' && !state.order) return 'prepare';
    const pause = backoff(state.unsentAttempts, UNTIL_SENT);
    if (pause === undefined)
      return run.requireAttention('worldfirst-unreachable', { detail: state.lastAnswer?.message });
    if (state.unsentAttempts > 0) {
      await wait(run, pause, 'send the refund');
      if (run.isHalted) return run.haltedStep;
      if (state.inquireFirst) return 'findOut';
    }
    const sent = await sendRefund(run);
    if (sent.answer.kind !== 'notSent') return afterSending(run, sent);
    state.unsentAttempts += 1;
  }
}

/** What WorldFirst's answer to `applyRefund` or `refund` means: S, F or U, as its pages say. */
function afterSending(run: RefundRun, { answer, before }: Sent): Step | Promise<Step> {
  switch (answer.kind) {
    case 'accepted':
      return 'followSettlement';
    case 'refused':
      return refused(run, answer, before);
    case 'idInUse':
      return idUsedBefore(run, answer, before);
    case 'mismatch':
      return mismatched(run, answer);
    default:
      return run.state.submission === 'accepted' ? 'followSettlement' : 'findOut';
  }
}

/**
 * The result is unknown (U): "Maximum 7 queries are allowed", 5, 10, 20, 40, 80, 160 and 320 minutes apart. "If no
 * queries succeed, contact our Technical Support Team": then an operator decides.
 */
async function findOut(run: RefundRun): Promise<Step> {
  const { state } = run;
  const intervals = run.schedule.inquiryIntervals;
  state.status = statusAtWork(state);
  if (state.inquireFirst) {
    const next = await inquireOrResend(run, { isExtra: true });
    if (next !== 'findOut') return next;
  }
  for (const [index, interval] of intervals.entries()) {
    if (index < state.inquiries.done) continue;
    await waitForInquiry(run, interval, `inquiry ${index + 1} of ${intervals.length}`);
    if (run.isHalted) return run.haltedStep;
    const next = await inquireOrResend(run);
    if (next !== 'findOut') return next;
    state.status = statusAtWork(state);
  }
  await run.inbox.applyPendingInterruptions();
  if (run.isHalted) return run.haltedStep;
  if (state.orderRefunded && state.submission === 'refused')
    return run.requireAttention('refunded-elsewhere');
  const reason = state.submission === 'refused' ? 'refused-needs-person' : 'unknown-after-all-inquiries';
  return run.requireAttention(reason, { furtherAction: state.lastAnswer?.advice });
}

/** One inquiry: WorldFirst's status decides. A refund that it does not know is sent again, unless the order was refunded. */
async function inquireOrResend(run: RefundRun, { isExtra = false } = {}): Promise<Step> {
  const { state } = run;
  const answer = await inquire(run, { isExtra });
  switch (answer?.kind) {
    case undefined:
      return run.haltedStep;
    case 'settled':
    case 'declined':
      return concluded(run, answer);
    case 'pending':
      return 'followSettlement';
    case 'notFound': {
      await run.inbox.applyPendingInterruptions();
      if (run.isHalted) return run.haltedStep;
      if (state.orderRefunded) return 'findOut';
      if (run.request.product === 'worldtrade' && !state.order) return 'prepare';
      return afterSending(run, await sendRefund(run));
    }
    case 'refused':
      return refused(run, answer);
    case 'mismatch':
      return mismatched(run, answer);
    case 'unknown':
      return 'findOut';
  }
}

/**
 * WorldFirst accepted the refund (S); the money arrives in "an estimated seven working days". The settlement is inquired
 * until it is known. WorldTrade may have no inquiry at all: a refund that it does not know twice in a row ends as accepted.
 */
async function followSettlement(run: RefundRun): Promise<Step> {
  const { state, schedule, request } = run;
  const intervals = schedule.settlementIntervals;
  const mayEndAsAccepted = request.product === 'worldtrade' && !schedule.awaitClosureNotification;
  // The inquiry that found it pending stands for the first one, where that is due immediately.
  const foundJustNow = state.lastAnswer?.kind === 'pending' && state.status !== 'processing';
  if (foundJustNow && intervals[0] === 0) state.inquiries.done ||= 1;
  state.status = 'processing';
  for (const [index, interval] of intervals.entries()) {
    if (index < state.inquiries.done) continue;
    const waiting = waitForInquiry(run, interval, `settlement inquiry ${index + 1} of ${intervals.length}`);
    if (waiting) await waiting;
    if (run.isHalted) return run.haltedStep;
    const answer = await inquire(run, { isDueNow: interval === 0 });
    state.notFoundInARow = answer?.kind === 'notFound' ? state.notFoundInARow + 1 : 0;
    switch (answer?.kind) {
      case undefined:
        return run.haltedStep;
      case 'settled':
      case 'declined':
        return concluded(run, answer);
      case 'refused':
        return refused(run, answer);
      case 'mismatch':
        return mismatched(run, answer);
      case 'notFound':
        if (state.notFoundInARow === 2 && mayEndAsAccepted) {
          await run.inbox.applyPendingInterruptions();
          return run.isHalted ? run.haltedStep : run.accept();
        }
    }
  }
  await run.inbox.applyPendingInterruptions();
  return run.isHalted ? run.haltedStep : run.requireAttention('settlement-overdue');
}

/** An operator decides, whenever that is. No time-out may turn an unknown submission into an end. */
async function awaitDecision(run: RefundRun): Promise<Step> {
  const notifying = notifyInBackground(run);
  const next = await waitForDecision(run);
  notifying.stop();
  return next;
}
