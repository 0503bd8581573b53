import { describe, expect, it } from 'vitest';
import { closingNoticeOf, differenceNoticeOf, noticeOf, withRun } from '../../rules/attention-notice.js';
import { requireAttention } from '../../rules/changes.js';
import { applyDecision } from '../../rules/decide.js';
import type { Difference, RecordedStatus } from '../../rules/reconcile.js';
import type { OpenAttention, RefundState } from '../../rules/state.js';
import { viewOf } from '../../rules/view.js';
import { cashier, LATER, refundIn, STARTED, worldtrade } from './fixtures.js';

interface Waiting {
  state: RefundState;
  attention: OpenAttention;
}

function waiting(request: typeof cashier | typeof worldtrade = worldtrade): Waiting {
  const state = refundIn({ request, submission: 'unknown', waitingFor: 'escalated' });
  if (!state.attention) throw new Error('the refund needs no operator');
  return { state, attention: state.attention };
}

const noticeFor = (kind: 'first' | 'reminder', request?: typeof cashier | typeof worldtrade) => {
  const { state, attention } = waiting(request);
  return noticeOf(state, attention, kind);
};

describe('the notice about a refund that needs an operator', () => {
  it('has the refund, the money, the reason and the possible decisions', () => {
    const { state, attention } = waiting(cashier);
    state.ids = { refundId: 'W-1' };
    state.inquiries = { done: 2, allowed: 7 };
    expect(noticeOf(state, attention, 'first')).toEqual({
      id: `refund:R-2/${STARTED}/first`,
      version: 2,
      type: 'refund.needs-attention',
      timestamp: STARTED,
      data: {
        refundRequestId: 'R-2',
        workflowId: 'refund:R-2',
        product: 'cashier',
        reference: 'PAY-1',
        amount: { currency: 'EUR', value: 1100 },
        startedAt: STARTED,
        submission: 'unknown',
        money: 'The money may have moved.',
        ids: { providerRequestId: 'R-2', refundId: 'W-1' },
        inquiries: { done: 2, allowed: 7 },
        attention: viewOf(state).attention,
        incident: { key: `refund:R-2/${STARTED}`, group: 'cashier/escalated' },
        command: 'worldfirst-refunds decide R-2',
      },
    });
  });

  it('has another id and type when it is a reminder', () => {
    expect(noticeFor('reminder')).toMatchObject({
      id: `refund:R-1/${STARTED}/reminder`,
      type: 'refund.still-needs-attention',
      timestamp: STARTED,
    });
  });

  it('has no amount if the amount is not known', () => {
    expect(noticeFor('first').data).not.toHaveProperty('amount');
  });

  it.each([
    ['a b', "worldfirst-refunds decide 'a b'"],
    ["it's; rm", "worldfirst-refunds decide 'it'\\''s; rm'"],
    ['-x', "worldfirst-refunds decide '-x'"],
    ['R-1.2_3:4', 'worldfirst-refunds decide R-1.2_3:4'],
  ])('has a command for the id %s that a shell reads as one word', (refundRequestId, command) => {
    expect(noticeFor('first', { ...worldtrade, refundRequestId }).data.command).toBe(command);
  });

  it('gets the run, and a link to it if the address of the Web UI is known', () => {
    const notice = noticeFor('first', { ...worldtrade, refundRequestId: 'a/b' });
    const run = { namespace: 'pay ments', runId: 'run-1' };
    expect(withRun(notice, run).data).toMatchObject(run);
    expect(withRun(notice, run).data).not.toHaveProperty('link');
    expect(withRun(notice, run, 'https://temporal.example.com/').data.link).toBe(
      'https://temporal.example.com/namespaces/pay%20ments/workflows/refund%3Aa%2Fb/run-1',
    );
    const { listLink } = withRun(notice, run, 'https://temporal.example.com/ui').data;
    const { origin, pathname, searchParams } = new URL(listLink ?? '');
    expect(origin + pathname).toBe('https://temporal.example.com/ui/namespaces/pay%20ments/workflows');
    expect(Object.fromEntries(searchParams)).toEqual({
      query:
        "RefundAttention = 'escalated' AND RefundProduct = 'worldtrade' AND RefundStatus = 'needs-attention' AND ExecutionStatus = 'Running'",
      savedQuery: 'Refunds: worldtrade, escalated',
    });
  });
});

describe('the notice that a refund no longer needs an operator', () => {
  it('has the decision, its operator and the end, and belongs to the incident of the first notice', () => {
    const { state, attention } = waiting();
    const decision = { decision: 'mark-failed', by: 'ana', reason: 'r', evidence: 'e' } as const;
    applyDecision(state, decision, LATER);
    expect(closingNoticeOf(state, attention, 'later')).toMatchObject({
      id: `refund:R-1/${STARTED}/closed`,
      version: 2,
      type: 'refund.attention-closed',
      timestamp: LATER,
      data: {
        attention: { reason: 'escalated', since: STARTED, decisions: [] },
        incident: { key: `refund:R-1/${STARTED}` },
        closed: { at: LATER, decision: 'mark-failed', by: 'ana', outcome: 'failed' },
      },
    });
  });

  it('has no decision if another reason took its place', () => {
    const { state, attention } = waiting();
    state.decided = { decision: 'inquire-again', by: 'ana', reason: 'r', at: '2026-08-29T00:00:00.000Z' };
    requireAttention(state, LATER, 'cancel-requested');
    expect(closingNoticeOf(state, attention, LATER).data.closed).toEqual({
      at: LATER,
      nextReason: 'cancel-requested',
    });
  });
});

describe('the notice about a difference that a reconciliation found', () => {
  const difference = (more: Partial<Difference> = {}): Difference => ({
    kind: 'reversed',
    refundRequestId: "R'1",
    workflowId: "refund:R'1",
    product: 'cashier',
    reference: 'PAY-1',
    startedAt: STARTED,
    runId: 'run-1',
    requestId: "R'1-2",
    amount: 'EUR 11.00',
    recorded: 'succeeded',
    answered: 'FAIL',
    explanation: 'What differs.',
    advice: 'What to do.',
    ...more,
  });

  it('has the refund, both answers and the advice, and no decisions', () => {
    expect(differenceNoticeOf(difference(), LATER)).toEqual({
      id: "refund:R'1/reversed/R'1-2",
      version: 2,
      type: 'refund.difference-found',
      timestamp: LATER,
      data: {
        refundRequestId: "R'1",
        workflowId: "refund:R'1",
        product: 'cashier',
        reference: 'PAY-1',
        amount: { currency: 'EUR', value: 1100 },
        startedAt: STARTED,
        submission: 'accepted',
        money: 'The refund is succeeded in Temporal, and WorldFirst answers: FAIL.',
        ids: { providerRequestId: "R'1-2" },
        inquiries: { done: 1, allowed: 1 },
        attention: {
          reason: 'reversed',
          explanation: 'What differs.',
          advice: 'What to do.',
          since: LATER,
          decisions: [],
        },
        incident: { key: "refund:R'1/reversed/R'1-2", group: 'cashier/reversed' },
        command: "worldfirst-refunds show 'R'\\''1'",
        difference: { kind: 'reversed', requestId: "R'1-2", recorded: 'succeeded', answered: 'FAIL' },
      },
    });
  });

  it.each<[RecordedStatus, string]>([
    ['succeeded', 'accepted'],
    ['accepted', 'accepted'],
    ['failed', 'refused'],
    ['cancelled', 'not-sent'],
    ['waiting', 'unknown'],
    ['running', 'unknown'],
    ['stopped', 'unknown'],
  ])('of a refund that is %s here calls its request %s', (recorded, submission) => {
    expect(differenceNoticeOf(difference({ recorded }), LATER).data.submission).toBe(submission);
  });

  it('has no amount where none is known', () => {
    const { amount: _, ...unknown } = difference();
    expect(differenceNoticeOf(unknown, LATER).data).not.toHaveProperty('amount');
  });

  it('has a link to the run, and none to a list, because no list query finds the kind of difference', () => {
    const notice = withRun(
      differenceNoticeOf(difference(), LATER),
      { namespace: 'default', runId: 'run-1' },
      'http://localhost:8233',
    );
    expect(notice.data).toMatchObject({
      namespace: 'default',
      runId: 'run-1',
      link: "http://localhost:8233/namespaces/default/workflows/refund%3AR'1/run-1",
      difference: { kind: 'reversed' },
    });
    expect(notice.data).not.toHaveProperty('listLink');
  });
});
