import type { AttentionKey } from './attention.js';
import { ATTENTION } from './attention.js';
import { decisionsFor } from './decide.js';
import type { DecisionName } from './decision.js';
import type { Amount } from './money.js';
import type { RefundOutcome, RefundStatus } from './outcome.js';
import type { Product } from './request.js';
import {
  type LastAnswer,
  type OpenAttention,
  providerRequestId,
  type RefundState,
  referenceOf,
  type TimelineEntry,
} from './state.js';
import { moneyOf, type SubmissionState } from './submission.js';

/** Everything that is known of one refund, for people and programs. Times are ISO 8601 in UTC. */
export interface RefundView {
  refundRequestId: string;
  workflowId: string;
  product: Product;
  /** `tradeId` or `payToId`. */
  reference: string;
  status: RefundStatus;
  /** What is certain about the request under the id in use. */
  submission: SubmissionState;
  /** The id in use towards WorldFirst; differs from `refundRequestId` only after `send-with-new-id`. */
  providerRequestId: string;
  amount?: Amount;
  refundId?: string;
  refundOrderId?: string;
  paymentOrderId?: string;
  /** Of the inquiries that are running, or ran last. */
  inquiries: { done: number; allowed: number; nextAt?: string };
  lastAnswer?: LastAnswer;
  attention?: AttentionView;
  /** Once it has ended. */
  outcome?: RefundOutcome;
  timeline: TimelineEntry[];
}

/** Why an operator is needed. */
export interface AttentionView {
  reason: AttentionKey;
  /** Why, and what is certain about the money. */
  explanation: string;
  advice: string;
  since: string;
  /** The decisions that apply now. */
  decisions: DecisionName[];
}

/** The one view that the query, the search attributes and the current details are made from. */
export function viewOf(state: RefundState): RefundView {
  const { request, status, submission, amount, ids, inquiries, next, lastAnswer, outcome, timeline } = state;
  const attention = state.attention && attentionViewOf(state, state.attention);
  return {
    refundRequestId: request.refundRequestId,
    workflowId: state.workflowId,
    product: request.product,
    reference: referenceOf(request),
    status,
    submission,
    providerRequestId: providerRequestId(state),
    ...(amount && { amount }),
    ...ids,
    inquiries: { ...inquiries, ...(next && { nextAt: next.at }) },
    ...(lastAnswer && { lastAnswer }),
    ...(attention && { attention }),
    ...(outcome && { outcome }),
    timeline,
  };
}

/** Why an operator is needed for this reason. */
export function attentionViewOf(state: RefundState, attention: OpenAttention): AttentionView {
  const { explanation, advice } = ATTENTION[attention.key];
  return {
    reason: attention.key,
    explanation: sentences(explanation, attention.detail, moneyOf(state)),
    advice: sentences(advice, attention.furtherAction && `Advice for this code: ${attention.furtherAction}`),
    since: attention.since,
    decisions: decisionsFor(state),
  };
}

function sentences(...parts: (string | undefined)[]): string {
  // A detail may be WorldFirst's own text, which ends without a full stop.
  return parts.flatMap((part) => (part ? [/[.!?]$/.test(part) ? part : `${part}.`] : [])).join(' ');
}
