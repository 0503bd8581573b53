import { beginGeneration, cancel, fail, mayHaveBeenSent, succeed } from './changes.js';
import { DECISIONS, type DecisionName, type DecisionRefusal, type NextStep } from './decision.js';
import type { Decided, Decision } from './messages.js';
import type { RefundOutcome } from './outcome.js';
import { note, providerRequestId, type RefundState } from './state.js';

/** Whether a decision applies now. A repeated one was applied already, and changes nothing. */
export type DecisionCheck =
  | { kind: 'applies' }
  | { kind: 'repeated' }
  | { kind: 'refused'; code: DecisionRefusal; sentence: string };

/** The decisions that apply now. */
export function decisionsFor(state: RefundState): DecisionName[] {
  if (!state.attention) return [];
  return (Object.keys(DECISIONS) as DecisionName[]).filter((name) => applies(name, state));
}

function applies(name: DecisionName, state: RefundState): boolean {
  switch (name) {
    // Under a later id, "not-sent" is true of that id only: an earlier one was sent, and may have moved money after all.
    case 'cancel':
      return !mayHaveBeenSent(state);
    case 'mark-succeeded':
      return mayHaveBeenSent(state);
    // WorldFirst signed that the order is refunded: what is sent from now on could refund it twice.
    case 'send-again':
    case 'send-with-new-id':
      if (state.orderRefunded) return false;
  }
  return DECISIONS[name].appliesWhile.includes(state.submission);
}

/** Whether a decision applies in this state, and if not, why. */
export function checkDecision(state: RefundState, decision: Decision): DecisionCheck {
  if (!state.attention) {
    if (state.decided && sameDecision(state.decided, decision)) return { kind: 'repeated' };
    if (state.outcome) return refused('ENDED', endOf(state.outcome, state.decided));
    return state.decided
      ? refused('ALREADY_DECIDED', whoDecided(state.decided))
      : refused(
          'NOT_WAITING',
          `the refund is ${state.status}, not waiting for a decision; escalate it first`,
        );
  }
  const rule = DECISIONS[decision.decision];
  if (!applies(decision.decision, state)) {
    return refused('DOES_NOT_APPLY', `${decision.decision} does not apply: ${rule.otherwise}`);
  }
  if (rule.needsEvidence && !decision.evidence?.trim()) {
    return refused('EVIDENCE_MISSING', `${decision.decision} needs evidence, such as WorldFirst's answer`);
  }
  return { kind: 'applies' };
}

/** Applies a decision that {@link checkDecision} accepts. Returns the next step, or undefined where the refund has ended. */
export function applyDecision(state: RefundState, decision: Decision, at: string): NextStep | undefined {
  const { by, reason, evidence } = decision;
  const closedBy = { by, reason, ...(evidence && { evidence }) };
  delete state.attention;
  // The operator has seen what is unknown, but not what the workflow has not read yet.
  if (!state.earlierRunsUnread) delete state.inquireFirst;
  delete state.nextIdUnknown;
  state.decided = { ...decision, at };
  note(state, at, 'decision', decisionText(decision), by);
  switch (decision.decision) {
    case 'inquire-again':
      state.status = statusAtWork(state);
      return state.submission === 'accepted' ? 'followSettlement' : 'findOut';
    case 'send-again':
      state.status = state.submission === 'not-sent' ? 'preparing' : statusAtWork(state);
      // Nothing is at stake before the first sending, and the order may have changed while the refund waited.
      return state.submission === 'not-sent' ? 'prepare' : 'send';
    case 'send-with-new-id':
      state.status = 'applying';
      beginGeneration(state, state.generation + 1);
      state.submission = 'not-sent';
      note(
        state,
        at,
        'decision',
        `the refund is sent again, under the new id ${providerRequestId(state)}`,
        by,
      );
      return 'send';
    case 'cancel':
      cancel(state, at, { by, reason });
      return undefined;
    case 'mark-succeeded':
      succeed(state, at, 'operator', closedBy);
      return undefined;
    case 'mark-failed':
      fail(state, at, {
        code: 'CLOSED_BY_OPERATOR',
        message: reason,
        advice: adviceAfterClosing(state),
        ...closedBy,
      });
      return undefined;
  }
}

/** A decision that was applied, as the timeline has it. */
export function decisionText({ decision, reason, evidence }: Decision): string {
  return `decided ${decision}: ${reason}${evidence ? ` (evidence: ${evidence})` : ''}`;
}

/** The status while a refund is sent or inquired. */
export function statusAtWork({ submission }: RefundState): 'unknown' | 'processing' | 'applying' {
  if (submission === 'accepted') return 'processing';
  return submission === 'unknown' ? 'unknown' : 'applying';
}

/** After an operator's word that no money was returned: another refund is safe only if this one cannot move money any more. */
function adviceAfterClosing(state: RefundState): string {
  if (state.orderRefunded)
    return 'An operator closed the refund, and WorldFirst notified that the order was closed with a refund. Another refund of the order may pay the customer twice.';
  return state.submission === 'not-sent' || state.submission === 'refused'
    ? 'An operator closed the refund. Check the order’s other refunds before you start another one; it needs a new refundRequestId.'
    : `An operator closed the refund, but request id ${providerRequestId(state)} may still be carried out. Ask WorldFirst before you start another refund; otherwise the customer may be paid twice.`;
}

function endOf({ status }: RefundOutcome, decided?: Decided): string {
  const closed = decided !== undefined && CLOSING.includes(decided.decision);
  return `the refund has ended as ${status}${closed ? `: ${whoDecided(decided)}` : ''}`;
}

const CLOSING: readonly DecisionName[] = ['cancel', 'mark-succeeded', 'mark-failed'];

function whoDecided({ by, decision, at }: Decided): string {
  return `${by} decided ${decision} at ${at}`;
}

function refused(code: DecisionRefusal, sentence: string): DecisionCheck {
  return { kind: 'refused', code, sentence };
}

function sameDecision(a: Decision, b: Decision): boolean {
  return (
    a.decision === b.decision &&
    a.by === b.by &&
    a.reason === b.reason &&
    (a.evidence ?? '') === (b.evidence ?? '')
  );
}
