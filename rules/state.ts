import type { ProviderIds, ResultInfo } from './answer.js';
import type { AttentionKey } from './attention.js';
import type { NextStep } from './decision.js';
import { providerRequestIdOf, workflowIdOf } from './ids.js';
import type { Decided } from './messages.js';
import type { Amount } from './money.js';
import { totalOf } from './money.js';
import type { OrderToRefund } from './order.js';
import type { RefundOutcome, RefundStatus } from './outcome.js';
import type { RefundRequest } from './request.js';
import type { SubmissionState } from './submission.js';

/** Where a refund is; `awaitDecision`: it waits for an operator, `done`: it has ended. */
export type Step = NextStep | 'awaitDecision' | 'done';

/** The kind of call that an answer belongs to. */
export type AnswerStep = 'query' | 'send' | 'inquire';

/** WorldFirst's last answer. */
export interface LastAnswer extends ResultInfo {
  step: AnswerStep;
  kind: string;
  at: string;
}

/** One line of what happened. */
export interface TimelineEntry {
  at: string;
  event: TimelineEvent;
  text: string;
  by?: string;
}

/** What can happen to a refund. */
export type TimelineEvent =
  | 'started'
  | 'already-sent'
  | 'reset'
  | 'order'
  | 'sent'
  | 'answer'
  | 'inquiry'
  | 'wait'
  | 'attention'
  | 'escalate'
  | 'decision'
  | 'decision-refused'
  | 'check-now'
  | 'notification'
  | 'cancel-requested'
  | 'message-dropped'
  | 'notification-failed'
  | 'continued'
  | 'ended';

/** Why the refund needs an operator now. */
export interface OpenAttention {
  key: AttentionKey;
  /** What is particular to this refund, beyond the reason's own explanation. */
  detail?: string;
  /** What WorldFirst's page advises for the code that led here. */
  furtherAction?: string;
  since: string;
  /** When the reminder is due; `never` where it was sent, or where there is no notifier. */
  remindAt?: string;
}

/** Everything that is known about one refund. View, search attributes and current details are all made from it. */
export interface RefundState {
  readonly request: RefundRequest;
  readonly workflowId: string;
  readonly startedAt: string;
  /** Where the refund is: the workflow's program counter. */
  step: Step;
  status: RefundStatus;
  submission: SubmissionState;
  /** What made the submission unknown, as a sentence. */
  ambiguity?: string;
  /** 1 for the caller's own id; one more after each `send-with-new-id`. */
  generation: number;
  amount?: Amount;
  /** The payment to refund, once the order is known (WorldTrade). */
  order?: OrderToRefund;
  ids: ProviderIds;
  inquiries: { done: number; allowed: number };
  /** How many inquiries in a row found that WorldFirst does not know the refund, while its settlement is followed. */
  notFoundInARow: number;
  /** Sendings in a row that made no connection. */
  unsentAttempts: number;
  /** Order queries in a row that met WorldFirst's rate limit. */
  throttledQueries: number;
  /** Inquiries in a row that met WorldFirst's rate limit. */
  throttledInquiries: number;
  /** Set where something unknown here may have sent the refund, until an inquiry has been answered: none is sent before. */
  inquireFirst?: true;
  /** Set where earlier runs of the workflow may have done what this one does not know, until their histories are read. */
  earlierRunsUnread?: true;
  /** Set where another system may have sent the refund under the next id, until WorldFirst says that it does not know that id. */
  nextIdUnknown?: true;
  /** Set once WorldFirst said that the id has another request: its result is then not the result of this refund. */
  idInUse?: true;
  /** Set once an unverified notification has brought an inquiry forward: it does so once. */
  hinted?: true;
  /** How often this workflow was reset. */
  resets: number;
  /** When the next step is due, and what it is; only while the refund waits for a time. */
  next?: { at: string; what: string };
  lastAnswer?: LastAnswer;
  attention?: OpenAttention;
  /** Set once WorldFirst notified that the order was closed with a refund: nothing is sent from then on. */
  orderRefunded?: true;
  /** The closure notification for which the refund was handed to an operator. */
  askedAbout?: 'Y' | 'N';
  /** The decision that was taken last. */
  decided?: Decided;
  outcome?: RefundOutcome;
  timeline: TimelineEntry[];
}

/** A refund that has just started. */
export function newState(request: RefundRequest, startedAt: Date): RefundState {
  const amount = requestedAmount(request);
  return {
    request,
    workflowId: workflowIdOf(request.refundRequestId),
    startedAt: startedAt.toISOString(),
    step: 'prepare',
    status: 'preparing',
    submission: 'not-sent',
    generation: 1,
    ...(amount && { amount }),
    ids: {},
    inquiries: { done: 0, allowed: 0 },
    notFoundInARow: 0,
    unsentAttempts: 0,
    throttledQueries: 0,
    throttledInquiries: 0,
    resets: 0,
    timeline: [],
  };
}

/** The money that a request asks for; undefined where it is the order's total, or of several currencies. */
export function requestedAmount(request: RefundRequest): Amount | undefined {
  return request.product === 'cashier'
    ? totalOf(request.refundToDetails.map((each) => each.refundAmount))
    : request.refundAmount;
}

/** The id by which people know what is refunded: the trade, or the payment. */
export function referenceOf(request: RefundRequest): string {
  return request.product === 'worldtrade' ? request.tradeId : request.payToId;
}

/** The id in use towards WorldFirst. */
export function providerRequestId(state: RefundState): string {
  return providerRequestIdOf(state.request.refundRequestId, state.generation);
}

const LONGEST_TIMELINE = 500;
// Temporal answers no query with more than 2 MB, and warns above half a megabyte. A character may take 3 bytes.
const LARGEST_TIMELINE = 100_000;

/** Writes one line of what happened. A flood of messages cannot make the timeline grow without end. */
export function note(state: RefundState, at: string, event: TimelineEvent, text: string, by?: string): void {
  const { timeline } = state;
  timeline.push({ at, event, text, ...(by !== undefined && { by }) });
  let size = timeline.reduce((sum, entry) => sum + sizeOf(entry), 0);
  // The first line stays: it says when the refund started.
  while (timeline.length > 2 && (timeline.length > LONGEST_TIMELINE || size > LARGEST_TIMELINE)) {
    for (const dropped of timeline.splice(1, 1)) size -= sizeOf(dropped);
  }
}

function sizeOf({ text, by = '' }: TimelineEntry): number {
  return text.length + by.length;
}
