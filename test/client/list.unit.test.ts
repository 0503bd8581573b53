import type { WorkflowExecutionInfo } from '@temporalio/client';
import { defineSearchAttributeKey, TypedSearchAttributes } from '@temporalio/common';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listQuery, type RefundFilter, summaryOf } from '../../client/list-refunds.js';

const STARTED = new Date('2026-08-30T02:02:39.000Z');
const ALL = "WorkflowType = 'refund' AND ";

describe('the list query', () => {
  it.each<[string, RefundFilter, string]>([
    ['everything that ever was a refund', {}, 'RefundStatus IS NOT NULL'],
    [
      'the work queue',
      { status: 'needs-attention' },
      "RefundStatus = 'needs-attention' AND CloseTime IS NULL",
    ],
    ['of an outcome', { status: 'failed' }, "RefundStatus = 'failed' AND ExecutionStatus = 'Completed'"],
    [
      'of stopped workflows',
      { status: 'stopped' },
      "RefundStatus IS NOT NULL AND ExecutionStatus IN ('Terminated', 'Failed', 'TimedOut', 'Canceled')",
    ],
    [
      'by reason',
      { attention: 'configuration' },
      "RefundStatus IS NOT NULL AND RefundAttention = 'configuration'",
    ],
    ['by product', { product: 'cashier' }, "RefundStatus IS NOT NULL AND RefundProduct = 'cashier'"],
    ['by reference', { reference: 'T-1' }, "RefundStatus IS NOT NULL AND RefundReference = 'T-1'"],
    ['by age', { olderThan: STARTED }, "RefundStatus IS NOT NULL AND StartTime < '2026-08-30T02:02:39.000Z'"],
    ['the limit is no matter of the query', { limit: 5 }, 'RefundStatus IS NOT NULL'],
    [
      'everything at once',
      {
        limit: 5,
        olderThan: STARTED,
        reference: 'T-1',
        product: 'worldtrade',
        attention: 'escalated',
        status: 'needs-attention',
      },
      "RefundStatus = 'needs-attention' AND CloseTime IS NULL AND RefundAttention = 'escalated' AND RefundProduct = 'worldtrade' AND " +
        "RefundReference = 'T-1' AND StartTime < '2026-08-30T02:02:39.000Z'",
    ],
  ])('%s', (_, filter, query) => {
    expect(listQuery(filter)).toBe(ALL + query);
  });

  it.each([
    ['a quote', "x' OR RefundStatus = 'failed", "'x\\' OR RefundStatus = \\'failed'"],
    ['a backslash at the end', 'x\\', "'x\\\\'"],
    ['an escaped quote', "x\\' OR 1=1 --", "'x\\\\\\' OR 1=1 --'"],
  ])('a reference cannot leave its quotes: %s', (_, reference, quoted) => {
    expect(listQuery({ reference })).toBe(`${ALL}RefundStatus IS NOT NULL AND RefundReference = ${quoted}`);
  });

  it('any reference stays within its quotes', () => {
    const anyText = fc.oneof(
      fc.string(),
      fc.array(fc.constantFrom("'", '\\', 'x')).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(anyText, (reference) => {
        const [, quoted = ''] = listQuery({ reference }).split('RefundReference = ');
        fc.pre(!reference.includes('RefundReference = '));
        expect(quoted).toMatch(/^'(?:[^'\\]|\\[\s\S])*'$/);
        expect(quoted.slice(1, -1).replaceAll(/\\([\s\S])/g, '$1')).toBe(reference);
      }),
    );
  });
});

describe('one refund in the list', () => {
  const key = (name: string) => defineSearchAttributeKey(name, 'KEYWORD');
  const execution = (
    pairs: ConstructorParameters<typeof TypedSearchAttributes>[0],
    closeTime?: Date,
    status = closeTime ? 'COMPLETED' : 'RUNNING',
  ) =>
    ({
      status: { name: status },
      workflowId: 'refund:R-1',
      startTime: STARTED,
      closeTime,
      typedSearchAttributes: new TypedSearchAttributes(pairs),
    }) as unknown as WorkflowExecutionInfo;
  const basics = [
    { key: key('RefundStatus'), value: 'unknown' },
    { key: key('RefundProduct'), value: 'worldtrade' },
    { key: key('RefundReference'), value: 'T-1' },
  ];

  it('that runs', () => {
    const nextCheck = {
      key: defineSearchAttributeKey('RefundNextCheckAt', 'DATETIME'),
      value: new Date('2026-08-30T03:00:00.000Z'),
    };
    expect(summaryOf(execution([...basics, nextCheck]))).toEqual({
      refundRequestId: 'R-1',
      workflowId: 'refund:R-1',
      status: 'unknown',
      product: 'worldtrade',
      reference: 'T-1',
      nextCheckAt: '2026-08-30T03:00:00.000Z',
      startedAt: '2026-08-30T02:02:39.000Z',
    });
  });

  it.each(['TERMINATED', 'FAILED', 'TIMED_OUT', 'CANCELLED'])(
    'with a workflow that is %s: stopped',
    (status) => {
      const ended = new Date('2026-08-31T00:00:00.000Z');
      expect(summaryOf(execution(basics, ended, status))).toMatchObject({ status: 'stopped' });
    },
  );

  it('that ended after it needed an operator', () => {
    const attention = { key: key('RefundAttention'), value: 'escalated' };
    const ended = new Date('2026-08-31T00:00:00.000Z');
    expect(summaryOf(execution([...basics, attention], ended))).toMatchObject({
      attention: 'escalated',
      endedAt: '2026-08-31T00:00:00.000Z',
    });
  });

  it('has no field for an absent value', () => {
    const summary = summaryOf(execution(basics));
    for (const field of ['attention', 'nextCheckAt', 'endedAt']) expect(summary).not.toHaveProperty(field);
  });
});
