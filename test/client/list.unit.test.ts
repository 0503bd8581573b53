import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { defineSearchAttributeKey, TypedSearchAttributes } from '@temporalio/common';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  listQuery,
  listRefunds,
  type RefundFilter,
  refundsOf,
  summaryOf,
} from '../../client/list-refunds.js';
import { plainReference } from '../../client/reference-hash.js';

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

  it('that was stopped has no next inquiry', () => {
    const nextCheck = {
      key: defineSearchAttributeKey('RefundNextCheckAt', 'DATETIME'),
      value: new Date('2026-08-30T03:00:00.000Z'),
    };
    const ended = new Date('2026-08-31T00:00:00.000Z');
    const summary = summaryOf(execution([...basics, nextCheck], ended, 'TERMINATED'));
    expect(summary).toMatchObject({ status: 'stopped' });
    expect(summary).not.toHaveProperty('nextCheckAt');
  });

  it('has no field for an absent value', () => {
    const summary = summaryOf(execution(basics));
    for (const field of ['attention', 'nextCheckAt', 'endedAt']) expect(summary).not.toHaveProperty(field);
  });
});

describe('the latest run of each refund', () => {
  const run = (name: string, day: number, status = 'COMPLETED', refundStatus = 'failed') =>
    ({
      type: 'refund',
      workflowId: `refund:${name}`,
      runId: `${name}-${day}`,
      status: { name: status },
      startTime: new Date(Date.UTC(2026, 7, day)),
      ...(!['RUNNING', 'PAUSED'].includes(status) && { closeTime: new Date(Date.UTC(2026, 8, day)) }),
      typedSearchAttributes: new TypedSearchAttributes([
        { key: defineSearchAttributeKey('RefundStatus', 'KEYWORD'), value: refundStatus },
        { key: defineSearchAttributeKey('RefundReference', 'KEYWORD'), value: 'T-1' },
      ]),
    }) as unknown as WorkflowExecutionInfo;

  /** Temporal's list: `matching` are the runs that match the filter. */
  function temporal(matching: WorkflowExecutionInfo[], all: WorkflowExecutionInfo[]) {
    const queries: string[] = [];
    const seen: string[] = [];
    const list = async function* ({ query }: { query: string }) {
      queries.push(query);
      const isOfIds = query.includes('WorkflowId IN');
      for (const each of isOfIds
        ? all.filter(({ workflowId }) => query.includes(`'${workflowId}'`))
        : matching) {
        if (!isOfIds) seen.push(each.runId);
        yield each;
      }
    };
    return { client: { workflow: { list } } as unknown as Client, queries, seen };
  }

  async function idsOf(client: Client, filter: RefundFilter = {}): Promise<string[]> {
    const ids: string[] = [];
    for await (const each of listRefunds(client, filter, plainReference)) ids.push(each.refundRequestId);
    return ids;
  }

  const many = (count: number, status?: string) =>
    Array.from({ length: count }, (_, n) => run(`R${n}`, 1, status));

  it('is listed, and the earlier ones are not', async () => {
    const earlier = [run('A', 1), run('B', 1), run('C', 1, 'TERMINATED'), run('D', 1)];
    const later = [run('A', 2, 'RUNNING'), run('B', 2), run('C', 2, 'PAUSED')];
    const { client } = temporal(earlier, [...earlier, ...later]);
    expect(await idsOf(client, { status: 'failed' })).toEqual(['D']);
    expect(await idsOf(temporal([...later, ...earlier], [...earlier, ...later]).client)).toEqual([
      'A',
      'C',
      'B',
      'D',
    ]);
    expect(refundsOf('T-1', [...earlier, ...later]).map(({ status }) => status)).toHaveLength(4);
  });

  it('of 120 refunds that ended is found with three queries more', async () => {
    const { client, queries } = temporal(many(120), many(120));
    expect(await idsOf(client)).toHaveLength(120);
    expect(queries).toHaveLength(4);
    expect(queries[1]).toContain("RefundStatus IS NOT NULL AND WorkflowId IN ('refund:R0', 'refund:R1', ");
  });

  it('of open refunds needs no query, and each is listed when it is found', async () => {
    const { client, queries, seen } = temporal(many(120, 'RUNNING'), []);
    const found = listRefunds(client, {}, plainReference)[Symbol.asyncIterator]();
    await found.next();
    expect(seen).toEqual(['R0-1']);
    expect(await idsOf(client)).toHaveLength(120);
    expect(queries).toHaveLength(2);
  });

  it('counts for the limit, and no more is read than the limit needs', async () => {
    const latest = Array.from({ length: 10 }, (_, n) => run(`R${n}`, 2, 'RUNNING'));
    const { client, queries, seen } = temporal(many(120), [...many(120), ...latest]);
    expect(await idsOf(client, { limit: 40 })).toEqual(Array.from({ length: 40 }, (_, n) => `R${n + 10}`));
    expect(queries).toHaveLength(2);
    expect(seen).toHaveLength(50);
  });
});
