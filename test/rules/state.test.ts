import { describe, expect, it } from 'vitest';
import { learnIds, mayHaveBeenSent } from '../../rules/changes.js';
import { newState, note, referenceOf } from '../../rules/state.js';
import { cashier, LATER, refundIn, STARTED, SUBMISSION_STATES, worldtrade } from './fixtures.js';

const usd = (value: number) => ({ currency: 'USD', value });

describe('a refund that has just started', () => {
  it('has sent nothing and has no answer', () => {
    expect(newState(worldtrade, new Date(STARTED))).toStrictEqual({
      request: worldtrade,
      workflowId: 'refund:R-1',
      startedAt: STARTED,
      step: 'prepare',
      status: 'preparing',
      submission: 'not-sent',
      generation: 1,
      ids: {},
      inquiries: { done: 0, allowed: 0 },
      notFoundInARow: 0,
      unsentAttempts: 0,
      throttledQueries: 0,
      throttledInquiries: 0,
      resets: 0,
      timeline: [],
    });
  });

  it('has its trade or payment as reference', () => {
    expect(referenceOf(worldtrade)).toBe('T-1');
    expect(referenceOf(cashier)).toBe('PAY-1');
  });

  const line = (value: number, currency = 'USD') => ({
    refundMethod: { paymentMethodType: 'CARD' },
    refundToAmount: usd(1),
    refundAmount: { currency, value },
  });
  it.each([
    ['WorldTrade, with an amount in the request', { ...worldtrade, refundAmount: usd(5) }, usd(5)],
    ['WorldTrade, until the order is known', worldtrade, undefined],
    ['the cashier', cashier, { currency: 'EUR', value: 1100 }],
    ['the cashier in two lines', { ...cashier, refundToDetails: [line(5), line(7)] }, usd(12)],
    ['the cashier in two currencies', { ...cashier, refundToDetails: [line(5), line(7, 'JPY')] }, undefined],
  ])('has its amount: %s', (_, request, amount) => {
    expect(newState(request, new Date(STARTED)).amount).toEqual(amount);
  });
});

describe('WorldFirst’s ids', () => {
  it('are added one by one, and the first value stays', () => {
    const state = refundIn();
    learnIds(state, { refundOrderId: 'RO-1' });
    learnIds(state, { refundOrderId: 'RO-2', paymentOrderId: 'P-1' });
    learnIds(state, {});
    expect(state.ids).toEqual({ refundOrderId: 'RO-1', paymentOrderId: 'P-1' });
  });
});

describe('whether WorldFirst may have read anything', () => {
  it.each(SUBMISSION_STATES)('submission %s', (submission) => {
    expect(mayHaveBeenSent(refundIn({ submission }))).toBe(submission !== 'not-sent');
    expect(mayHaveBeenSent(refundIn({ submission, generation: 2 }))).toBe(true);
  });
});

describe('the timeline', () => {
  it('has a name only for an operator’s entry', () => {
    const state = refundIn();
    note(state, LATER, 'wait', 'waits');
    note(state, LATER, 'escalate', 'stops', 'Ana');
    expect(state.timeline).toStrictEqual([
      { at: LATER, event: 'wait', text: 'waits' },
      { at: LATER, event: 'escalate', text: 'stops', by: 'Ana' },
    ]);
  });

  it('stays within Temporal’s limit for a query, with entries of any length', () => {
    const state = refundIn();
    note(state, STARTED, 'started', 'started');
    for (let n = 0; n < 600; n += 1) note(state, LATER, 'escalate', '退'.repeat(2000), '\u0001'.repeat(200));
    expect(Buffer.byteLength(JSON.stringify(state.timeline))).toBeLessThan(1_000_000);
    expect(state.timeline[0]?.event).toBe('started');
    expect(state.timeline.length).toBeGreaterThan(20);
  });

  it('has at most a hundred thousand characters, with the names', () => {
    const state = refundIn();
    for (let n = 0; n < 9; n += 1) note(state, LATER, 'wait', `${n}`.repeat(9_000), 'x'.repeat(1_000));
    note(state, LATER, 'wait', '9'.repeat(10_000));
    expect(state.timeline).toHaveLength(10);
    note(state, LATER, 'wait', 'x');
    expect(state.timeline.map(({ text }) => text[0])).toEqual([...'023456789', 'x']);
  });

  it('keeps its first and last entry, with any length', () => {
    const state = refundIn();
    for (const text of ['a', 'b', 'c']) note(state, LATER, 'wait', text.repeat(200_000));
    expect(state.timeline.map(({ text }) => text[0])).toEqual(['a', 'c']);
  });

  it('has a limited length: new entries remove the oldest ones, but not the first', () => {
    const state = refundIn();
    for (let n = 0; n < 2000; n += 1) note(state, LATER, 'message-dropped', `message ${n}`);
    expect(state.timeline).toHaveLength(500);
    expect(state.timeline[0]?.text).toBe('message 0');
    expect(state.timeline[1]?.text).toBe('message 1501');
    expect(state.timeline.at(-1)?.text).toBe('message 1999');
  });
});
