import type { ProviderIds } from './answer.js';
import { ATTENTION, type AttentionKey } from './attention.js';
import type {
  ClosedBy,
  OutcomeBase,
  RefundAccepted,
  RefundCancelled,
  RefundFailed,
  RefundOutcome,
  RefundSucceeded,
} from './outcome.js';
import { BASIS } from './outcome.js';
import type { Schedule } from './schedule.js';
import {
  note,
  type OpenAttention,
  providerRequestId,
  type RefundState,
  referenceOf,
  type Step,
} from './state.js';

/** Begins a step of the refund, with the inquiries that are its own. */
export function begin(state: RefundState, step: Step, schedule: Schedule): void {
  state.step = step;
  state.unsentAttempts = 0;
  state.throttledQueries = 0;
  state.throttledInquiries = 0;
  state.notFoundInARow = 0;
  if (step === 'findOut') state.inquiries = { done: 0, allowed: schedule.inquiryIntervals.length };
  if (step === 'followSettlement') {
    state.inquiries = { done: 0, allowed: schedule.settlementIntervals.length };
  }
}

/**
 * Forgets what was certain about the submission: the run before a reset, an earlier workflow or another system may have
 * sent the refund. An inquiry comes before anything is sent, and no refusal counts as definite from here on.
 */
export function assumeSent(
  state: RefundState,
  at: string,
  event: 'reset' | 'already-sent',
  sentence: string,
): void {
  note(state, at, event, sentence);
  if (state.outcome) return;
  state.inquireFirst = true;
  state.earlierRunsUnread = true;
  if (state.submission !== 'accepted') {
    state.submission = 'unknown';
    state.ambiguity = sentence;
  }
  // The reason for which the refund waits may no longer be the only one.
  if (state.attention)
    requireAttention(state, at, 'workflow-reset', { detail: askedBefore(state.attention) });
}

/** Goes on under another request id towards WorldFirst; the ids of the request before are not the ids of this one. */
export function beginGeneration(state: RefundState, generation: number): void {
  state.generation = generation;
  delete state.idInUse;
  delete state.ids.refundId;
  delete state.ids.refundOrderId;
}

function askedBefore({ key, detail }: OpenAttention): string {
  return `Before the reset: ${detail ?? ATTENTION[key].explanation}`;
}

/** Ends the refund: the money was returned. */
export function succeed(
  state: RefundState,
  at: string,
  confirmedBy: RefundSucceeded['confirmedBy'],
  closedBy: Partial<ClosedBy> = {},
): void {
  end(state, at, { ...base(state), status: 'succeeded', confirmedBy, ...closedBy }, closedBy.by);
}

/** Ends the refund: WorldFirst accepted it, and no answer confirms the settlement. */
export function accept(state: RefundState, at: string): void {
  end(state, at, { ...base(state), status: 'accepted' } satisfies RefundAccepted);
}

/** Ends the refund: the money was not returned. */
export function fail(
  state: RefundState,
  at: string,
  why: Pick<RefundFailed, 'code' | 'message' | 'advice'> & Partial<ClosedBy>,
): void {
  end(state, at, { ...base(state), status: 'failed', ...why }, why.by);
}

/** Ends the refund before anything was sent. */
export function cancel(
  state: RefundState,
  at: string,
  { by, reason }: Pick<RefundCancelled, 'by' | 'reason'>,
): void {
  end(state, at, { ...base(state), status: 'cancelled', by, reason }, by);
}

/** Stops the automatic work until an operator has decided. */
export function requireAttention(
  state: RefundState,
  at: string,
  key: AttentionKey,
  particulars: { detail?: string | undefined; furtherAction?: string | undefined } = {},
): void {
  const { detail, furtherAction } = particulars;
  state.status = 'needs-attention';
  state.attention = { key, since: at, ...(detail && { detail }), ...(furtherAction && { furtherAction }) };
  delete state.next;
  note(
    state,
    at,
    'attention',
    `needs an operator (${key}): ${[ATTENTION[key].explanation, detail].filter(Boolean).join(' ')}`,
  );
}

/** Adds the ids that WorldFirst gave. One that is known already stays. */
export function learnIds(state: RefundState, ids: ProviderIds): void {
  state.ids = { ...ids, ...state.ids };
}

/** Whether anything was ever sent that WorldFirst may have received. */
export function mayHaveBeenSent(state: RefundState): boolean {
  return state.submission !== 'not-sent' || state.generation > 1;
}

function base(state: RefundState): OutcomeBase {
  return {
    refundRequestId: state.request.refundRequestId,
    providerRequestId: providerRequestId(state),
    product: state.request.product,
    reference: referenceOf(state.request),
    ...(state.amount && { amount: state.amount }),
    ...state.ids,
  };
}

function end(state: RefundState, at: string, outcome: RefundOutcome, by?: string): void {
  state.status = outcome.status;
  state.outcome = outcome;
  delete state.attention;
  delete state.next;
  note(state, at, 'ended', `ended as ${outcome.status}${becauseOf(outcome)}`, by);
}

function becauseOf(outcome: RefundOutcome): string {
  switch (outcome.status) {
    case 'succeeded':
      return `, based on ${BASIS[outcome.confirmedBy]}`;
    case 'failed':
      return ` (${outcome.code}): ${outcome.message}`;
    case 'cancelled':
      return `: ${outcome.reason}`;
    case 'accepted':
      return ': WorldFirst accepted it; whether the money arrived is not known here';
  }
}
