import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  condition,
  proxyActivities,
  proxyLocalActivities,
  rootCause,
  TemporalFailure,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { RefundActivities } from '../activities/index.js';
import type {
  InquiryAnswer,
  OrderAnswer,
  ResultInfo,
  SendAnswer,
  Throttled,
  Unknown,
} from '../rules/answer.js';
import { type AnyAnswer, sentenceOfAnswer } from '../rules/answer-labels.js';
import { applyRefundBody, cashierRefundBody } from '../rules/bodies.js';
import { learnIds } from '../rules/changes.js';
import { inquiryOf } from '../rules/inquiry.js';
import type { Inquiry } from '../rules/integrity.js';
import type { WorldTradeRefundRequest } from '../rules/request.js';
import { backoff, DAY, HOUR, SECOND, withJitter } from '../rules/schedule.js';
import { type AnswerStep, providerRequestId, type RefundState } from '../rules/state.js';
import { type SubmissionState, submissionAfterInquiry, submissionAfterSending } from '../rules/submission.js';
import type { RefundRun } from './refund-run.js';

// Longer than any call to WorldFirst may take; after it the worker is taken for dead.
const startToCloseTimeout = '1 minute';

/**
 * A question whose answer is due at once is asked in the workflow task itself (a local activity): that is two tasks and
 * five events less. Messages are not read meanwhile, so it has little time. What it does not bring in that time, an
 * activity of its own is asked for: one that is tried again, and that people see.
 */
const viaLocalActivity = proxyLocalActivities<RefundActivities>({
  startToCloseTimeout: '2 seconds',
  scheduleToCloseTimeout: '3 seconds',
  retry: { maximumAttempts: 1 },
});

/** Nothing is at stake yet, so the order is asked for until an answer comes, or a day is over. */
const { queryTradeOrder } = proxyActivities<RefundActivities>({
  startToCloseTimeout,
  scheduleToCloseTimeout: '1 day',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
});

/** A sending has one attempt: only the workflow knows whether a request may be repeated. */
const { applyRefund, refund: cashierRefund } = proxyActivities<RefundActivities>({
  startToCloseTimeout,
  retry: { maximumAttempts: 1 },
});

/** The activity throws only when nothing was asked, so that a retry is not another inquiry. */
const { inquireRefund } = proxyActivities<RefundActivities>({
  startToCloseTimeout,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumAttempts: 4 },
});

/** Asks WorldFirst for the order; undefined when the refund was stopped before an answer came. */
export async function queryOrder(
  refund: RefundRun,
  { tradeId }: WorldTradeRefundRequest,
): Promise<Exclude<OrderAnswer, Throttled> | NoOrderAnswer | undefined> {
  const { state } = refund;
  let answer: OrderAnswer | NoOrderAnswer | undefined;
  for (;;) {
    if (state.retries > 0) {
      await refund.wait(throttledWait(state, DAY) ?? 0, QUERY);
      if (refund.isHalted()) return undefined;
    }
    answer = await queryNow(refund, tradeId);
    state.retries += 1;
    if (answer?.kind !== 'throttled' || throttledWait(state, DAY) === undefined) break;
    record(refund, 'query', answer);
  }
  state.retries = 0;
  // An answer that comes together with what stopped the refund must not undo that.
  if (answer === undefined || refund.isHalted()) return undefined;
  record(refund, 'query', answer);
  return answer.kind === 'throttled' ? { kind: 'noAnswer', reason: answer.reason } : answer;
}

const QUERY = 'query the trade order';

function queryNow(refund: RefundRun, tradeId: string): Promise<OrderAnswer | NoOrderAnswer | undefined> {
  return viaLocalActivityOr(
    refund,
    () => viaLocalActivity.queryTradeOrder.executeWithOptions({ summary: QUERY }, [{ tradeId }]),
    () => queryForLong(refund, tradeId),
  );
}

/** The query may be retried for a day; whoever stops the refund must not have to wait for it. */
async function queryForLong(
  refund: RefundRun,
  tradeId: string,
): Promise<OrderAnswer | NoOrderAnswer | undefined> {
  const query = new CancellationScope();
  try {
    const answer = await query.run(() =>
      Promise.race([
        queryTradeOrder.executeWithOptions({ summary: QUERY }, [{ tradeId }]),
        condition(() => refund.isHalted()),
      ]),
    );
    return answer ?? undefined;
  } catch (error) {
    return { kind: 'noAnswer', reason: reasonOf(error) };
  } finally {
    query.cancel();
  }
}

/** Sends the refund: the identical body under the identical id at every repeat. */
export async function sendRefund(refund: RefundRun): Promise<SendAnswer> {
  const { state, request } = refund;
  const { order } = state;
  const id = providerRequestId(state);
  const before = state.submission;
  // From here on the money may move, whatever becomes of this worker.
  if (before === 'not-sent' || before === 'refused') state.submission = 'unknown';
  refund.note(
    'sent',
    `sent ${request.product === 'worldtrade' ? 'applyRefund' : 'refund'} under the id ${id}`,
  );
  const summary = before === 'unknown' ? 'send the identical refund again' : 'send the refund';
  let answer: SendAnswer;
  refund.beginCall();
  try {
    if (request.product === 'cashier') {
      const body = cashierRefundBody(id, request, new Date(state.startedAt));
      answer = await cashierRefund.executeWithOptions({ summary }, [body]);
    } else {
      if (!order) throw new Error('a WorldTrade refund is sent only after its order is known');
      answer = await applyRefund.executeWithOptions({ summary }, [applyRefundBody(id, request, order)]);
    }
  } catch (error) {
    answer = unknownAfter(error);
  }
  recordSubmission(refund, before, submissionAfterSending(before, answer), answer);
  record(refund, 'send', answer);
  return answer;
}

/** Asks WorldFirst what became of the refund; undefined when the refund was stopped before an answer came. */
export async function inquire(
  refund: RefundRun,
  { atOnce = false }: { atOnce?: boolean } = {},
): Promise<Exclude<InquiryAnswer, Throttled> | undefined> {
  const { state } = refund;
  const number = state.inquiries.done + 1;
  const summary = `inquiry ${number} of ${state.inquiries.allowed}`;
  const question = inquiryOf(state.request, providerRequestId(state), state.order, state.ids.refundId);
  let answer: InquiryAnswer;
  for (;;) {
    if (state.retries > 0) {
      await refund.wait(throttledWait(state, HOUR) ?? 0, summary);
      if (refund.isHalted()) return undefined;
    }
    answer = await inquireNow(refund, question, summary, atOnce && state.retries === 0);
    state.retries += 1;
    if (answer.kind !== 'throttled' || throttledWait(state, HOUR) === undefined) break;
    // Nothing was asked, so it is not one of the inquiries that are allowed.
    record(refund, 'inquire', answer);
  }
  state.retries = 0;
  const known = answer.kind === 'throttled' ? { ...answer, kind: 'unknown' as const } : answer;
  state.inquiries.done = number;
  recordSubmission(refund, state.submission, submissionAfterInquiry(state.submission, known), known);
  record(refund, 'inquire', known);
  return known;
}

function inquireNow(
  refund: RefundRun,
  question: Inquiry,
  summary: string,
  atOnce: boolean,
): Promise<InquiryAnswer> {
  refund.beginCall();
  const byActivity = () =>
    inquireRefund.executeWithOptions({ summary }, [question]).catch((error: unknown) => unknownAfter(error));
  // Whoever waits for the first answer has it by now, and gets it only when the workflow task is done.
  if (!atOnce || refund.isFirstAnswerAwaited()) return byActivity();
  return viaLocalActivityOr(
    refund,
    () => viaLocalActivity.inquireRefund.executeWithOptions({ summary }, [question]),
    byActivity,
  );
}

/** How long to wait before a question is put again to a WorldFirst that has too many calls, unless that has taken too long. */
function throttledWait({ retries }: RefundState, patience: number): number | undefined {
  const wait = backoff(retries, { first: 30 * SECOND, longest: 1 * HOUR, giveUpAfter: patience });
  return wait && withJitter(wait, Math.random());
}

/** Asks in the workflow task itself; where that brings no answer, whyever, by an activity of its own. */
async function viaLocalActivityOr<Answer>(
  refund: RefundRun,
  askInPassing: () => Promise<Answer>,
  byActivity: () => Promise<Answer>,
): Promise<Answer> {
  if (refund.localActivitiesDisabled) return byActivity();
  try {
    return await askInPassing();
  } catch (error) {
    // Anything else is a mistake of the worker's, such as an activity that it does not have.
    if (!(error instanceof TemporalFailure)) throw error;
    const cause = error instanceof ActivityFailure ? error.cause : error;
    // A WorldFirst that is slow is not asked twice for everything.
    refund.localActivitiesDisabled =
      cause instanceof TimeoutFailure ||
      (cause instanceof ApplicationFailure && cause.type === 'LocalActivitiesDisabled');
  }
  return byActivity();
}

/** WorldFirst could not be asked. */
interface NoOrderAnswer {
  kind: 'noAnswer';
  reason: string;
}

/** What the failure of an activity says of a call: nothing. */
function unknownAfter(error: unknown): Unknown {
  if (!(error instanceof ActivityFailure)) throw error;
  return { kind: 'unknown', reason: reasonOf(error) };
}

/** Whoever decides later is told what brought the submission into doubt. */
function recordSubmission(
  { state }: RefundRun,
  before: SubmissionState,
  after: SubmissionState,
  answer: AnyAnswer,
): void {
  state.submission = after;
  if (after === 'unknown' && before !== 'unknown') state.ambiguity = sentenceOfAnswer(answer);
}

function record(refund: RefundRun, step: AnswerStep, answer: AnyAnswer): void {
  const { code, message, advice } = answer as ResultInfo;
  const said = message ?? ('reason' in answer ? answer.reason : undefined);
  refund.state.lastAnswer = {
    step,
    kind: answer.kind,
    ...(code !== undefined && { code }),
    ...(said !== undefined && { message: said }),
    ...(advice !== undefined && { advice }),
    at: new Date().toISOString(),
  };
  refund.mayNotify = !('tellsNobody' in answer);
  if ('ids' in answer) learnIds(refund.state, answer.ids);
  refund.note('answer', `${ASKED[step]}: ${sentenceOfAnswer(answer)}`);
}

const ASKED: Record<AnswerStep, string> = { query: 'order', send: 'sending', inquire: 'inquiry' };

function reasonOf(error: unknown): string {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof TimeoutFailure && !cause.cause)
    return 'the worker that made the call did not report back';
  return rootCause(error) ?? String(error);
}
