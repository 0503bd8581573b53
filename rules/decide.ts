import { fail, succeed } from './changes.js';
import type { Decision } from './messages.js';
import type { RefundOutcome } from './outcome.js';
import { note, providerRequestId, type RefundState } from './state.js';
import type { SubmissionState } from './submission.js';

/** What a person may decide. */
export type DecisionName =
  | 'inquire-again'
  | 'send-again'
  | 'send-with-new-id'
  | 'mark-succeeded'
  | 'mark-failed';

/** A decision that was taken, and when. */
export type Decided = Decision & { at: string };

interface DecisionRule {
  /** What follows, and what it does to the money. */
  effect: string;
  /** The submissions in which it applies. */
  appliesWhile: readonly SubmissionState[];
  /** Why it does not apply in the others. */
  otherwise?: string;
  needsEvidence?: true;
}

/** Each decision, what it does to the money, and when it applies: the table that documentation and messages show. */
export const DECISIONS: Record<DecisionName, DecisionRule> = {
  'inquire-again': {
    effect:
      'Starts the inquiries over. Moves no money by itself: a request that WorldFirst does not know is sent again under the same id.',
    appliesWhile: ['refused', 'unknown', 'accepted'],
    otherwise: 'nothing was sent yet, so there is nothing to inquire about',
  },
  'send-again': {
    effect:
      'Sends the identical request under the same id. WorldFirst carries out one id once, so the money moves at most once.',
    appliesWhile: ['not-sent', 'refused', 'unknown', 'accepted'],
  },
  'send-with-new-id': {
    effect:
      'Sends the refund as a new one, under the next id (refund-1-2 after refund-1), which no other refund may use. The money moves again if the refused one moved any after all.',
    appliesWhile: ['refused'],
    otherwise:
      'a new id is only safe after a definite refusal: this refund may still be carried out, or was never sent',
  },
  'mark-succeeded': {
    effect:
      'Closes the refund as succeeded. Moves no money: it records that somebody saw the money returned.',
    appliesWhile: ['not-sent', 'refused', 'unknown', 'accepted'],
    needsEvidence: true,
  },
  'mark-failed': {
    effect:
      'Closes the refund as failed. Moves no money: it records that somebody knows that none was returned.',
    appliesWhile: ['not-sent', 'refused', 'unknown', 'accepted'],
    needsEvidence: true,
  },
};

/** Why a decision was refused. */
export type DecisionRefusal =
  | 'ENDED'
  | 'NOT_WAITING'
  | 'ALREADY_DECIDED'
  | 'DOES_NOT_APPLY'
  | 'EVIDENCE_MISSING';

/** Whether a decision applies now. A repeated one has been carried out already, and changes nothing. */
export type DecisionCheck =
  | { kind: 'applies' }
  | { kind: 'repeated' }
  | { kind: 'refused'; code: DecisionRefusal; sentence: string };

/** The decisions that apply now. */
export function decisionsFor(state: RefundState): DecisionName[] {
  if (!state.attention) return [];
  return (Object.keys(DECISIONS) as DecisionName[]).filter((name) =>
    DECISIONS[name].appliesWhile.includes(state.submission),
  );
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
          `the refund is ${state.status} and waits for nobody; escalate it first to stop its automatic work`,
        );
  }
  const rule = DECISIONS[decision.decision];
  if (!rule.appliesWhile.includes(state.submission)) {
    return refused('DOES_NOT_APPLY', `${decision.decision} does not apply: ${rule.otherwise}`);
  }
  if (rule.needsEvidence && !decision.evidence?.trim()) {
    return refused(
      'EVIDENCE_MISSING',
      `${decision.decision} needs evidence, something that shows that it is so`,
    );
  }
  return { kind: 'applies' };
}

/** How a refund goes on after a decision that does not end it. */
export type NextStep = 'prepare' | 'send' | 'findOut' | 'followSettlement';

/** Carries out a decision that {@link checkDecision} lets pass, and says how the refund goes on, unless it has ended. */
export function applyDecision(state: RefundState, decision: Decision, at: string): NextStep | undefined {
  const { by, reason, evidence } = decision;
  const closedBy = { by, reason, ...(evidence && { evidence }) };
  delete state.attention;
  state.decided = { ...decision, at };
  note(
    state,
    at,
    'decision',
    `decided ${decision.decision}: ${reason}${evidence ? ` (evidence: ${evidence})` : ''}`,
    by,
  );
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
      state.generation += 1;
      state.submission = 'not-sent';
      // The ids of the refused one are not the ids of this one.
      delete state.ids.refundId;
      delete state.ids.refundOrderId;
      note(state, at, 'decision', `the refund goes on under the id ${providerRequestId(state)}`, by);
      return 'send';
    case 'mark-succeeded':
      succeed(state, at, 'operator', closedBy);
      return undefined;
    case 'mark-failed':
      fail(state, at, {
        code: 'CLOSED_BY_OPERATOR',
        message: reason,
        advice:
          'An operator closed the refund as not refunded. It can be asked for anew under another refundRequestId.',
        ...closedBy,
      });
      return undefined;
  }
}

/** While a refund is sent or inquired: only one whose submission is in doubt is `unknown`. */
export function statusAtWork({ submission }: RefundState): 'unknown' | 'processing' | 'applying' {
  if (submission === 'accepted') return 'processing';
  return submission === 'unknown' ? 'unknown' : 'applying';
}

function endOf({ status }: RefundOutcome, decided?: Decided): string {
  const closed = decided?.decision === 'mark-succeeded' || decided?.decision === 'mark-failed';
  return `the refund has ended as ${status}${closed ? `: ${whoDecided(decided)}` : ''}`;
}

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
