import type { ProviderIds, ResultInfo } from './answer.js';
import type { AttentionKey } from './attention.js';
import type { Decided, NextStep } from './decide.js';
import { providerRequestIdOf, workflowIdOf } from './ids.js';
import type { Amount } from './money.js';
import { totalOf } from './money.js';
import type { OrderToRefund } from './order.js';
import type { RefundOutcome, RefundStatus } from './outcome.js';
import type { RefundRequest } from './request.js';
import type { SubmissionState } from './submission.js';

/** What follows in the story of a refund; `stop`: nothing, until a person decides, or because it has ended. */
export type Step = NextStep | 'stop';

/** The step of the story that an answer belongs to. */
export type AnswerStep = 'query' | 'send' | 'inquire';

/** What WorldFirst answered last. */
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

/** Why a person is needed now. */
export interface OpenAttention {
  key: AttentionKey;
  /** What is particular to this case, beyond the reason's own explanation. */
  detail?: string;
  /** What WorldFirst's page advises for the code that led here. */
  furtherAction?: string;
  since: string;
  /** When the outside, which was told, is told once more; `never` where it was, or where there is nobody to tell. */
  remindAt?: string;
}

/** Everything that is known about one refund. View, search attributes and current details are all made from it. */
export interface RefundState {
  readonly request: RefundRequest;
  readonly workflowId: string;
  readonly startedAt: string;
  /** Where the story is. */
  step: Step;
  status: RefundStatus;
  submission: SubmissionState;
  /** What was answered when the submission came into doubt. */
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
  /** How often in a row the call that is due brought nothing, so that it waits to be made again. */
  retries: number;
  /** When the next step is due, and what it is; only while the refund waits for a time. */
  next?: { at: string; what: string };
  lastAnswer?: LastAnswer;
  attention?: OpenAttention;
  /** The closure notification that a person was asked about. */
  askedAbout?: 'Y' | 'N';
  /** The decision that was taken last. */
  decided?: Decided;
  outcome?: RefundOutcome;
  timeline: TimelineEntry[];
}

/** A refund that has just started. */
export function newState(request: RefundRequest, startedAt: Date): RefundState {
  const amount =
    request.product === 'cashier'
      ? totalOf(request.refundToDetails.map((each) => each.refundAmount))
      : request.refundAmount;
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
    retries: 0,
    timeline: [],
  };
}

/** What people know the refunded thing by: the trade, or the payment. */
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
