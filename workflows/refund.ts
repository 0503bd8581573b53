import {
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import type { ValidationIssue } from '../internal/check.js';
import type { Mismatch, Refused, SendAnswer } from '../rules/answer.js';
import type { CarriedState } from '../rules/carried-state.js';
import { checkRequest } from '../rules/check-request.js';
import { statusAtWork } from '../rules/decide.js';
import { workflowIdOf } from '../rules/ids.js';
import { sentenceOf } from '../rules/messages.js';
import { paymentToRefund } from '../rules/order.js';
import type { RefundOutcome } from '../rules/outcome.js';
import type { RefundRequest } from '../rules/request.js';
import { backoff, checkOptions, DAY, MINUTE, type RefundOptions, SECOND } from '../rules/schedule.js';
import type { Step } from '../rules/state.js';
import type { SubmissionState } from '../rules/submission.js';
import { notifyInBackground } from './attention-notifier.js';
import { inquire, queryOrder, sendRefund } from './calls.js';
import { stateAtStart } from './continue-as-new.js';
import { listen } from './messages.js';
import { RefundRun } from './refund-run.js';

/**
 * One WorldFirst refund, from the trade order to the settled money.
 *
 * It is never sent under a new id, and never called done or failed, while its submission is unknown.
 * @param carried what the run before has left; a refund whose history becomes long goes on in another run. Not for starters
 */
export async function refund(
  request: RefundRequest,
  options?: RefundOptions,
  carried?: CarriedState,
): Promise<RefundOutcome> {
  validateStart(request, options, carried);
  const refund = new RefundRun(stateAtStart(request, carried), options);
  const { state } = refund;
  listen(refund);
  onCancellation(refund);

  // Money may be moving, so a cancellation must not tear down what is under way: it is a message like the others.
  return CancellationScope.nonCancellable(async () => {
    if (refund.applyPendingInterruptions()) refund.begin('stop');
    while (!state.outcome) {
      const next = state.step === 'stop' ? await awaitDecision(refund) : await steps[state.step](refund);
      refund.begin(refund.applyPendingInterruptions() ? 'stop' : next);
    }
    refund.publish();
    if (!allHandlersFinished()) await condition(allHandlersFinished);
    return state.outcome;
  });
}

const steps: Record<Exclude<Step, 'stop'>, (refund: RefundRun) => Promise<Step>> = {
  prepare,
  send,
  findOut,
  followSettlement,
};

/** WorldTrade: "Before applying for a refund, please call the queryTradeOrder API". A cashier refund needs nothing. */
async function prepare(refund: RefundRun): Promise<Step> {
  const { request } = refund;
  if (request.product === 'cashier') return 'send';
  const order = await queryOrder(refund, request);
  switch (order?.kind) {
    case undefined:
      return 'stop';
    case 'noAnswer':
      return refund.requireAttention('worldfirst-unreachable', { detail: order.reason });
    case 'refused':
      return refused(refund, order);
    case 'mismatch':
      return mismatched(refund, order);
    case 'found': {
      const payment = paymentToRefund(request, order);
      if ('attention' in payment) return refund.requireAttention(payment.attention, payment);
      refund.state.order = payment;
      refund.state.amount = payment.totalAmount;
      refund.state.ids.paymentOrderId = payment.paymentOrderId;
      return 'send';
    }
  }
}

/** Sends the refund. Without a connection nothing was sent, so it is tried again, with a growing wait, for a day. */
async function send(refund: RefundRun): Promise<Step> {
  const { state } = refund;
  state.status = statusAtWork(state);
  for (;;) {
    const wait = backoff(state.retries, UNTIL_SENT);
    if (wait === undefined)
      return refund.requireAttention('worldfirst-unreachable', { detail: state.lastAnswer?.message });
    if (state.retries > 0) {
      await refund.wait(wait, 'send the refund');
      if (refund.isHalted()) return 'stop';
    }
    const before = state.submission;
    const answer = await sendRefund(refund);
    if (answer.kind !== 'notSent') return afterSending(refund, before, answer);
    state.retries += 1;
  }
}

const UNTIL_SENT = { first: 1 * SECOND, longest: 5 * MINUTE, giveUpAfter: 1 * DAY };

/** What WorldFirst's answer to `applyRefund` or `refund` means: S, F or U, as its pages say. */
function afterSending(
  refund: RefundRun,
  before: SubmissionState,
  answer: Exclude<SendAnswer, { kind: 'notSent' }>,
): Step {
  switch (answer.kind) {
    case 'accepted':
      return 'followSettlement';
    case 'refused':
      // The first one may have been carried out, so the refusal of a repeat ends nothing.
      return before === 'unknown' || before === 'accepted'
        ? refusedAfterUnknown(refund, answer)
        : refused(refund, answer);
    case 'mismatch':
      return mismatched(refund, answer);
    case 'tryLater':
    case 'unknown':
      return refund.state.submission === 'accepted' ? 'followSettlement' : 'findOut';
  }
}

/**
 * The result is unknown (U): "Maximum 7 queries are allowed", 5, 10, 20, 40, 80, 160 and 320 minutes apart. "If no
 * queries succeed, contact our Technical Support Team": then a person is asked.
 */
async function findOut(refund: RefundRun): Promise<Step> {
  const { state, schedule } = refund;
  const intervals = schedule.inquiryIntervals;
  state.status = statusAtWork(state);
  for (const [index, interval] of intervals.entries()) {
    if (index < state.inquiries.done) continue;
    await waitFor(refund, interval, `inquiry ${index + 1} of ${intervals.length}`);
    if (refund.isHalted()) return 'stop';
    const next = await inquireOrResend(refund);
    if (next !== 'findOut') return next;
    state.status = statusAtWork(state);
  }
  if (refund.applyPendingInterruptions()) return 'stop';
  return refund.requireAttention(
    state.submission === 'refused' ? 'refused-needs-person' : 'unknown-after-all-inquiries',
    {
      furtherAction: state.lastAnswer?.advice,
    },
  );
}

/** One inquiry. If WorldFirst knows the refund, its status decides; if not, the identical request is sent again. */
async function inquireOrResend(refund: RefundRun): Promise<Step> {
  const answer = await inquire(refund);
  switch (answer?.kind) {
    case undefined:
      return 'stop';
    case 'settled':
      return refund.succeed('inquiry');
    case 'declined':
      return refund.fail(declined(answer.refundStatus));
    case 'pending':
      return 'followSettlement';
    case 'notFound': {
      if (refund.applyPendingInterruptions()) return 'stop';
      const before = refund.state.submission;
      const repeat = await sendRefund(refund);
      return repeat.kind === 'notSent' ? 'findOut' : afterSending(refund, before, repeat);
    }
    case 'refused':
      return refused(refund, answer);
    case 'mismatch':
      return mismatched(refund, answer);
    case 'unknown':
      return 'findOut';
  }
}

/**
 * WorldFirst took the refund (S); the money arrives in "an estimated seven working days". The settlement is inquired
 * until it is known. WorldTrade may have no inquiry at all: a refund that it does not know twice in a row ends as accepted.
 */
async function followSettlement(refund: RefundRun): Promise<Step> {
  const { state, schedule } = refund;
  const intervals = schedule.settlementIntervals;
  // The inquiry that found it at work was the first of these; a person who inquires again has an answer at once.
  const foundJustNow = state.lastAnswer?.kind === 'pending' && state.status !== 'processing';
  state.status = 'processing';
  for (const [index, interval] of intervals.entries()) {
    if (index < state.inquiries.done) continue;
    if (index === 0 && interval === 0 && foundJustNow) {
      // The inquiry that found it stands for the one that is due at once.
      state.inquiries.done = 1;
      continue;
    }
    await waitFor(refund, interval, `settlement inquiry ${index + 1} of ${intervals.length}`);
    if (refund.isHalted()) return 'stop';
    const answer = await inquire(refund, { atOnce: interval === 0 });
    state.notFoundInARow = answer?.kind === 'notFound' ? state.notFoundInARow + 1 : 0;
    switch (answer?.kind) {
      case undefined:
        return 'stop';
      case 'settled':
        return refund.succeed('inquiry');
      case 'declined':
        return refund.fail(declined(answer.refundStatus));
      case 'refused':
        return refused(refund, answer);
      case 'mismatch':
        return mismatched(refund, answer);
      case 'notFound':
        if (
          refund.request.product === 'worldtrade' &&
          state.notFoundInARow === 2 &&
          !schedule.awaitClosureNotification
        ) {
          return refund.applyPendingInterruptions() ? 'stop' : refund.accept();
        }
        break;
      case 'pending':
      case 'unknown':
        break;
    }
  }
  return refund.applyPendingInterruptions() ? 'stop' : refund.requireAttention('settlement-overdue');
}

/** Waits for the next inquiry. One that WorldFirst was too busy to answer has had this wait. */
function waitFor(refund: RefundRun, interval: number, inquiry: string): Promise<void> {
  return refund.state.retries === 0 ? refund.wait(interval, inquiry) : Promise.resolve();
}

/** A person is asked, for as long as it takes. No time-out may turn an unknown submission into an end. */
async function awaitDecision(refund: RefundRun): Promise<Step> {
  const telling = notifyInBackground(refund);
  const next = await refund.awaitDecision();
  telling.stop();
  return next;
}

/** A definite refusal: the end, or a person's case, as the page's further action for the code says. */
function refused(refund: RefundRun, { code, message, advice, help }: Refused): Step {
  if (help === 'final') return refund.fail({ code, message, advice });
  return refund.requireAttention(help === 'configuration' ? 'configuration' : 'refused-needs-person', {
    detail: `WorldFirst answered ${code}: ${message}`,
    furtherAction: advice,
  });
}

function refusedAfterUnknown(refund: RefundRun, answer: Refused): Step {
  if (answer.help === 'configuration') return refused(refund, answer);
  const { submission, ambiguity } = refund.state;
  return refund.requireAttention('refused-after-unknown', {
    detail: `First: ${submission === 'accepted' ? 'WorldFirst took the refund' : ambiguity}. Then ${answer.code}: ${answer.message}`,
    furtherAction: answer.advice,
  });
}

function mismatched(refund: RefundRun, { differences, advice }: Mismatch): Step {
  return refund.requireAttention('answer-does-not-match', {
    detail: differences.join(' '),
    furtherAction: advice,
  });
}

function declined(refundStatus: string): { code: string; message: string; advice: string } {
  return {
    code: refundStatus,
    message: `WorldFirst reports the refund as ${refundStatus}`,
    advice:
      'No money was returned. Ask WorldFirst why, then ask for the refund anew under another refundRequestId.',
  };
}

function validateStart(request: unknown, options: unknown, carried: unknown): void {
  const issues = issuesOfStart(request, options, carried);
  if (issues.length === 0) return;
  // A failure has to fit into the history, however long the list that somebody sent.
  const named = issues.slice(0, 100);
  throw ApplicationFailure.nonRetryable(sentenceOf(named), 'InvalidRefundRequest', named);
}

function issuesOfStart(request: unknown, options: unknown, carried: unknown): ValidationIssue[] {
  const { workflowId, continuedFromExecutionRunId, cronSchedule } = workflowInfo();
  if (cronSchedule) return [{ path: '', message: 'a refund is made once, and by no schedule' }];
  if (carried) {
    // Only Temporal sets this, so nobody can start a refund with a past that it never had.
    if (continuedFromExecutionRunId === undefined) {
      return [
        {
          path: 'carried',
          message: 'is what a refund hands to its own next run; nobody can start one with it',
        },
      ];
    }
    // It was valid when it began. Money may be moving, so the rules of a later release are no reason to give it up.
    return [];
  }
  const issues = [...checkRequest(request), ...checkOptions(options)];
  if (issues.length > 0) return issues;
  const expected = workflowIdOf((request as RefundRequest).refundRequestId);
  // Two workflows of one refund would not know of each other.
  return workflowId === expected ? [] : [{ path: '', message: `the workflow's id must be "${expected}"` }];
}

function onCancellation(refund: RefundRun): void {
  CancellationScope.current().cancelRequested.catch(() => {
    refund.interrupt({
      kind: 'cancel',
      by: 'a cancellation of the workflow',
      reason: 'cancelled before anything was sent',
    });
    // A workflow task that leaves nothing in the history may be replayed as one with the next. There a decision would be
    // heard before the cancellation, although it came after it.
    upsertMemo({ cancelRequested: true });
  });
}
