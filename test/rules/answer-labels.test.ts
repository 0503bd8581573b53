import { describe, expect, it } from 'vitest';
import { type AnyAnswer, meaningOf, sentenceOfAnswer } from '../../rules/answer-labels.js';

describe('the timeline has a label for each kind of answer', () => {
  it.each([
    ['found', 'WorldFirst knows the order'],
    ['noAnswer', 'no valid answer arrived'],
    ['accepted', 'WorldFirst accepted the refund'],
    ['refused', 'the call was refused'],
    ['idInUse', 'WorldFirst already has a different request under this id'],
    ['tryLater', 'WorldFirst refused the call for now'],
    ['unknown', 'the result is unknown'],
    ['notSent', 'this call was not sent: no connection was made'],
    ['mismatch', 'the answer does not match the request'],
    ['settled', 'the money was returned'],
    ['declined', 'the refund failed at WorldFirst, and no money was returned'],
    ['pending', 'WorldFirst accepted the refund, which is not settled yet'],
    ['notFound', 'WorldFirst does not know the refund'],
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
      'WorldFirst refused the call for now (BUSY: later, please)',
    ],
    ['with its code alone', { kind: 'tryLater', code: 'BUSY' }, 'WorldFirst refused the call for now (BUSY)'],
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
      'WorldFirst does not know the refund',
    ],
    ['without a code', { kind: 'notFound' }, 'WorldFirst does not know the refund'],
  ])('%s', (_, answer, sentence) => {
    expect(sentenceOfAnswer(answer)).toBe(sentence);
  });
});
