import type { SubmissionState } from './submission.js';

/** How a refund goes on after a decision that does not end it. */
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
  /** The states of the submission in which it applies. */
  appliesWhile: readonly SubmissionState[];
  /** Why it does not apply in the others. */
  otherwise?: string;
  needsEvidence?: true;
}

/** Each decision, what it does to the money, and when it applies: the table that docs and messages show. */
export const DECISIONS: Record<DecisionName, DecisionRule> = {
  'inquire-again': {
    effect:
      'Starts the inquiries over. If WorldFirst does not know the refund, the identical request is sent again under the same id: WorldFirst carries out one id once.',
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
      'Sends the refund as a new one, under the next id (refund-1-2 after refund-1), which no other refund may use. If the refused request moved money after all, the money moves twice.',
    appliesWhile: ['refused'],
    otherwise:
      'a new id is only safe after a definite refusal: this refund may still be carried out, or was never sent',
  },
  cancel: {
    effect: 'Closes the refund as cancelled. Moves no money: nothing was sent.',
    appliesWhile: ['not-sent'],
    otherwise: 'the refund was sent; close it with mark-succeeded or mark-failed once its result is known',
  },
  'mark-succeeded': {
    effect:
      'Closes the refund as succeeded. Moves no money: it records evidence that the money was returned.',
    appliesWhile: ['refused', 'unknown', 'accepted'],
    otherwise: 'nothing was sent, so this refund cannot have succeeded',
    needsEvidence: true,
  },
  'mark-failed': {
    effect: 'Closes the refund as failed. Moves no money: it records evidence that no money was returned.',
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
