import { cancel, mayHaveBeenSent, requireAttention, succeed } from './changes.js';
import type { AuditNote, ClosureNotification } from './messages.js';
import { note, type RefundState } from './state.js';

/** What can stop the automatic work of a refund from the outside. */
export type Interruption =
  | ({ kind: 'escalate' } & AuditNote)
  | ({ kind: 'cancel' } & AuditNote)
  | ({ kind: 'notification' } & ClosureNotification);

/**
 * Carries out an interruption: the refund waits for a person or ends, or goes on where the interruption changes
 * nothing. Everything is written into the timeline either way.
 */
export function interrupt(state: RefundState, interruption: Interruption, at: string): void {
  switch (interruption.kind) {
    case 'escalate':
      escalate(state, interruption, at);
      break;
    case 'cancel':
      requestCancel(state, interruption, at);
      break;
    case 'notification':
      notified(state, interruption, at);
      break;
  }
}

function escalate(state: RefundState, { by, reason }: AuditNote, at: string): void {
  note(state, at, 'escalate', `asked to stop for a person: ${reason}`, by);
  if (!state.outcome && !state.attention)
    requireAttention(state, at, 'escalated', { detail: `${by}: ${reason}` });
}

function requestCancel(state: RefundState, { by, reason }: AuditNote, at: string): void {
  note(state, at, 'cancel-requested', 'the workflow was asked to cancel', by);
  if (state.outcome) return;
  if (!mayHaveBeenSent(state)) cancel(state, at, { by, reason });
  else if (!state.attention) requireAttention(state, at, 'cancel-requested');
}

function notified(state: RefundState, { tradeId, isRefund }: ClosureNotification, at: string): void {
  if (state.request.product !== 'worldtrade' || state.request.tradeId !== tradeId) {
    note(state, at, 'message-dropped', 'dropped a notification of another order');
    return;
  }
  note(
    state,
    at,
    'notification',
    `WorldFirst notified: the order was closed ${isRefund === 'Y' ? 'with' : 'without'} a refund`,
  );
  // WorldFirst sends it up to eight times. A person who was asked about it has decided, or will: a repeat must not stop
  // the work again, and says nothing of what was sent since.
  if (state.outcome || state.askedAbout === isRefund) return;
  const mayHaveMoved = state.submission === 'unknown' || state.submission === 'accepted';
  if (isRefund === 'Y') {
    // An order is refunded whole, so this confirms ours, unless its own answer already contradicts what was asked.
    if (!mayHaveMoved) {
      // Whatever a person is asked already, sending again would now refund the order twice.
      state.askedAbout = isRefund;
      requireAttention(state, at, 'refunded-elsewhere');
    } else if (state.attention?.key !== 'answer-does-not-match') succeed(state, at, 'notification');
  } else if (mayHaveBeenSent(state) && !state.attention) {
    state.askedAbout = isRefund;
    requireAttention(state, at, 'closed-without-refund');
  }
}
