import type { InquiryAnswer, SendAnswer } from './answer.js';

/**
 * What is certain about the request that was sent under the id in use:
 * - `not-sent`: no connection was ever made, so no money can move;
 * - `refused`: each time it was sent, WorldFirst answered with a signed refusal;
 * - `unknown`: it may have been carried out;
 * - `accepted`: WorldFirst accepted it.
 */
export type SubmissionState = 'not-sent' | 'refused' | 'unknown' | 'accepted';

/** What each state of the submission means for the money, as a sentence. */
const MONEY: Record<SubmissionState, string> = {
  'not-sent': 'Nothing was sent, so this refund moved no money.',
  refused: 'WorldFirst signed a refusal of every request under this id, so this refund moved no money.',
  unknown: 'The money may have moved.',
  accepted: 'WorldFirst accepted the refund, so the money may have moved, or may still move.',
};

/** What is certain about the money of a refund. Under a later id, "nothing was sent" is not true of the ids before it. */
export function moneyOf({
  submission,
  generation,
}: {
  submission: SubmissionState;
  generation: number;
}): string {
  return submission === 'not-sent' && generation > 1
    ? 'Nothing was sent under this id. WorldFirst signed a refusal of every request under the earlier id.'
    : MONEY[submission];
}

/**
 * The submission after one more answer. It only moves towards what is safe: a refusal of a repeat says nothing about the
 * first request, and an unsigned refusal can come from anyone, so neither makes an unknown submission known.
 */
export function submissionAfterSending(before: SubmissionState, answer: SendAnswer): SubmissionState {
  if (before === 'accepted' || answer.kind === 'accepted') return 'accepted';
  if (before === 'unknown') return 'unknown';
  switch (answer.kind) {
    case 'refused':
      return answer.signed ? 'refused' : 'unknown';
    case 'tryLater':
      return 'refused';
    case 'notSent':
      return before;
    case 'unknown':
    case 'mismatch':
    // Another request has this id, and what became of it is not known here.
    case 'idInUse':
      return 'unknown';
  }
}

/** The submission after an inquiry. An entry under an id that WorldFirst refused is more than a refusal. */
export function submissionAfterInquiry(before: SubmissionState, answer: InquiryAnswer): SubmissionState {
  if (answer.kind === 'pending') return 'accepted';
  return answer.kind === 'mismatch' && before === 'refused' ? 'unknown' : before;
}
