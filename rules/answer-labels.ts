import type { InquiryAnswer, OrderAnswer, ResultInfo, SendAnswer } from './answer.js';

/** Any answer, whatever was asked; `noAnswer` where the order could not be asked for. */
export type AnyAnswer = OrderAnswer | SendAnswer | InquiryAnswer | { kind: 'noAnswer'; reason: string };

/** Each kind of answer in the words that people read: in the timeline, and as the reason for a wait. */
const MEANING: Record<AnyAnswer['kind'], string> = {
  found: 'WorldFirst knows the order',
  noAnswer: 'WorldFirst could not be asked',
  accepted: 'WorldFirst took the refund',
  refused: 'WorldFirst refused',
  tryLater: 'WorldFirst asks to try again later',
  unknown: 'the result is unknown',
  notSent: 'nothing was sent, for no connection was made',
  mismatch: 'the answer does not fit what was asked',
  settled: 'the money was returned',
  declined: 'the refund ended without returning the money',
  pending: 'WorldFirst is still working on the refund',
  notFound: 'WorldFirst does not know the refund yet',
  throttled: 'WorldFirst has too many calls',
};

/** What an answer means, in a few words. */
export function meaningOf(kind: string): string {
  return MEANING[kind as AnyAnswer['kind']] ?? kind;
}

/** What WorldFirst said, or what happened instead of an answer; empty where a kind says it all. */
function saidBy(answer: AnyAnswer): string {
  const { code, message } = answer as ResultInfo;
  const said =
    message ??
    ('reason' in answer ? answer.reason : 'differences' in answer ? answer.differences.join(' ') : '');
  return [code, said].filter(Boolean).join(': ');
}

/** An answer as one sentence: what it means, and what was said. */
export function sentenceOfAnswer(answer: AnyAnswer): string {
  const said = saidBy(answer);
  return said ? `${meaningOf(answer.kind)} (${said})` : meaningOf(answer.kind);
}
