import { expect, test } from 'vitest';
import type { NotChecked } from '../../rules/reconcile.js';
import { addPage, emptyReport, emptyResult } from '../../rules/reconciliation.js';
import { incompleteNoticeOf, withReconciliationRun } from '../../rules/reconciliation-notice.js';

const period = { from: '2026-11-21T03:00:00.000Z', to: '2026-11-28T03:00:00.000Z' };
const run = { workflowId: 'reconcile-refunds', firstRunId: 'run', now: '2026-11-28T04:00:00.000Z' };
const notChecked = (cause: NotChecked['cause']): NotChecked => ({
  refundRequestId: 'R-1',
  product: 'worldtrade',
  reference: 't-1',
  requestId: 'R-1',
  cause,
  reason: cause,
});

function incomplete(causes: NotChecked['cause'][], failure?: string) {
  const result = emptyResult(period);
  addPage(result, { ...emptyReport(), refunds: causes.length, notChecked: causes.map(notChecked) });
  return incompleteNoticeOf(result, run, failure);
}

const noticeAbout = (...args: Parameters<typeof incomplete>) => incomplete(...args).data;

test('the advice fits what is missing: an answer of WorldFirst, evidence in its answers, or the rest of the refunds', () => {
  const ask = 'Find out why WorldFirst gave no answer, then run the command';
  const compare = 'add --statement to the command';
  const unanswered = noticeAbout(['no-answer']);
  expect(unanswered.advice).toContain(ask);
  expect(unanswered.advice).not.toContain(compare);
  const unknown = noticeAbout(['no-evidence', 'no-evidence']);
  expect(unknown.advice).toContain(compare);
  expect(unknown.advice).toContain('--product cashier');
  expect(unknown.advice).not.toContain(ask);
  expect(unknown.counts).toMatchObject({ notChecked: 2, noAnswer: 0 });
  const both = noticeAbout(['no-evidence', 'no-answer', 'no-evidence']);
  expect(both.explanation).toContain('gave no answer that counts: 1.');
  expect(both.explanation).toContain('answers say nothing: 2.');
  expect(both.advice).toContain(ask);
  expect(both.advice).toContain(compare);
  const failed = noticeAbout([], 'Temporal’s list did not answer.');
  expect(failed).toMatchObject({ stoppedEarly: true, reason: 'Temporal’s list did not answer.' });
  expect(failed.advice).toContain('Find out why it failed');
});

test('the command names the time at which the period begins, so that it means the same tomorrow', () => {
  expect(noticeAbout(['no-answer']).command).toBe(
    'worldfirst-refunds reconcile --since 2026-11-21T03:00:00.000Z',
  );
});

test('the notice has the period, the counts, and the reason that was met most often', () => {
  const notice = incomplete(['no-answer', 'no-evidence', 'no-evidence']);
  expect(notice).toEqual({
    id: 'reconcile-refunds/run/incomplete',
    version: 1,
    type: 'reconciliation.incomplete',
    timestamp: run.now,
    data: {
      workflowId: 'reconcile-refunds',
      period,
      counts: { refunds: 3, agreed: 0, differences: 0, information: 0, notChecked: 3, noAnswer: 1 },
      reason: 'no-evidence',
      explanation:
        'Request ids about which WorldFirst gave no answer that counts: 1. Request ids about which WorldFirst’s answers say ' +
        'nothing: 2. Whether these refunds differ is not known.',
      advice: expect.stringMatching(
        /^Find out why .* changes none\. Compare the refunds that .* --product cashier\.$/,
      ),
      incident: { key: 'reconcile-refunds/run', group: 'reconciliation/incomplete' },
      command: 'worldfirst-refunds reconcile --since 2026-11-21T03:00:00.000Z',
    },
  });
  const where = { namespace: 'payments', runId: 'run-2' };
  const data = { ...notice.data, ...where };
  expect(withReconciliationRun(notice, where)).toEqual({ ...notice, data });
  const link = 'https://temporal.example.com/namespaces/payments/workflows/reconcile-refunds/run-2';
  expect(withReconciliationRun(notice, where, 'https://temporal.example.com')).toEqual({
    ...notice,
    data: { ...data, link },
  });
});

test('of one product, the command names it; of one that failed, the explanation begins with that', () => {
  const cashier = incompleteNoticeOf(emptyResult({ ...period, product: 'cashier' }), run, 'It failed.').data;
  expect(cashier.command).toBe(
    'worldfirst-refunds reconcile --since 2026-11-21T03:00:00.000Z --product cashier',
  );
  expect(cashier.explanation).toBe(
    'The reconciliation failed before it had compared all refunds. Whether these refunds differ is not known.',
  );
});
