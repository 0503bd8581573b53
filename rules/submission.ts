import type { InquiryAnswer, SendAnswer } from './answer.js';

/**
 * What is certain about the request that was sent under the id in use:
 * - `not-sent`: no connection was ever made, so no money can move;
 * - `refused`: each time it was sent, WorldFirst said a signed no;
 * - `unknown`: it may have been carried out;
 * - `accepted`: WorldFirst took it.
 */
export type SubmissionState = 'not-sent' | 'refused' | 'unknown' | 'accepted';

/**
 * The submission after one more answer. It only moves towards what is safe: a refusal of a repeat says nothing about the
 * first one, and an unsigned refusal can be anybody's, so neither makes an unknown submission known.
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
      return 'unknown';
  }
}

/** The submission after an inquiry. Whatever WorldFirst shows under an id that it refused, it is more than a no. */
export function submissionAfterInquiry(before: SubmissionState, answer: InquiryAnswer): SubmissionState {
  if (answer.kind === 'pending') return 'accepted';
  return answer.kind === 'mismatch' && before === 'refused' ? 'unknown' : before;
}
