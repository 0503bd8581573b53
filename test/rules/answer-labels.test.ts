import { describe, expect, it } from 'vitest';
import { type AnyAnswer, meaningOf, sentenceOfAnswer } from '../../rules/answer-labels.js';

describe('the timeline has a label for each kind of answer', () => {
  it.each([
    ['found', 'WorldFirst knows the order'],
    ['noAnswer', 'WorldFirst gave no answer'],
    ['accepted', 'WorldFirst accepted the refund'],
    ['refused', 'WorldFirst refused'],
    ['idInUse', 'the refund request id has another request already'],
    ['tryLater', 'WorldFirst asks to try again later'],
    ['unknown', 'the result is unknown'],
    ['notSent', 'nothing was sent: no connection was made'],
    ['mismatch', 'the answer does not match the request'],
    ['settled', 'the money was returned'],
    ['declined', 'the refund ended without returning the money'],
    ['pending', 'the refund is being processed'],
    ['notFound', 'WorldFirst does not know the refund yet'],
    ['throttled', 'WorldFirst’s rate limit was exceeded'],
    // From a view that a newer version has made.
    ['somethingNew', 'somethingNew'],
  ])('%s: %s', (kind, meaning) => {
    expect(meaningOf(kind)).toBe(meaning);
  });
});

describe('an answer as one sentence', () => {
  it.each<[string, AnyAnswer, string]>([
    [
      'with WorldFirst’s code and words',
      { kind: 'tryLater', code: 'BUSY', message: 'later, please' },
      'WorldFirst asks to try again later (BUSY: later, please)',
    ],
    ['with its code alone', { kind: 'tryLater', code: 'BUSY' }, 'WorldFirst asks to try again later (BUSY)'],
    [
      'with what happened instead',
      { kind: 'unknown', reason: 'It was cut off.' },
      'the result is unknown (It was cut off.)',
    ],
    [
      'with WorldFirst’s words rather than ours',
      { kind: 'unknown', reason: 'It answered U.', code: 'U', message: 'who knows' },
      'the result is unknown (U: who knows)',
    ],
    [
      'with every difference',
      { kind: 'mismatch', differences: ['a is b.', 'c is d.'] },
      'the answer does not match the request (a is b. c is d.)',
    ],
    [
      'without SUCCESS, which is about the call and not about the refund',
      { kind: 'notFound', code: 'SUCCESS', message: 'success.' },
      'WorldFirst does not know the refund yet',
    ],
    ['without a code', { kind: 'notFound' }, 'WorldFirst does not know the refund yet'],
  ])('%s', (_, answer, sentence) => {
    expect(sentenceOfAnswer(answer)).toBe(sentence);
  });
});
