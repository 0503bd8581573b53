import type { SubmissionState } from './submission.js';

/** The next step after a decision that does not end the refund. */
export type NextStep = 'prepare' | 'send' | 'findOut' | 'followSettlement';

/** The decisions that an operator can take. */
export type DecisionName =
  | 'inquire-again'
  | 'send-again'
  | 'send-with-new-id'
  | 'cancel'
  | 'mark-succeeded'
  | 'mark-failed';

interface DecisionRule {
  /** What follows, and what it does to the money. */
  effect: string;
  /** The states of the submission in which it applies; `decide.ts` has the exceptions. */
  appliesWhile: readonly SubmissionState[];
  /** Why it does not apply in the others. */
  otherwise?: string;
  needsEvidence?: true;
}

/** Each decision, what it does to the money, and when it applies: the table that docs and messages show. */
export const DECISIONS: Record<DecisionName, DecisionRule> = {
  'inquire-again': {
    effect:
      'Runs the inquiries again. If WorldFirst neither accepted nor knows the refund, SENDS the identical request again under the same id, which moves money at most once.',
    appliesWhile: ['refused', 'unknown', 'accepted'],
    otherwise: 'nothing was sent under the current id, so there is nothing to inquire about',
  },
  'send-again': {
    effect:
      'Sends the refund under the same id (a repeat is identical). This id moves money at most once; another refund of the order is paid in addition.',
    appliesWhile: ['not-sent', 'refused', 'unknown', 'accepted'],
    otherwise:
      'WorldFirst notified that the order was closed with a refund, so sending this one could pay twice',
  },
  'send-with-new-id': {
    effect:
      'Sends a NEW refund under the next id (refund-1-2 for refund-1; it must be unused). If another refund of the order, or the refused request, moved money, the customer is paid twice.',
    appliesWhile: ['refused'],
    otherwise:
      'a new id needs a signed refusal of every request under the current id, and no notification that the order was closed with a refund',
  },
  cancel: {
    effect: 'Closes the refund as cancelled. Nothing was sent, so no money moves.',
    appliesWhile: ['not-sent'],
    otherwise:
      'the refund may have been sent; when the result is known, decide mark-succeeded or mark-failed',
  },
  'mark-succeeded': {
    effect:
      'Closes the refund as succeeded. Sends nothing, and does not check the evidence: use it only with proof that the money was returned.',
    appliesWhile: ['refused', 'unknown', 'accepted'],
    otherwise: 'nothing was ever sent, so this refund cannot have succeeded',
    needsEvidence: true,
  },
  'mark-failed': {
    effect:
      'Closes the refund as failed. Does not stop a request that was sent: use it only with proof that no money was or will be returned.',
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
