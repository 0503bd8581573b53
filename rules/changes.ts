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
import type { Schedule } from './schedule.js';
import { note, providerRequestId, type RefundState, referenceOf, type Step } from './state.js';

/** Begins a step of the story, with the inquiries that are its own. */
export function begin(state: RefundState, step: Step, schedule: Schedule): void {
  state.step = step;
  state.retries = 0;
  state.notFoundInARow = 0;
  if (step === 'findOut') state.inquiries = { done: 0, allowed: schedule.inquiryIntervals.length };
  if (step === 'followSettlement') {
    state.inquiries = { done: 0, allowed: schedule.settlementIntervals.length };
  }
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

/** Ends the refund: WorldFirst took it, and nothing will ever confirm the settlement. */
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

/** Stops the automatic work until a person has decided. */
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
  note(state, at, 'attention', `needs a person (${key}): ${detail ?? ATTENTION[key].explanation}`);
}

/** Adds the ids that WorldFirst gave. One that is known already stays. */
export function learnIds(state: RefundState, ids: ProviderIds): void {
  state.ids = { ...ids, ...state.ids };
}

/** Whether anything was ever sent that WorldFirst may have read. */
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
      return `, confirmed by ${outcome.confirmedBy}`;
    case 'failed':
      return ` (${outcome.code}): ${outcome.message}`;
    case 'cancelled':
      return `: ${outcome.reason}`;
    case 'accepted':
      return ': WorldFirst took it, and nothing will confirm the settlement';
  }
}
