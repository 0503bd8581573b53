import { expect, test } from 'vitest';
import { hasOutcome, OUTCOME_STATUSES } from '../../rules/outcome.js';

test('a refund has ended with each status of an outcome, and with no other', () => {
  expect(OUTCOME_STATUSES.map(hasOutcome)).toEqual([true, true, true, true]);
  expect(
    ['preparing', 'applying', 'unknown', 'processing', 'needs-attention', 'stopped', ''].map(hasOutcome),
  ).not.toContain(true);
});
