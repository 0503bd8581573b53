import { describe, expect, it } from 'vitest';
import { fail, requireAttention } from '../../rules/changes.js';
import { applyDecision, checkDecision, decisionsFor } from '../../rules/decide.js';
import { DECISIONS, type DecisionName } from '../../rules/decision.js';
import type { Decision } from '../../rules/messages.js';
import { providerRequestId } from '../../rules/state.js';
import type { SubmissionState } from '../../rules/submission.js';
import { anas, cashier, DECISION_NAMES, LATER, refundIn, STARTED, SUBMISSION_STATES } from './fixtures.js';

describe('two operators decide at once', () => {
  it('the first decision counts, and the other is rejected with name and time', () => {
    const state = refundIn({ submission: 'unknown', waitingFor: 'unknown-after-all-inquiries' });
    applyDecision(state, anas('inquire-again'), LATER);
    const verdict = checkDecision(state, anas('send-again', { by: 'Ben' }));
    expect(verdict).toMatchObject({
      code: 'ALREADY_DECIDED',
      sentence: expect.stringMatching(`Ana.*inquire-again.*${LATER}`),
    });
  });

  it('a decision on an ended refund is rejected with the outcome', () => {
    const state = refundIn({ submission: 'refused' });
    fail(state, LATER, { code: 'PARAM_ILLEGAL', message: 'no', advice: 'none' });
    const ended = { code: 'ENDED', sentence: 'the refund has ended as failed' };
    expect(checkDecision(state, anas('send-again'))).toMatchObject(ended);
    state.decided = { ...anas('inquire-again'), at: STARTED };
    expect(checkDecision(state, anas('send-again'))).toMatchObject(ended);
  });

  it.each([
    ['cancel', 'cancelled', 'not-sent'],
    ['mark-succeeded', 'succeeded', 'unknown'],
    ['mark-failed', 'failed', 'unknown'],
  ] as const)(
    'a decision on a refund that an operator closed is rejected with the name: %s',
    (decision, status, submission) => {
      const state = refundIn({ submission, waitingFor: 'escalated' });
      applyDecision(state, anas(decision), LATER);
      expect(checkDecision(state, anas('send-again'))).toMatchObject({
        code: 'ENDED',
        sentence: `the refund has ended as ${status}: Ana decided ${decision} at ${LATER}`,
      });
    },
  );

  it('a decision on a refund that needs no operator is rejected, and the message names escalate', () => {
    expect(checkDecision(refundIn({ submission: 'unknown' }), anas('send-again'))).toMatchObject({
      code: 'NOT_WAITING',
      sentence: 'the refund is applying, not waiting for a decision; escalate it first',
    });
  });

  it.each<[string, Partial<Decision>]>([
    ['another choice', { decision: 'send-again' }],
    ['another person', { by: 'Ben' }],
    ['another reason', { reason: 'another' }],
    ['another evidence', { evidence: 'ticket 8' }],
    ['no evidence', { evidence: '' }],
  ])('a repeat by or with %s is not the same decision', (_, change) => {
    const state = refundIn({ submission: 'unknown', waitingFor: 'escalated' });
    const first = anas('inquire-again', { evidence: 'ticket 7' });
    applyDecision(state, first, LATER);
    expect(checkDecision(state, first)).toEqual({ kind: 'repeated' });
    expect(checkDecision(state, { ...first, ...change })).toMatchObject({ code: 'ALREADY_DECIDED' });
  });

  it('no evidence and empty evidence are the same', () => {
    const state = refundIn({ submission: 'unknown', waitingFor: 'escalated' });
    applyDecision(state, anas('inquire-again', { evidence: '' }), LATER);
    expect(checkDecision(state, anas('inquire-again'))).toEqual({ kind: 'repeated' });
  });

  it('the same decision is possible again when the refund needs an operator again', () => {
    const state = refundIn({ submission: 'unknown', waitingFor: 'unknown-after-all-inquiries' });
    applyDecision(state, anas('inquire-again'), LATER);
    requireAttention(state, LATER, 'unknown-after-all-inquiries');
    expect(checkDecision(state, anas('inquire-again'))).toEqual({ kind: 'applies' });
  });
});

describe('checking a decision', () => {
  it.each(DECISION_NAMES)('changes nothing: %s', (decision) => {
    const state = refundIn({ submission: 'refused', waitingFor: 'refused-needs-person' });
    const before = structuredClone(state);
    checkDecision(state, anas(decision));
    expect(state).toEqual(before);
  });

  it('gives the reason if the decision is not possible', () => {
    for (const submission of ['not-sent', 'unknown', 'accepted'] as const) {
      const state = refundIn({ submission, waitingFor: 'escalated' });
      const verdict = checkDecision(state, anas('send-with-new-id'));
      expect(verdict).toMatchObject({ sentence: expect.not.stringContaining('undefined') });
      expect(verdict).toMatchObject({ sentence: expect.stringContaining('signed refusal') });
    }
  });

  it('rejects inquire-again before anything was sent', () => {
    expect(checkDecision(refundIn({ waitingFor: 'escalated' }), anas('inquire-again'))).toMatchObject({
      sentence:
        'inquire-again does not apply: nothing was sent under the current id, so there is nothing to inquire about',
    });
  });

  it('rejects a decision without evidence', () => {
    const state = refundIn({ submission: 'unknown', waitingFor: 'escalated' });
    expect(checkDecision(state, anas('mark-failed', { evidence: ' ' }))).toMatchObject({
      sentence: "mark-failed needs evidence, such as WorldFirst's answer",
    });
  });

  it('does not ask for evidence if the decision is not possible', () => {
    const state = refundIn({ submission: 'unknown', waitingFor: 'escalated' });
    expect(checkDecision(state, anas('send-with-new-id', { evidence: '' }))).toMatchObject({
      code: 'DOES_NOT_APPLY',
    });
  });
});

describe('a decision', () => {
  // What an operator reads about the money before choosing.
  it.each([
    ['inquire-again', 'under the same id, which moves money at most once'],
    ['cancel', 'Nothing was sent, so no money moves'],
    ['send-again', 'another refund of the order is paid in addition'],
    ['send-with-new-id', 'the customer is paid twice'],
    ['mark-succeeded', 'only with proof that the money was returned'],
    ['mark-failed', 'Does not stop a request that was sent'],
  ] as const)('has its effect on the money: %s', (decision, words) => {
    expect(DECISIONS[decision].effect).toContain(words);
  });

  it('is in the timeline with its reason, and with its evidence if it has any', () => {
    const state = refundIn({ submission: 'unknown', waitingFor: 'escalated' });
    applyDecision(state, anas('send-again'), LATER);
    expect(state.timeline.at(-1)).toMatchObject({ text: 'decided send-again: because', by: 'Ana' });
    requireAttention(state, LATER, 'escalated');
    applyDecision(state, anas('inquire-again', { evidence: 'ticket 7' }), LATER);
    expect(state.timeline.at(-1)?.text).toBe('decided inquire-again: because (evidence: ticket 7)');
  });
});

describe('an inquiry that must come before anything is sent', () => {
  const waiting = () => ({
    ...refundIn({ submission: 'unknown', waitingFor: 'escalated' }),
    inquireFirst: true as const,
  });

  it('is not needed after a decision: the operator has seen what is unknown', () => {
    const state = waiting();
    applyDecision(state, anas('send-again'), LATER);
    expect(state).not.toHaveProperty('inquireFirst');
  });

  it('is still needed while earlier runs are not read', () => {
    const state = { ...waiting(), earlierRunsUnread: true as const };
    applyDecision(state, anas('send-again'), LATER);
    expect(state).toMatchObject({ inquireFirst: true, earlierRunsUnread: true });
  });

  it('of the next id is not needed after a decision', () => {
    const state = { ...waiting(), nextIdUnknown: true as const };
    applyDecision(state, anas('send-again'), LATER);
    expect(state).not.toHaveProperty('nextIdUnknown');
  });
});

describe('send-with-new-id after a signed refusal', () => {
  const state = refundIn({
    request: cashier,
    submission: 'refused',
    generation: 1,
    waitingFor: 'refused-needs-person',
  });
  state.ids = { refundId: 'REF-1', refundOrderId: 'RO-1', paymentOrderId: 'P-1' };
  applyDecision(state, anas('send-with-new-id'), LATER);

  it('continues under the next id, as a request that was not sent yet', () => {
    expect(providerRequestId(state)).toBe('R-2-2');
    expect(state).toMatchObject({ generation: 2, submission: 'not-sent', status: 'applying' });
  });

  it('removes WorldFirst’s ids of the refused request, and keeps the payment', () => {
    expect(state.ids).toEqual({ paymentOrderId: 'P-1' });
  });

  it('is in the timeline, with the new id and who decided it', () => {
    expect(state.timeline.slice(-2)).toEqual([
      expect.objectContaining({ at: LATER, event: 'decision', by: 'Ana' }),
      expect.objectContaining({ event: 'decision', by: 'Ana', text: expect.stringContaining('R-2-2') }),
    ]);
  });

  it('does not make a third id when it is repeated', () => {
    expect(checkDecision(state, anas('send-with-new-id'))).toEqual({ kind: 'repeated' });
    requireAttention(state, LATER, 'worldfirst-unreachable');
    expect(checkDecision(state, anas('send-with-new-id'))).toMatchObject({ code: 'DOES_NOT_APPLY' });
  });
});

describe('the status after a decision', () => {
  it.each([
    ['send-again', 'not-sent', 'preparing'],
    ['send-again', 'refused', 'applying'],
    ['send-again', 'unknown', 'unknown'],
    ['send-again', 'accepted', 'processing'],
    ['inquire-again', 'refused', 'applying'],
    ['inquire-again', 'unknown', 'unknown'],
    ['inquire-again', 'accepted', 'processing'],
    ['mark-succeeded', 'unknown', 'succeeded'],
    ['mark-failed', 'unknown', 'failed'],
  ] as const)('%s, submission %s: %s', (decision, submission, status) => {
    const state = refundIn({ submission, waitingFor: 'escalated' });
    applyDecision(state, anas(decision), LATER);
    expect(state.status).toBe(status);
    expect(state.attention).toBeUndefined();
  });
});

describe('a refund that an operator closes', () => {
  it.each([
    ['mark-succeeded', { status: 'succeeded', confirmedBy: 'operator' }],
    [
      'mark-failed',
      {
        status: 'failed',
        code: 'CLOSED_BY_OPERATOR',
        message: 'because',
        advice:
          'An operator closed the refund, but request id R-1-3 may still be carried out. Ask WorldFirst before you start another refund; otherwise the customer may be paid twice.',
      },
    ],
  ] as const)('by %s says who, why and by what evidence', (decision, expected) => {
    const state = refundIn({ submission: 'unknown', generation: 3, waitingFor: 'refused-after-unknown' });
    state.ids = { paymentOrderId: 'P-1' };
    state.amount = { currency: 'USD', value: 1234 };
    expect(applyDecision(state, anas(decision), LATER)).toBeUndefined();
    expect(state.outcome).toMatchObject({
      ...expected,
      refundRequestId: 'R-1',
      providerRequestId: 'R-1-3',
      product: 'worldtrade',
      reference: 'T-1',
      amount: { currency: 'USD', value: 1234 },
      paymentOrderId: 'P-1',
      by: 'Ana',
      reason: 'because',
      evidence: 'ticket 7',
    });
    expect(state.timeline.map(({ event, by }) => [event, by])).toEqual([
      ['attention', undefined],
      ['decision', 'Ana'],
      ['ended', 'Ana'],
    ]);
    expect(state.timeline[0]?.at).toBe(STARTED);
  });
});

describe('cancel', () => {
  it('ends a refund that was never sent as cancelled', () => {
    const state = refundIn({ waitingFor: 'several-payments' });
    expect(applyDecision(state, anas('cancel'), LATER)).toBeUndefined();
    expect(state.outcome).toMatchObject({ status: 'cancelled', by: 'Ana', reason: 'because' });
  });

  it('is not possible under a new id, because the first request was sent', () => {
    const state = refundIn({ generation: 2, waitingFor: 'worldfirst-unreachable' });
    expect(checkDecision(state, anas('cancel'))).toMatchObject({ code: 'DOES_NOT_APPLY' });
    expect(decisionsFor(state)).not.toContain('cancel');
  });
});

describe('after a notification that the order was closed with a refund', () => {
  const refunded = (submission: SubmissionState, generation = 1) => {
    const state = refundIn({ submission, generation, waitingFor: 'refunded-elsewhere' });
    state.orderRefunded = true;
    return state;
  };

  it.each<[SubmissionState, DecisionName[]]>([
    ['not-sent', ['cancel', 'mark-failed']],
    ['refused', ['inquire-again', 'mark-succeeded', 'mark-failed']],
    ['unknown', ['inquire-again', 'mark-succeeded', 'mark-failed']],
    ['accepted', ['inquire-again', 'mark-succeeded', 'mark-failed']],
  ])('submission %s: no decision that sends the refund applies', (submission, applicable) => {
    expect(decisionsFor(refunded(submission))).toEqual(applicable);
  });

  it.each(['send-again', 'send-with-new-id'] as const)(
    '%s is refused, also for another reason',
    (decision) => {
      const state = refunded('refused');
      requireAttention(state, LATER, 'escalated');
      expect(checkDecision(state, anas(decision))).toMatchObject({
        code: 'DOES_NOT_APPLY',
        sentence: expect.stringContaining('the order was closed with a refund'),
      });
    },
  );

  it.each(SUBMISSION_STATES)('submission %s: mark-failed warns of a second payment', (submission) => {
    const state = refunded(submission);
    applyDecision(state, anas('mark-failed'), LATER);
    expect(state.outcome).toMatchObject({
      advice: expect.stringMatching(/closed with a refund.*may pay the customer twice/),
    });
  });
});

describe('mark-succeeded', () => {
  it('applies under a new id that was not sent: the first one was sent, and may have moved money', () => {
    const state = refundIn({ generation: 2, waitingFor: 'worldfirst-unreachable' });
    expect(decisionsFor(state)).toContain('mark-succeeded');
    expect(checkDecision(state, anas('mark-succeeded'))).toEqual({ kind: 'applies' });
  });
});

describe('the advice after mark-failed', () => {
  it.each(['not-sent', 'refused'] as const)(
    'submission %s: names the other refunds of the order',
    (submission) => {
      const state = refundIn({ submission, waitingFor: 'escalated' });
      applyDecision(state, anas('mark-failed'), LATER);
      expect(state.outcome).toMatchObject({
        advice:
          'An operator closed the refund. Check the order’s other refunds before you start another one; it needs a new refundRequestId.',
      });
    },
  );

  it.each(['unknown', 'accepted'] as const)('submission %s: warns of a second payment', (submission) => {
    const state = refundIn({ submission, waitingFor: 'escalated' });
    applyDecision(state, anas('mark-failed'), LATER);
    expect(state.outcome).toMatchObject({ advice: expect.stringContaining('may be paid twice') });
  });
});
