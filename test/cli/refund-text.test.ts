import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { essenceText, showText } from '../../cli/refund-text.js';
import { ATTENTION } from '../../rules/attention.js';
import type { RefundView } from '../../rules/view.js';

const AT = '2026-11-22T08:00:00.000Z';

const STUCK: RefundView = {
  refundRequestId: 'R-1',
  workflowId: 'refund:R-1',
  product: 'worldtrade',
  reference: '2026112200001',
  status: 'needs-attention',
  submission: 'unknown',
  providerRequestId: 'R-1',
  amount: { currency: 'USD', value: 10_000 },
  inquiries: { done: 7, allowed: 7 },
  lastAnswer: { step: 'inquire', kind: 'unknown', code: 'UNKNOWN_EXCEPTION', message: '未知原因', at: AT },
  attention: {
    reason: 'unknown-after-all-inquiries',
    ...ATTENTION['unknown-after-all-inquiries'],
    since: AT,
    decisions: ['inquire-again', 'mark-failed'],
  },
  timeline: Array.from({ length: 9 }, (_, line) => ({
    at: AT,
    event: 'inquiry' as const,
    text: `inquiry ${line}: ${'the result is unknown '.repeat(5)}`,
    by: 'ana',
  })),
};

describe('the page of a refund', () => {
  test.each([80, 100, 140])('on a terminal of %i columns has no wider line', (width) => {
    for (const line of showText(STUCK, width).split('\n'))
      expect(stringWidth(line), line).toBeLessThanOrEqual(width);
  });

  test('has no line breaks where the output is no terminal', () => {
    expect(showText(STUCK)).toContain(STUCK.timeline[0]?.text.trim());
  });

  test('shows the last answer in plain words and with the code and message of WorldFirst', () => {
    expect(showText(STUCK)).toContain('inquiry: the result is unknown (UNKNOWN_EXCEPTION: 未知原因)');
  });

  test('offers only possible decisions, with their effect on the money', () => {
    const text = showText(STUCK);
    expect(text).toMatch(/^ {2}inquire-again +Runs the inquiries again\. If WorldFirst neither/m);
    expect(text).toMatch(/^ {2}mark-failed +Closes the refund as failed\. .* Needs evidence\.$/m);
    expect(text).not.toMatch(/send-again|send-with-new-id|mark-succeeded/);
  });

  test('quotes the id in the command for a decision as a shell needs it', () => {
    const refundRequestId = "Ana's 1";
    expect(showText({ ...STUCK, refundRequestId })).toContain("worldfirst-refunds decide 'Ana'\\''s 1'\n");
  });

  test('offers no decision while the refund continues automatically', () => {
    const { attention, ...view } = STUCK;
    const text = showText({ ...view, status: 'processing', inquiries: { done: 1, allowed: 7, nextAt: AT } });
    expect(text).not.toMatch(/decide|Needs an operator/);
    expect(text).toContain('2026-11-22 08:00:00 UTC');
    expect(attention).toBeDefined();
  });
});

test.each([
  [
    { status: 'succeeded', confirmedBy: 'inquiry' },
    'the money was returned, based on WorldFirst’s answer to an inquiry',
  ],
  [
    { status: 'succeeded', confirmedBy: 'operator', by: 'Ana', evidence: 'ticket 7' },
    'closed as succeeded, based on an operator’s decision (Ana, ticket 7)',
  ],
  [{ status: 'accepted' }, 'WorldFirst accepted the refund; whether the money arrived is not known here'],
  [{ status: 'failed', code: 'NO', message: 'it said no' }, 'no money was returned: NO, it said no'],
  [
    { status: 'failed', code: 'CLOSED_BY_OPERATOR', message: 'a test', by: 'Ana', evidence: 'ticket 7' },
    'closed as failed, based on an operator’s decision: a test (Ana, ticket 7)',
  ],
] as const)('the result of a refund says what it is based on: %j', (outcome, sentence) => {
  const { attention: _, ...view } = STUCK;
  const text = showText({ ...view, status: outcome.status, outcome: outcome as never }, 200);
  expect(text).toContain(sentence);
  if (sentence.startsWith('closed')) expect(text).not.toContain('money was returned');
});

test('the short form of a page has the last entries only, and says how many it leaves out', () => {
  const text = essenceText(STUCK);
  expect(text).toContain('3 earlier lines omitted');
  expect(text).not.toContain('inquiry 2:');
  expect(text).toContain('inquiry 3:');
  expect(text).toContain('Needs an operator');
});
