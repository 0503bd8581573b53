import type { InquiryAnswer, OrderAnswer, ResultInfo, SendAnswer } from './answer.js';
import type { AnswerStep } from './state.js';

/** Any answer to any call; `noAnswer` where the order could not be queried. */
export type AnyAnswer = OrderAnswer | SendAnswer | InquiryAnswer | { kind: 'noAnswer'; reason: string };

/** Each kind of answer as people read it: in the timeline, and as the reason for a wait. */
const MEANING: Record<AnyAnswer['kind'], string> = {
  found: 'WorldFirst knows the order',
  noAnswer: 'no valid answer arrived',
  accepted: 'WorldFirst accepted the refund',
  refused: 'the call was refused',
  idInUse: 'WorldFirst already has a different request under this id',
  tryLater: 'WorldFirst refused the call for now',
  unknown: 'the result is unknown',
  notSent: 'this call was not sent: no connection was made',
  mismatch: 'the answer does not match the request',
  settled: 'the money was returned',
  declined: 'the refund failed at WorldFirst, and no money was returned',
  pending: 'WorldFirst accepted the refund, which is not settled yet',
  notFound: 'WorldFirst does not know the refund',
  throttled: 'WorldFirst’s rate limit was exceeded',
};

/** Each kind of call as people read it. */
export const CALL_NAMES: Record<AnswerStep, string> = {
  query: 'order query',
  send: 'refund request',
  inquire: 'inquiry',
};

/** The meaning of an answer in a few words. */
export function meaningOf(kind: string): string {
  return MEANING[kind as AnyAnswer['kind']] ?? kind;
}

/** WorldFirst's own words, or what happened instead of an answer; empty where the kind says it all. */
function saidBy(answer: AnyAnswer): string {
  const { code, message } = answer as ResultInfo;
  const said =
    message ??
    ('reason' in answer ? answer.reason : 'differences' in answer ? answer.differences.join(' ') : '');
  // "(SUCCESS: success.)" behind a meaning adds nothing, and reads as a success where the refund had none.
  if (code === 'SUCCESS') return '';
  return [code, said].filter(Boolean).join(': ');
}

/** An answer as one sentence: its meaning, and WorldFirst's own words. */
export function sentenceOfAnswer(answer: AnyAnswer): string {
  const said = saidBy(answer);
  return said ? `${meaningOf(answer.kind)} (${said})` : meaningOf(answer.kind);
}
