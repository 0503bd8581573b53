import { describe, expect, it } from 'vitest';
import { ATTENTION } from '../../rules/attention.js';
import { accept, assumeSent, begin, cancel, fail, requireAttention, succeed } from '../../rules/changes.js';
import { decisionsFor } from '../../rules/decide.js';
import { scheduleOf } from '../../rules/schedule.js';
import type { RefundState } from '../../rules/state.js';
import { ATTENTION_KEYS, cashier, LATER, refundIn } from './fixtures.js';

describe('a step of the refund', () => {
  const schedule = scheduleOf({ inquiryIntervals: ['5m', '10m'], settlementIntervals: ['0s', '1d', '1d'] });

  it.each([
    ['prepare', { done: 4, allowed: 7 }],
    ['send', { done: 4, allowed: 7 }],
    ['findOut', { done: 0, allowed: 2 }],
    ['followSettlement', { done: 0, allowed: 3 }],
  ] as const)('begins with its own inquiries: %s', (step, inquiries) => {
    const state = refundIn({ submission: 'unknown' });
    Object.assign(state, {
      unsentAttempts: 3,
      throttledQueries: 2,
      throttledInquiries: 1,
      notFoundInARow: 2,
      inquiries: { done: 4, allowed: 7 },
    });
    begin(state, step, schedule);
    expect(state).toMatchObject({
      step,
      unsentAttempts: 0,
      throttledQueries: 0,
      throttledInquiries: 0,
      notFoundInARow: 0,
      inquiries,
    });
  });
});

describe('the end of a refund', () => {
  it.each<[string, (state: RefundState) => void, string]>([
    [
      'succeeded',
      (state) => succeed(state, LATER, 'inquiry'),
      'ended as succeeded, based on WorldFirst’s answer to an inquiry',
    ],
    [
      'accepted',
      (state) => accept(state, LATER),
      'ended as accepted: WorldFirst accepted it; whether the money arrived is not known here',
    ],
    [
      'failed',
      (state) => fail(state, LATER, { code: 'PARAM_ILLEGAL', message: 'no such payment', advice: 'none' }),
      'ended as failed (PARAM_ILLEGAL): no such payment',
    ],
    [
      'cancelled',
      (state) => cancel(state, LATER, { by: 'Ana', reason: 'ordered twice' }),
      'ended as cancelled: ordered twice',
    ],
  ])('is in the timeline with its reason: %s', (status, end, text) => {
    const state = refundIn();
    end(state);
    expect(state).toMatchObject({ status, outcome: { status } });
    expect(state.timeline.at(-1)).toMatchObject({ at: LATER, event: 'ended', text });
  });

  it('has all known fields of the refund', () => {
    const state = refundIn({ request: cashier, submission: 'accepted', generation: 2 });
    state.ids = { refundId: 'REF-1' };
    accept(state, LATER);
    expect(state.outcome).toStrictEqual({
      status: 'accepted',
      refundRequestId: 'R-2',
      providerRequestId: 'R-2-2',
      product: 'cashier',
      reference: 'PAY-1',
      amount: { currency: 'EUR', value: 1100 },
      refundId: 'REF-1',
    });
  });

  it('has no field for an unknown amount', () => {
    const state = refundIn();
    accept(state, LATER);
    expect(state.outcome).not.toHaveProperty('amount');
  });
});

describe('a refund that needs an operator', () => {
  it('has only the reason if there is no detail', () => {
    const state = refundIn({ submission: 'unknown' });
    requireAttention(state, LATER, 'settlement-overdue');
    expect(state.attention).toStrictEqual({ key: 'settlement-overdue', since: LATER });
    expect(state.timeline.at(-1)).toEqual({
      at: LATER,
      event: 'attention',
      text: `needs an operator (settlement-overdue): ${ATTENTION['settlement-overdue'].explanation}`,
    });
  });

  it('shows the detail instead of the explanation', () => {
    const state = refundIn({ submission: 'refused' });
    requireAttention(state, LATER, 'refused-needs-person', {
      detail: 'It said no.',
      furtherAction: 'Call them.',
    });
    expect(state.attention).toStrictEqual({
      key: 'refused-needs-person',
      since: LATER,
      detail: 'It said no.',
      furtherAction: 'Call them.',
    });
    expect(state.timeline.at(-1)?.text).toBe(
      `needs an operator (refused-needs-person): ${ATTENTION['refused-needs-person'].explanation} It said no.`,
    );
  });

  it('has one of these reasons', () => {
    expect([...ATTENTION_KEYS].sort()).toEqual(
      `amount-differs answer-does-not-match cancel-requested closed-without-refund configuration escalated
       id-used-before no-payment notification-unclear refunded-elsewhere refused-after-unknown refused-needs-person settlement-overdue several-payments
       unknown-after-all-inquiries workflow-reset worldfirst-unreachable`.split(/\s+/),
    );
  });
});

describe('a refund that an earlier run or another system may have sent', () => {
  it.each(['not-sent', 'refused', 'unknown'] as const)('submission %s becomes unknown', (submission) => {
    const state = refundIn({ submission });
    assumeSent(state, LATER, 'reset', 'this run came out of a reset');
    expect(state).toMatchObject({
      submission: 'unknown',
      ambiguity: 'this run came out of a reset',
      inquireFirst: true,
      earlierRunsUnread: true,
    });
    expect(state.timeline.at(-1)).toMatchObject({ event: 'reset', text: 'this run came out of a reset' });
  });

  it('stays accepted if WorldFirst accepted it', () => {
    const state = refundIn({ submission: 'accepted' });
    assumeSent(state, LATER, 'reset', 'this run came out of a reset');
    expect(state).toMatchObject({ submission: 'accepted', inquireFirst: true });
    expect(state).not.toHaveProperty('nextIdUnknown');
  });

  it('waits with the reason workflow-reset if it waited for an operator', () => {
    const state = refundIn({ submission: 'refused', waitingFor: 'refused-needs-person' });
    assumeSent(state, LATER, 'reset', 'this run came out of a reset');
    expect(state.attention).toMatchObject({
      key: 'workflow-reset',
      detail: `Before the reset: ${ATTENTION['refused-needs-person'].explanation}`,
    });
    expect(decisionsFor(state)).not.toContain('send-with-new-id');
    expect(decisionsFor(state)).not.toContain('cancel');
  });

  it('keeps its outcome', () => {
    const state = refundIn({ submission: 'accepted' });
    succeed(state, LATER, 'inquiry');
    assumeSent(state, LATER, 'reset', 'this run came out of a reset');
    expect(state).not.toHaveProperty('inquireFirst');
  });
});
