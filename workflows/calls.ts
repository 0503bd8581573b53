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
import type { Busy, InquiryAnswer, OrderAnswer, SendAnswer, Unknown, Words } from '../rules/answer.js';
import { applyRefundBody, cashierRefundBody } from '../rules/bodies.js';
import { learnIds } from '../rules/changes.js';
import { type Fate, fateAfter, fateAfterInquiry } from '../rules/fate.js';
import { inquiryOf } from '../rules/inquiry.js';
import type { Inquiry } from '../rules/integrity.js';
import type { WorldTradeRefundRequest } from '../rules/request.js';
import { DAY, growingWait, HOUR, SECOND, spread } from '../rules/schedule.js';
import { type AnswerStep, providerRequestId, type RefundState } from '../rules/state.js';
import { type AnyAnswer, sentenceOfAnswer } from '../rules/words.js';
import type { RefundCase } from './case.js';

// Longer than any call to WorldFirst may take; after it the worker is taken for dead.
const startToCloseTimeout = '1 minute';

/**
 * A question whose answer is due at once is asked in the workflow task itself (a local activity): that is two tasks and
 * five events less. Messages are not read meanwhile, so it has little time. What it does not bring in that time, an
 * activity of its own is asked for: one that is tried again, and that people see.
 */
const inPassing = proxyLocalActivities<RefundActivities>({
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
  refund: RefundCase,
  { tradeId }: WorldTradeRefundRequest,
): Promise<Exclude<OrderAnswer, Busy> | NoAnswer | undefined> {
  const { state } = refund;
  let answer: OrderAnswer | NoAnswer | undefined;
  for (;;) {
    if (state.retries > 0) {
      await refund.wait(busyWait(state, DAY) ?? 0, QUERY);
      if (refund.isStopped()) return undefined;
    }
    answer = await queryNow(refund, tradeId);
    state.retries += 1;
    if (answer?.kind !== 'busy' || busyWait(state, DAY) === undefined) break;
    record(refund, 'query', answer);
  }
  state.retries = 0;
  // An answer that comes together with what stopped the refund must not undo that.
  if (answer === undefined || refund.isStopped()) return undefined;
  record(refund, 'query', answer);
  return answer.kind === 'busy' ? { kind: 'noAnswer', reason: answer.reason } : answer;
}

const QUERY = 'query the trade order';

function queryNow(refund: RefundCase, tradeId: string): Promise<OrderAnswer | NoAnswer | undefined> {
  return inPassingOr(
    refund,
    () => inPassing.queryTradeOrder.executeWithOptions({ summary: QUERY }, [{ tradeId }]),
    () => queryForLong(refund, tradeId),
  );
}

/** The query may be retried for a day; whoever stops the refund must not have to wait for it. */
async function queryForLong(
  refund: RefundCase,
  tradeId: string,
): Promise<OrderAnswer | NoAnswer | undefined> {
  const query = new CancellationScope();
  try {
    const answer = await query.run(() =>
      Promise.race([
        queryTradeOrder.executeWithOptions({ summary: QUERY }, [{ tradeId }]),
        condition(() => refund.isStopped()),
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
export async function sendRefund(refund: RefundCase): Promise<SendAnswer> {
  const { state, request } = refund;
  const { order } = state;
  const id = providerRequestId(state);
  const before = state.fate;
  // From here on the money may move, whatever becomes of this worker.
  if (before === 'not-sent' || before === 'refused') state.fate = 'unknown';
  refund.note(
    'sent',
    `sent ${request.product === 'worldtrade' ? 'applyRefund' : 'refund'} under the id ${id}`,
  );
  const summary = before === 'unknown' ? 'send the identical refund again' : 'send the refund';
  let answer: SendAnswer;
  refund.callBegins();
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
  settleFate(refund, before, fateAfter(before, answer), answer);
  record(refund, 'send', answer);
  return answer;
}

/** Asks WorldFirst what became of the refund; undefined when the refund was stopped before an answer came. */
export async function inquire(
  refund: RefundCase,
  { atOnce = false }: { atOnce?: boolean } = {},
): Promise<Exclude<InquiryAnswer, Busy> | undefined> {
  const { state } = refund;
  const number = state.inquiries.done + 1;
  const summary = `inquiry ${number} of ${state.inquiries.allowed}`;
  const question = inquiryOf(state.request, providerRequestId(state), state.order, state.ids.refundId);
  let answer: InquiryAnswer;
  for (;;) {
    if (state.retries > 0) {
      await refund.wait(busyWait(state, HOUR) ?? 0, summary);
      if (refund.isStopped()) return undefined;
    }
    answer = await inquireNow(refund, question, summary, atOnce && state.retries === 0);
    state.retries += 1;
    if (answer.kind !== 'busy' || busyWait(state, HOUR) === undefined) break;
    // Nothing was asked, so it is not one of the inquiries that are allowed.
    record(refund, 'inquire', answer);
  }
  state.retries = 0;
  const known = answer.kind === 'busy' ? { ...answer, kind: 'unknown' as const } : answer;
  state.inquiries.done = number;
  settleFate(refund, state.fate, fateAfterInquiry(state.fate, known), known);
  record(refund, 'inquire', known);
  return known;
}

function inquireNow(
  refund: RefundCase,
  question: Inquiry,
  summary: string,
  atOnce: boolean,
): Promise<InquiryAnswer> {
  refund.callBegins();
  const byActivity = () =>
    inquireRefund.executeWithOptions({ summary }, [question]).catch((error: unknown) => unknownAfter(error));
  // Whoever waits for the first answer has it by now, and gets it only when the workflow task is done.
  if (!atOnce || refund.isAwaited()) return byActivity();
  return inPassingOr(
    refund,
    () => inPassing.inquireRefund.executeWithOptions({ summary }, [question]),
    byActivity,
  );
}

/** How long to wait before a question is put again to a WorldFirst that has too many calls, unless that has taken too long. */
function busyWait({ retries }: RefundState, patience: number): number | undefined {
  const wait = growingWait(retries, { first: 30 * SECOND, longest: 1 * HOUR, patience });
  return wait && spread(wait, Math.random());
}

/** Asks in the workflow task itself; where that brings no answer, whyever, by an activity of its own. */
async function inPassingOr<Answer>(
  refund: RefundCase,
  askInPassing: () => Promise<Answer>,
  byActivity: () => Promise<Answer>,
): Promise<Answer> {
  if (refund.onlyByTaskQueue) return byActivity();
  try {
    return await askInPassing();
  } catch (error) {
    // Anything else is a mistake of the worker's, such as an activity that it does not have.
    if (!(error instanceof TemporalFailure)) throw error;
    const cause = error instanceof ActivityFailure ? error.cause : error;
    // A WorldFirst that is slow is not asked twice for everything.
    refund.onlyByTaskQueue =
      cause instanceof TimeoutFailure ||
      (cause instanceof ApplicationFailure && cause.type === 'OnlyByTaskQueue');
  }
  return byActivity();
}

/** WorldFirst could not be asked. */
interface NoAnswer {
  kind: 'noAnswer';
  reason: string;
}

/** What the failure of an activity says of a call: nothing. */
function unknownAfter(error: unknown): Unknown {
  if (!(error instanceof ActivityFailure)) throw error;
  return { kind: 'unknown', reason: reasonOf(error) };
}

/** Whoever decides later is told what brought the fate into doubt. */
function settleFate({ state }: RefundCase, before: Fate, after: Fate, answer: AnyAnswer): void {
  state.fate = after;
  if (after === 'unknown' && before !== 'unknown') state.doubt = sentenceOfAnswer(answer);
}

function record(refund: RefundCase, step: AnswerStep, answer: AnyAnswer): void {
  const { code, message, advice } = answer as Words;
  const said = message ?? ('reason' in answer ? answer.reason : undefined);
  refund.state.lastAnswer = {
    step,
    kind: answer.kind,
    ...(code !== undefined && { code }),
    ...(said !== undefined && { message: said }),
    ...(advice !== undefined && { advice }),
    at: new Date().toISOString(),
  };
  refund.mayBeTold = !('tellsNobody' in answer);
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
