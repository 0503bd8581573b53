import { expect, test } from 'vitest';
import type { Comparison, NotChecked } from '../../rules/reconcile.js';
import {
  addComparison,
  addPage,
  emptyReport,
  emptyResult,
  resultSentence,
} from '../../rules/reconciliation.js';

const period = { from: '2026-11-21T03:00:00.000Z', to: '2026-11-28T03:00:00.000Z' };
const notChecked = (cause: NotChecked['cause']): NotChecked => ({
  refundRequestId: 'R-1',
  product: 'cashier',
  reference: 'PAY-1',
  requestId: 'R-1',
  cause,
  reason: cause,
});
const compared = (more: Partial<Comparison> = {}): Comparison => ({
  differences: [],
  information: [],
  notChecked: [],
  ...more,
});
const some = (count: number) => Array.from({ length: count }, () => ({})) as never[];

test('a refund agrees only where nothing at all was found about it', () => {
  const report = emptyReport();
  expect(report).toEqual({
    refunds: 0,
    agreed: 0,
    inquiries: 0,
    differences: [],
    information: [],
    notChecked: [],
  });
  addComparison(report, compared(), 1);
  addComparison(report, compared({ differences: some(2) }), 2);
  addComparison(report, compared({ information: some(1) }), 1);
  addComparison(report, compared({ notChecked: [notChecked('no-answer')] }), 3);
  expect(report).toMatchObject({ refunds: 4, agreed: 1, inquiries: 7 });
  expect([report.differences.length, report.information.length, report.notChecked.length]).toEqual([2, 1, 1]);
});

test('the result counts everything, and keeps the first hundred entries of each list', () => {
  const result = emptyResult(period);
  expect(result).toMatchObject({ period, complete: true, refunds: 0, notNotified: 0 });
  const page = { ...emptyReport(), refunds: 100, agreed: 10, inquiries: 120, differences: some(80) };
  addPage(result, page);
  expect(result.complete).toBe(true);
  addPage(result, { ...page, notChecked: [notChecked('no-answer'), notChecked('no-evidence')] });
  expect(result).toMatchObject({
    complete: false,
    refunds: 200,
    agreed: 20,
    inquiries: 240,
    counts: { differences: 160, information: 0, notChecked: 2, noAnswer: 1 },
  });
  expect(result.differences.length).toBe(100);
  expect(resultSentence(result)).toBe(
    '200 compared with WorldFirst: 20 agree, differences: 160, not checked: 2',
  );
});
