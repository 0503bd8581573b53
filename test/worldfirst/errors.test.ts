import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { InvalidInputError, issuesOf, sentencesOf } from '../../worldfirst/errors.js';

const mistakes = new z.ZodError([
  {
    code: 'custom',
    path: ['refundToDetails', 0, 'refundAmount', 'value'],
    message: 'is no integer',
    input: 1,
  },
  { code: 'custom', path: [], message: 'must have one of two lists', input: {} },
]);
const ISSUES = [
  { path: 'refundToDetails[0].refundAmount.value', message: 'is no integer' },
  { path: '', message: 'must have one of two lists' },
];

describe('an invalid input', () => {
  it('is rejected with every mistake, each on a line', () => {
    const error = new InvalidInputError('refund', mistakes);
    expect(error).toMatchObject({ name: 'InvalidInputError', issues: ISSUES });
    expect(error.message).toBe(
      'The input of refund is not valid:\n  refundToDetails[0].refundAmount.value: is no integer\n  must have one of two lists',
    );
  });

  it('has its mistakes as data, and as sentences', () => {
    expect(issuesOf(mistakes)).toEqual(ISSUES);
    expect(sentencesOf(ISSUES)).toEqual([
      'refundToDetails[0].refundAmount.value: is no integer',
      'must have one of two lists',
    ]);
  });

  it('may begin with an entry of a list', () => {
    const error = new z.ZodError([{ code: 'custom', path: [2, 'a'], message: 'is missing', input: 1 }]);
    expect(issuesOf(error)).toEqual([{ path: '[2].a', message: 'is missing' }]);
  });
});
