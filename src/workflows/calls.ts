import {
  ActivityFailure,
  CancellationScope,
  condition,
  proxyActivities,
  rootCause,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { RefundActivities } from '../activities/index.js';
import type { InquiryAnswer, OrderAnswer, SendAnswer, Words } from '../refund/answer.js';
import { applyRefundBody, cashierRefundBody } from '../refund/bodies.js';
import { learnIds } from '../refund/changes.js';
import { type Fate, fateAfter, fateAfterInquiry } from '../refund/fate.js';
import { inquiryOf } from '../refund/inquiry.js';
import type { WorldTradeRefundRequest } from '../refund/request.js';
import { type AnswerStep, providerRequestId } from '../refund/state.js';
import { type AnyAnswer, sentenceOfAnswer } from '../refund/words.js';
import type { RefundCase } from './case.js';

// Longer than any call to WorldFirst may take; after it the worker is taken for dead.
const startToCloseTimeout = '1 minute';

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
): Promise<OrderAnswer | { kind: 'noAnswer'; reason: string } | undefined> {
  const query = new CancellationScope();
  const answer = await query
    .run(() =>
      Promise.race([
        queryTradeOrder.executeWithOptions({ summary: 'query the trade order' }, [{ tradeId }]),
        // The query may be retried for a day; whoever stops the refund must not have to wait for it.
        condition(() => refund.isStopped()),
      ]),
    )
    .catch((error: unknown) => ({ kind: 'noAnswer' as const, reason: reasonOf(error) }));
  query.cancel();
  // An answer that comes together with what stopped the refund must not undo that.
  if (answer === undefined || refund.isStopped()) return undefined;
  record(refund, 'query', answer);
  return answer;
}

/** Sends the refund: the identical body under the identical id at every repeat. */
export async function sendRefund(refund: RefundCase): Promise<SendAnswer> {
  const { state, request, order } = refund;
  const id = providerRequestId(state);
  const before = state.fate;
  // From here on the money may move, whatever becomes of this worker.
  if (before === 'not-sent' || before === 'refused') state.fate = 'unknown';
  refund.note(
    'sent',
    `sent ${request.product === 'worldtrade' ? 'applyRefund' : 'refund'} under the id ${id}`,
  );
  const summary = before === 'unknown' ? 'send the identical refund again' : 'send the refund';
  const answer = await refund.calling(async (): Promise<SendAnswer> => {
    try {
      if (request.product === 'cashier') {
        return await cashierRefund.executeWithOptions({ summary }, [
          cashierRefundBody(id, request, new Date(state.startedAt)),
        ]);
      }
      if (!order) throw new Error('a WorldTrade refund is sent only after its order is known');
      return await applyRefund.executeWithOptions({ summary }, [applyRefundBody(id, request, order)]);
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error;
      return { kind: 'unknown', reason: reasonOf(error) };
    }
  });
  settleFate(refund, before, fateAfter(before, answer), answer);
  record(refund, 'send', answer);
  return answer;
}

/** Asks WorldFirst what became of the refund. */
export async function inquire(refund: RefundCase): Promise<InquiryAnswer> {
  const { state, order } = refund;
  const number = state.inquiries.done + 1;
  const summary = `inquiry ${number} of ${state.inquiries.allowed}`;
  const question = inquiryOf(state.request, providerRequestId(state), order, state.ids.refundId);
  const answer = await refund.calling(async (): Promise<InquiryAnswer> => {
    try {
      return await inquireRefund.executeWithOptions({ summary }, [question]);
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error;
      return { kind: 'unknown', reason: reasonOf(error) };
    }
  });
  state.inquiries.done = number;
  settleFate(refund, state.fate, fateAfterInquiry(state.fate, answer), answer);
  record(refund, 'inquire', answer);
  return answer;
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
