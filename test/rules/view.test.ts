import { describe, expect, it } from 'vitest';
import { ATTENTION } from '../../rules/attention.js';
import { requireAttention, succeed } from '../../rules/changes.js';
import { HASHED_REFERENCE, SEARCH_ATTRIBUTES, searchAttributesOf } from '../../rules/search-attributes.js';
import { type RefundView, viewOf } from '../../rules/view.js';
import { ATTENTION_KEYS, cashier, LATER, refundIn, STARTED } from './fixtures.js';

describe('the view', () => {
  it('of a refund that has just started', () => {
    expect(viewOf(refundIn({ request: cashier }))).toEqual({
      refundRequestId: 'R-2',
      workflowId: 'refund:R-2',
      product: 'cashier',
      reference: 'PAY-1',
      status: 'applying',
      submission: 'not-sent',
      providerRequestId: 'R-2',
      amount: { currency: 'EUR', value: 1100 },
      inquiries: { done: 0, allowed: 0 },
      timeline: [],
    });
  });

  it('has no field for an unknown value', () => {
    expect(Object.keys(viewOf(refundIn())).sort()).toEqual(
      'inquiries product providerRequestId reference refundRequestId status submission timeline workflowId'.split(
        ' ',
      ),
    );
  });

  it('of a refund that waits for its third inquiry, under a new id', () => {
    const state = refundIn({ submission: 'unknown', generation: 2 });
    state.ids = { paymentOrderId: 'P-1', refundOrderId: 'RO-1', refundId: 'REF-1' };
    state.inquiries = { done: 2, allowed: 7 };
    state.next = { at: LATER, what: 'inquiry 3 of 7' };
    state.lastAnswer = { step: 'inquire', kind: 'notFound', code: 'REFUND_ORDER_NOT_EXIST', at: STARTED };
    expect(viewOf(state)).toMatchObject({
      refundRequestId: 'R-1',
      workflowId: 'refund:R-1',
      providerRequestId: 'R-1-2',
      paymentOrderId: 'P-1',
      refundOrderId: 'RO-1',
      refundId: 'REF-1',
      inquiries: { done: 2, allowed: 7, nextAt: LATER },
      lastAnswer: { step: 'inquire', kind: 'notFound', code: 'REFUND_ORDER_NOT_EXIST', at: STARTED },
    } satisfies Partial<RefundView>);
  });

  it('of a refund that has ended', () => {
    const state = refundIn({ submission: 'unknown' });
    state.next = { at: LATER, what: 'inquiry 3 of 7' };
    succeed(state, LATER, 'notification');
    const view = viewOf(state);
    expect(view).toMatchObject({ status: 'succeeded', outcome: { confirmedBy: 'notification' } });
    expect(view).not.toHaveProperty('attention');
    expect(view.inquiries).not.toHaveProperty('nextAt');
  });

  it('is plain JSON without a loss', () => {
    const view = viewOf(refundIn({ submission: 'refused', waitingFor: 'refused-needs-person' }));
    expect(JSON.parse(JSON.stringify(view))).toEqual(view);
  });
});

describe('the attention of a refund', () => {
  it.each(ATTENTION_KEYS)('%s: explanation, advice and decisions', (key) => {
    const { attention } = viewOf(refundIn({ submission: 'refused', waitingFor: key }));
    expect(attention).toMatchObject({ reason: key, since: STARTED });
    expect(attention?.explanation).toMatch(/^\S.*\.$/);
    expect(attention?.advice).toMatch(/^\S.*\.$/);
    expect(attention?.decisions).toContain('mark-failed');
  });

  it.each([
    ['not-sent', 'Nothing was sent, so this refund moved no money.'],
    ['refused', 'WorldFirst signed a refusal of every request under this id, so this refund moved no money.'],
    ['unknown', 'The money may have moved.'],
    ['accepted', 'WorldFirst accepted the refund, so the money may have moved, or may still move.'],
  ] as const)('submission %s: the explanation ends with the state of the money', (submission, sentence) => {
    for (const waitingFor of ATTENTION_KEYS) {
      const { attention } = viewOf(refundIn({ submission, waitingFor }));
      expect(attention?.explanation.endsWith(sentence), waitingFor).toBe(true);
    }
  });

  it('says under a new id that the earlier one was sent', () => {
    const { attention } = viewOf(refundIn({ generation: 2, waitingFor: 'worldfirst-unreachable' }));
    expect(attention?.explanation).toMatch(
      /Nothing was sent under this id\. WorldFirst signed a refusal of every request under the earlier id\.$/,
    );
  });

  it('has the detail of this refund, and the advice for the code', () => {
    const state = refundIn({ submission: 'refused' });
    requireAttention(state, LATER, 'refused-needs-person', {
      detail: 'WorldFirst answered PROCESS_FAIL.',
      furtherAction: 'Contact support.',
    });
    const { explanation, advice } = ATTENTION['refused-needs-person'];
    expect(viewOf(state).attention).toMatchObject({
      explanation: `${explanation} WorldFirst answered PROCESS_FAIL. WorldFirst signed a refusal of every request under this id, so this refund moved no money.`,
      advice: `${advice} Advice for this code: Contact support.`,
    });
  });
});

describe('the explanation of a reason', () => {
  it.each([
    ['it is over', 'it is over.'],
    ['code 1.2 was refused', 'code 1.2 was refused.'],
    ['it is over.', 'it is over.'],
    ['it is over!', 'it is over!'],
    ['is it over?', 'is it over?'],
  ])('has each part as a sentence: %s', (detail, sentence) => {
    const state = refundIn({ submission: 'unknown' });
    requireAttention(state, LATER, 'escalated', { detail });
    expect(viewOf(state).attention?.explanation).toBe(
      `${ATTENTION.escalated.explanation} ${sentence} The money may have moved.`,
    );
  });
});

describe('the search attributes', () => {
  it('have the prefix of a hidden reference, which clients of every version search for', () => {
    expect(HASHED_REFERENCE).toBe('hmac-sha256:');
  });

  const names = Object.keys(SEARCH_ATTRIBUTES);

  it('are these seven, of these types', () => {
    expect(SEARCH_ATTRIBUTES).toEqual({
      RefundStatus: 'Keyword',
      RefundProduct: 'Keyword',
      RefundReference: 'Keyword',
      RefundAmount: 'Keyword',
      RefundAttention: 'Keyword',
      RefundNextCheckAt: 'Datetime',
      RefundDecidedAt: 'Datetime',
    });
  });

  it('of a running refund', () => {
    const state = refundIn({ submission: 'unknown' });
    state.status = 'unknown';
    state.next = { at: LATER, what: 'inquiry 1 of 7' };
    expect(searchAttributesOf(viewOf(state))).toEqual({
      RefundStatus: 'unknown',
      RefundProduct: 'worldtrade',
      RefundReference: 'T-1',
      RefundAmount: null,
      RefundAttention: null,
      // Each change would be billed, and there are up to seven of them.
      RefundNextCheckAt: null,
    });
  });

  it('of a refund that waits for the settlement: with the time of the next inquiry', () => {
    const state = refundIn({ submission: 'accepted' });
    state.status = 'processing';
    state.next = { at: LATER, what: 'settlement inquiry 2 of 19' };
    expect(searchAttributesOf(viewOf(state))).toMatchObject({
      RefundStatus: 'processing',
      RefundNextCheckAt: LATER,
    });
  });

  it('of a refund during a settlement inquiry: without a time', () => {
    const state = refundIn({ submission: 'accepted' });
    state.status = 'processing';
    expect(searchAttributesOf(viewOf(state))).toMatchObject({ RefundNextCheckAt: null });
  });

  it('of a refund that has just started: the list does not show that nothing was sent', () => {
    const state = refundIn();
    state.status = 'preparing';
    expect(searchAttributesOf(viewOf(state))).toMatchObject({ RefundStatus: 'unknown' });
  });

  it('of a refund that waits for an operator: no time of a next inquiry', () => {
    const state = refundIn({ request: cashier, submission: 'unknown' });
    state.next = { at: LATER, what: 'inquiry 1 of 7' };
    requireAttention(state, LATER, 'escalated');
    expect(searchAttributesOf(viewOf(state))).toEqual({
      RefundStatus: 'needs-attention',
      RefundProduct: 'cashier',
      RefundReference: 'PAY-1',
      RefundAmount: 'EUR 11.00',
      RefundAttention: 'escalated',
      RefundNextCheckAt: null,
    });
  });

  it('of a refund that has ended: no reason for which it waited', () => {
    const state = refundIn({ submission: 'unknown', waitingFor: 'escalated' });
    succeed(state, LATER, 'inquiry');
    const attributes = searchAttributesOf(viewOf(state));
    expect(attributes).toMatchObject({ RefundStatus: 'succeeded', RefundAttention: null });
    // The workflow sets the time of a decision when it shows it.
    expect([...Object.keys(attributes), 'RefundDecidedAt'].sort()).toEqual([...names].sort());
  });
});
