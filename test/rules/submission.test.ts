import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InquiryAnswer, SendAnswer } from '../../rules/answer.js';
import {
  moneyOf,
  type SubmissionState,
  submissionAfterInquiry,
  submissionAfterSending,
} from '../../rules/submission.js';
import { anySendAnswer, anySubmission, SEND_ANSWERS, signedNo } from './fixtures.js';

/** Every submission after every answer, cell by cell. */
const TABLE: [answer: keyof typeof SEND_ANSWERS, ...after: SubmissionState[]][] = [
  // before:            not-sent    refused     unknown     accepted
  ['accepted', /*    */ 'accepted', 'accepted', 'accepted', 'accepted'],
  ['a signed no', /* */ 'refused', 'refused', 'unknown', 'accepted'],
  ['an unsigned no', /**/ 'unknown', 'unknown', 'unknown', 'accepted'],
  ['try later', /*   */ 'refused', 'refused', 'unknown', 'accepted'],
  ['unknown', /*     */ 'unknown', 'unknown', 'unknown', 'accepted'],
  ['not sent', /*    */ 'not-sent', 'refused', 'unknown', 'accepted'],
  ['id in use', /*   */ 'unknown', 'unknown', 'unknown', 'accepted'],
  ['mismatch', /*    */ 'unknown', 'unknown', 'unknown', 'accepted'],
];
const BEFORE = ['not-sent', 'refused', 'unknown', 'accepted'] as const;

describe('the submission of a request', () => {
  it('has a line in the table for each answer', () => {
    expect(TABLE.map(([name]) => name).sort()).toEqual(Object.keys(SEND_ANSWERS).sort());
  });

  it.each(
    TABLE.flatMap(([name, ...after]) => BEFORE.map((before, index) => [before, name, after[index]] as const)),
  )('%s, then %s: %s', (before, name, after) => {
    expect(submissionAfterSending(before, SEND_ANSWERS[name] as SendAnswer)).toBe(after);
  });

  const submissionOf = (submission: SubmissionState, answers: SendAnswer[]) =>
    answers.reduce(submissionAfterSending, submission);
  const answers = fc.array(anySendAnswer, { maxLength: 30 });

  it('never becomes refused or not-sent after unknown, for any answer', () => {
    fc.assert(
      fc.property(answers, (given) => ['unknown', 'accepted'].includes(submissionOf('unknown', given))),
    );
  });

  it('stays accepted for any answer', () => {
    fc.assert(fc.property(answers, (given) => submissionOf('accepted', given) === 'accepted'));
  });

  it('never becomes not-sent after something was sent', () => {
    fc.assert(
      fc.property(anySubmission, answers, (before, given) => {
        if (before === 'not-sent' && given.every(({ kind }) => kind === 'notSent')) return true;
        return submissionOf(before, given) !== 'not-sent';
      }),
    );
  });

  it('is refused only if each request with a connection got a signed refusal', () => {
    const isSignedNo = (answer: SendAnswer) =>
      answer.kind === 'tryLater' || (answer.kind === 'refused' && answer.signed);
    fc.assert(
      fc.property(answers, (given) => {
        const connected = given.filter(({ kind }) => kind !== 'notSent');
        const refused = connected.length > 0 && connected.every(isSignedNo);
        expect(submissionOf('not-sent', given) === 'refused').toBe(refused);
      }),
    );
  });

  it('is accepted only if one answer was S', () => {
    fc.assert(
      fc.property(answers, (given) => {
        const taken = given.some(({ kind }) => kind === 'accepted');
        expect(submissionOf('not-sent', given) === 'accepted').toBe(taken);
      }),
    );
  });
});

const known = { ids: {}, refundStatus: 'PROCESSING' };
const INQUIRY_ANSWERS: InquiryAnswer[] = [
  { kind: 'settled', ...known },
  { kind: 'declined', ...known },
  { kind: 'pending', ...known },
  { kind: 'notFound' },
  { ...signedNo, help: 'configuration' },
  { kind: 'mismatch', differences: ['payToId is another one.'] },
  { kind: 'unknown', reason: 'no answer' },
];

describe('the submission after an inquiry', () => {
  it.each([
    ['not-sent', 'pending', 'accepted'],
    ['refused', 'pending', 'accepted'],
    ['unknown', 'pending', 'accepted'],
    ['accepted', 'pending', 'accepted'],
    // WorldFirst knows a refund under this id, so a new id is not safe any more.
    ['refused', 'mismatch', 'unknown'],
    ['unknown', 'mismatch', 'unknown'],
    ['accepted', 'mismatch', 'accepted'],
    // That a refund is not known yet, or that an inquiry failed, proves nothing.
    ['refused', 'notFound', 'refused'],
    ['unknown', 'notFound', 'unknown'],
    ['accepted', 'notFound', 'accepted'],
    ['unknown', 'refused', 'unknown'],
    ['unknown', 'unknown', 'unknown'],
    ['refused', 'unknown', 'refused'],
  ] as const)('%s, then %s: %s', (before, kind, expected) => {
    const answer = INQUIRY_ANSWERS.find((each) => each.kind === kind) as InquiryAnswer;
    expect(submissionAfterInquiry(before, answer)).toBe(expected);
  });

  it('never makes a new id possible', () => {
    for (const answer of INQUIRY_ANSWERS) {
      for (const before of ['unknown', 'accepted'] as const) {
        expect(['unknown', 'accepted']).toContain(submissionAfterInquiry(before, answer));
      }
      expect(submissionAfterInquiry('accepted', answer)).toBe('accepted');
    }
  });
});

describe('what is certain about the money', () => {
  it.each(['refused', 'unknown', 'accepted'] as const)('is the same under a later id: %s', (submission) => {
    expect(moneyOf({ submission, generation: 2 })).toBe(moneyOf({ submission, generation: 1 }));
  });

  it('is more under a later id than that nothing was sent: an earlier id was sent', () => {
    expect(moneyOf({ submission: 'not-sent', generation: 1 })).toBe(
      'Nothing was sent, so this refund moved no money.',
    );
    expect(moneyOf({ submission: 'not-sent', generation: 2 })).toBe(
      'Nothing was sent under this id. WorldFirst signed a refusal of every request under the earlier id.',
    );
  });
});
