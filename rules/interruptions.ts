import { cancel, mayHaveBeenSent, requireAttention, succeed } from './changes.js';
import type { AuditNote, ClosureNotification } from './messages.js';
import { note, type RefundState } from './state.js';

/** A closure notification that WorldFirst signed, and which of the order's refunds it is about. */
interface VerifiedNotification extends ClosureNotification {
  /** When WorldFirst signed it; names it as evidence. */
  requestTime: string;
  concerns: 'this' | 'another' | 'unclear';
}

/** An event from outside that can stop the automatic work of a refund. */
export type Interruption =
  | ({ kind: 'escalate' } & AuditNote)
  | ({ kind: 'cancel' } & AuditNote)
  | ({ kind: 'notification' } & VerifiedNotification);

/**
 * Applies an interruption: the refund waits for an operator, ends, or continues if the interruption changes nothing.
 * The timeline has it in each case.
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
      closeByNotification(state, interruption, at);
      break;
  }
}

function escalate(state: RefundState, { by, reason }: AuditNote, at: string): void {
  note(state, at, 'escalate', `halted for an operator: ${reason}`, by);
  if (!state.outcome && !state.attention)
    requireAttention(state, at, 'escalated', { detail: `${by}: ${reason}` });
}

function requestCancel(state: RefundState, { by, reason }: AuditNote, at: string): void {
  note(state, at, 'cancel-requested', 'cancellation requested', by);
  if (state.outcome) return;
  if (!mayHaveBeenSent(state)) cancel(state, at, { by, reason });
  else if (!state.attention) requireAttention(state, at, 'cancel-requested');
}

function closeByNotification(state: RefundState, notification: VerifiedNotification, at: string): void {
  const { tradeId, isRefund } = notification;
  // Stryker disable next-line ConditionalExpression: only a WorldTrade request has a tradeId; the compiler needs both.
  if (state.request.product !== 'worldtrade' || state.request.tradeId !== tradeId) {
    note(state, at, 'message-dropped', 'ignored a notification of another order');
    return;
  }
  note(
    state,
    at,
    'notification',
    `WorldFirst notified: the order was closed ${isRefund === 'Y' ? 'with' : 'without'} a refund`,
  );
  // WorldFirst sends it up to eight times. Once an operator has it, a repeat must not stop the work again: it says nothing
  // of what was sent since.
  if (state.outcome || state.askedAbout === isRefund) return;
  if (isRefund === 'Y') closedWithRefund(state, notification, at);
  else if (mayHaveBeenSent(state) && !state.attention) {
    state.askedAbout = isRefund;
    requireAttention(state, at, 'closed-without-refund');
  }
}

/** An order is refunded whole, so exactly one refund was carried out: this one, unless something contradicts it. */
function closedWithRefund(
  state: RefundState,
  { concerns, requestTime }: VerifiedNotification,
  at: string,
): void {
  const mayHaveMoved = state.submission === 'unknown' || state.submission === 'accepted';
  // An earlier run may know that WorldFirst refused this refund, or that the notification is about another one.
  const isAssumed = state.submission === 'unknown' && (state.earlierRunsUnread || state.orderRefunded);
  // Whatever an operator decides from now on, sending this refund could refund the order twice.
  state.orderRefunded = true;
  if (concerns === 'unclear' || (concerns === 'this' && mayHaveMoved && (state.idInUse || isAssumed))) {
    state.askedAbout = 'Y';
    requireAttention(state, at, 'notification-unclear');
  } else if (concerns === 'another' || !mayHaveMoved) {
    state.askedAbout = 'Y';
    requireAttention(state, at, 'refunded-elsewhere');
  } else if (state.attention?.key !== 'answer-does-not-match')
    succeed(state, at, 'notification', { evidence: `WorldFirst’s closure notification of ${requestTime}` });
}
