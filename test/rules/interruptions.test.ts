import { describe, expect, it } from 'vitest';
import type { AttentionKey } from '../../rules/attention.js';
import { accept } from '../../rules/changes.js';
import { applyDecision, decisionsFor } from '../../rules/decide.js';
import { type Interruption, interrupt } from '../../rules/interruptions.js';
import type { SubmissionState } from '../../rules/submission.js';
import { anas, cashier, LATER, refundIn, SUBMISSION_STATES } from './fixtures.js';

const escalate: Interruption = { kind: 'escalate', by: 'Ana', reason: 'the customer called' };
const cancel: Interruption = { kind: 'cancel', by: 'a cancellation', reason: 'before anything was sent' };
const closed = (isRefund: 'Y' | 'N', tradeId = 'T-1'): Interruption => ({
  kind: 'notification',
  tradeId,
  isRefund,
  requestTime: '2026-08-30T11:00:00+08:00',
  concerns: 'this',
});

/** What becomes of a refund: the outcome's status, the reason why it waits, or that it goes on. */
function becomes(
  interruption: Interruption,
  submission: SubmissionState,
  waitingFor?: AttentionKey,
  generation = 1,
): string {
  const state = refundIn({ submission, generation, ...(waitingFor && { waitingFor }) });
  interrupt(state, interruption, LATER);
  return state.outcome?.status ?? state.attention?.key ?? 'continues';
}

describe('an escalation', () => {
  it.each(SUBMISSION_STATES)('makes a refund wait for an operator: submission %s', (submission) => {
    expect(becomes(escalate, submission)).toBe('escalated');
  });

  it('has the name and the reason', () => {
    const state = refundIn({ submission: 'unknown' });
    interrupt(state, escalate, LATER);
    expect(state.attention).toEqual({
      key: 'escalated',
      since: LATER,
      detail: expect.stringMatching(/Ana.*the customer called/),
    });
  });

  it('does not hide the reason for which an operator is needed already', () => {
    expect(becomes(escalate, 'unknown', 'answer-does-not-match')).toBe('answer-does-not-match');
  });

  it('ends the wait that was planned', () => {
    const state = refundIn({ submission: 'unknown' });
    state.next = { at: LATER, what: 'inquiry 2 of 7' };
    interrupt(state, escalate, LATER);
    expect(state.next).toBeUndefined();
  });
});

describe('a cancellation', () => {
  it.each([
    ['not-sent', 'cancelled'],
    ['refused', 'cancel-requested'],
    ['unknown', 'cancel-requested'],
    ['accepted', 'cancel-requested'],
  ] as const)('submission %s: %s', (submission, expected) => {
    expect(becomes(cancel, submission)).toBe(expected);
  });

  it('ends a refund that waits for an operator before anything was sent', () => {
    expect(becomes(cancel, 'not-sent', 'several-payments')).toBe('cancelled');
  });

  it('asks an operator if the refund was sent under an earlier id', () => {
    expect(becomes(cancel, 'not-sent', undefined, 2)).toBe('cancel-requested');
  });

  it('does not hide the reason for which an operator is needed already', () => {
    expect(becomes(cancel, 'unknown', 'refused-after-unknown')).toBe('refused-after-unknown');
  });

  it('has the name in the outcome, and no answer of WorldFirst', () => {
    const state = refundIn();
    interrupt(state, cancel, LATER);
    expect(state.outcome).toEqual({
      status: 'cancelled',
      refundRequestId: 'R-1',
      providerRequestId: 'R-1',
      product: 'worldtrade',
      reference: 'T-1',
      by: 'a cancellation',
      reason: 'before anything was sent',
    });
  });
});

describe('WorldFirst’s notification that the order was closed', () => {
  /** With and without a refund, by submission and by what the refund does. */
  it.each<
    [isRefund: 'Y' | 'N', submission: SubmissionState, waitingFor: AttentionKey | undefined, expected: string]
  >([
    ['Y', 'not-sent', undefined, 'refunded-elsewhere'],
    ['Y', 'refused', undefined, 'refunded-elsewhere'],
    ['Y', 'unknown', undefined, 'succeeded'],
    ['Y', 'accepted', undefined, 'succeeded'],
    ['Y', 'not-sent', 'several-payments', 'refunded-elsewhere'],
    ['Y', 'refused', 'refused-needs-person', 'refunded-elsewhere'],
    ['Y', 'refused', 'refunded-elsewhere', 'refunded-elsewhere'],
    ['Y', 'unknown', 'unknown-after-all-inquiries', 'succeeded'],
    ['Y', 'unknown', 'refused-after-unknown', 'succeeded'],
    ['Y', 'accepted', 'settlement-overdue', 'succeeded'],
    ['Y', 'accepted', 'closed-without-refund', 'succeeded'],
    ['Y', 'unknown', 'answer-does-not-match', 'answer-does-not-match'],
    ['Y', 'accepted', 'answer-does-not-match', 'answer-does-not-match'],
    ['N', 'not-sent', undefined, 'continues'],
    ['N', 'refused', undefined, 'closed-without-refund'],
    ['N', 'unknown', undefined, 'closed-without-refund'],
    ['N', 'accepted', undefined, 'closed-without-refund'],
    ['N', 'accepted', 'settlement-overdue', 'settlement-overdue'],
    ['N', 'not-sent', 'several-payments', 'several-payments'],
  ])('%s, submission %s, waiting for %s: %s', (isRefund, submission, waitingFor, expected) => {
    expect(becomes(closed(isRefund), submission, waitingFor)).toBe(expected);
  });

  it.each([
    ['another', 'unknown', 'refunded-elsewhere'],
    ['another', 'accepted', 'refunded-elsewhere'],
    ['another', 'not-sent', 'refunded-elsewhere'],
    ['unclear', 'unknown', 'notification-unclear'],
    ['unclear', 'accepted', 'notification-unclear'],
  ] as const)('Y that concerns %s, submission %s: %s, and no success', (concerns, submission, expected) => {
    expect(becomes({ ...closed('Y'), concerns } as Interruption, submission)).toBe(expected);
  });

  it.each([
    ['this', 'unknown', 'notification-unclear'],
    ['this', 'refused', 'refunded-elsewhere'],
    ['another', 'unknown', 'refunded-elsewhere'],
    ['another', 'refused', 'refunded-elsewhere'],
  ] as const)(
    'Y that concerns %s, submission %s, while the id has another request: %s',
    (concerns, submission, expected) => {
      const state = refundIn({ submission });
      state.idInUse = true;
      interrupt(state, { ...closed('Y'), concerns } as Interruption, LATER);
      expect(state.attention?.key).toBe(expected);
    },
  );

  it.each([
    ['earlierRunsUnread', 'unknown', 'notification-unclear'],
    ['orderRefunded', 'unknown', 'notification-unclear'],
    ['earlierRunsUnread', 'accepted', undefined],
    ['orderRefunded', 'accepted', undefined],
  ] as const)(
    'Y while an earlier run may know more (%s), submission %s: %s',
    (fact, submission, expected) => {
      const state = refundIn({ submission });
      state[fact] = true;
      interrupt(state, closed('Y'), LATER);
      expect(state.attention?.key).toBe(expected);
    },
  );

  it('with Y does not confirm a refund whose id has another request', () => {
    const state = refundIn({ submission: 'unknown', waitingFor: 'id-used-before' });
    state.idInUse = true;
    interrupt(state, closed('Y'), LATER);
    expect(state.attention?.key).toBe('notification-unclear');
  });

  it.each([
    ['this', 'not-sent'],
    ['this', 'refused'],
    ['another', 'unknown'],
    ['unclear', 'accepted'],
  ] as const)('Y that concerns %s, submission %s: nothing is sent from then on', (concerns, submission) => {
    const state = refundIn({ submission });
    interrupt(state, { ...closed('Y'), concerns } as Interruption, LATER);
    expect(state.orderRefunded).toBe(true);
    expect(decisionsFor(state)).not.toContain('send-again');
  });

  it('Y while an answer does not match the request: nothing is sent from then on', () => {
    const state = refundIn({ submission: 'unknown', waitingFor: 'answer-does-not-match' });
    interrupt(state, closed('Y'), LATER);
    expect(decisionsFor(state)).toEqual(['inquire-again', 'mark-succeeded', 'mark-failed']);
  });

  it('N forbids no decision', () => {
    const state = refundIn({ submission: 'unknown' });
    interrupt(state, closed('N'), LATER);
    expect(decisionsFor(state)).toContain('send-again');
  });

  it('confirms as a notification, with the notification as evidence', () => {
    const state = refundIn({ submission: 'unknown' });
    interrupt(state, closed('Y'), LATER);
    expect(state.outcome).toMatchObject({
      status: 'succeeded',
      confirmedBy: 'notification',
      evidence: 'WorldFirst’s closure notification of 2026-08-30T11:00:00+08:00',
    });
  });

  it.each([
    ['of another order', refundIn({ submission: 'accepted' }), closed('Y', 'T-2')],
    ['for a cashier refund', refundIn({ submission: 'accepted', request: cashier }), closed('Y', 'PAY-1')],
  ])('%s is dropped, and noted', (_, state, notification) => {
    interrupt(state, notification, LATER);
    expect(state).toMatchObject({ status: 'applying', submission: 'accepted' });
    expect(state.outcome ?? state.attention).toBeUndefined();
    expect(state.timeline.at(-1)).toMatchObject({ event: 'message-dropped' });
  });

  it.each([
    ['Y', 'this', 'refused', 'unknown'],
    ['Y', 'unclear', 'unknown', 'unknown'],
    ['N', 'this', 'accepted', 'accepted'],
  ] as const)(
    '%s that concerns %s, submission %s: its repeat after an operator’s decision changes nothing',
    (isRefund, concerns, submission, later) => {
      const state = refundIn({ submission });
      const notification = { ...closed(isRefund), concerns } as Interruption;
      interrupt(state, notification, LATER);
      applyDecision(state, anas('inquire-again'), LATER);
      state.submission = later;
      interrupt(state, notification, LATER);
      expect(state.attention ?? state.outcome).toBeUndefined();
    },
  );

  it('has no effect the second time', () => {
    const state = refundIn({ submission: 'accepted' });
    interrupt(state, closed('Y'), LATER);
    const { outcome } = state;
    interrupt(state, closed('Y'), LATER);
    interrupt(state, closed('N'), LATER);
    expect(state.outcome).toBe(outcome);
    expect(state.attention).toBeUndefined();
  });
});

describe('the timeline of an interruption', () => {
  it.each<[Interruption, object]>([
    [escalate, { event: 'escalate', text: 'halted for an operator: the customer called', by: 'Ana' }],
    [
      cancel,
      {
        event: 'cancel-requested',
        text: 'cancellation requested',
        by: 'a cancellation',
      },
    ],
    [closed('Y'), { event: 'notification', text: 'WorldFirst notified: the order was closed with a refund' }],
    [
      closed('N'),
      { event: 'notification', text: 'WorldFirst notified: the order was closed without a refund' },
    ],
    [closed('Y', 'T-2'), { event: 'message-dropped', text: 'ignored a notification of another order' }],
  ])('has the event and its sender: %j', (interruption, entry) => {
    const state = refundIn({ submission: 'accepted' });
    interrupt(state, interruption, LATER);
    expect(state.timeline[0]).toEqual({ at: LATER, ...entry });
  });
});

describe('after the end', () => {
  it.each([
    ['escalate', escalate],
    ['cancel', cancel],
    ['closed with a refund', closed('Y')],
    ['closed without a refund', closed('N')],
  ])('%s changes nothing, but is in the timeline', (_, interruption) => {
    const state = refundIn({ submission: 'accepted' });
    accept(state, LATER);
    const before = structuredClone(state);
    interrupt(state, interruption, LATER);
    expect({ ...state, timeline: [] }).toEqual({ ...before, timeline: [] });
    expect(state.timeline).toHaveLength(before.timeline.length + 1);
  });
});
