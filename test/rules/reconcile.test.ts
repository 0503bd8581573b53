import { describe, expect, test } from 'vitest';
import {
  type AnswerAboutId,
  compare,
  MEANING,
  type RecordedRefund,
  type RecordedStatus,
} from '../../rules/reconcile.js';

const amount = { currency: 'USD', value: 1234 };
const refund = (more: Partial<RecordedRefund> = {}): RecordedRefund => ({
  refundRequestId: 'R-1',
  workflowId: 'refund:R-1',
  runId: 'run',
  product: 'cashier',
  reference: 'pay-1',
  status: 'succeeded',
  startedAt: '2026-11-20T08:00:00.000Z',
  amount,
  requestIds: ['R-1'],
  expected: { amounts: [amount], payToId: 'pay-1', refundId: 'F-1' },
  ...more,
});
const entry = { refundRequestId: 'R-1', refundId: 'F-1', payToId: 'pay-1', refundAmount: amount };
const ANSWERS: Record<string, AnswerAboutId> = {
  settled: { kind: 'settled', refundStatus: 'SUCCESS', entry },
  pending: { kind: 'pending', refundStatus: 'PROCESSING', entry },
  declined: { kind: 'declined', refundStatus: 'FAIL', entry },
  notFound: { kind: 'notFound' },
};
const answer = (name: string) => ANSWERS[name] as AnswerAboutId;
const kinds = (...args: Parameters<typeof compare>) => {
  const { differences, information, notChecked } = compare(...args);
  return [...differences, ...information].map(({ kind }) => kind as string).concat(notChecked.map(() => '-'));
};

describe('each status with each answer', () => {
  const cases = Object.entries(MEANING).flatMap(([status, meanings]) =>
    Object.entries(meanings).map(([name, meaning]) => [status, name, meaning] as const),
  );
  test.each(cases)('%s here and %s at WorldFirst: %s', (status, name, meaning) => {
    const found = kinds(refund({ status: status as RecordedStatus }), [answer(name)]);
    expect(found).toEqual(meaning === 'agrees' ? [] : [meaning]);
  });

  test('only an answer that agrees is no difference where money is claimed or denied', () => {
    const agreeing = cases.filter(([, , meaning]) => meaning === 'agrees');
    expect(agreeing.map(([status, name]) => `${status} ${name}`)).toEqual([
      'succeeded settled',
      'accepted pending',
      'failed declined',
      'failed notFound',
      'cancelled declined',
      'cancelled notFound',
      'waiting pending',
      'waiting notFound',
      'running settled',
      'running pending',
      'running declined',
      'running notFound',
      'stopped notFound',
    ]);
  });
});

test('an inquiry without an answer is not checked, and never an agreement', () => {
  const { differences, notChecked } = compare(refund(), [{ kind: 'notChecked', reason: 'No connection.' }]);
  expect({ differences, notChecked }).toEqual({
    differences: [],
    notChecked: [
      {
        refundRequestId: 'R-1',
        product: 'cashier',
        reference: 'pay-1',
        amount: 'USD 12.34',
        requestId: 'R-1',
        cause: 'no-answer',
        reason: 'No connection.',
      },
    ],
  });
  expect(kinds(refund(), [])).toEqual(['-']);
});

test('another amount, and other ids, are differences of their own', () => {
  const other = { ...entry, refundAmount: { currency: 'USD', value: 1 }, refundId: 'F-2' };
  const { differences } = compare(refund(), [{ kind: 'settled', refundStatus: 'SUCCESS', entry: other }]);
  expect(differences.map(({ kind }) => kind)).toEqual(['ids-differ', 'amount-differs']);
  expect(differences[1]).toMatchObject({
    amount: 'USD 12.34',
    explanation: expect.stringContaining('USD 0.01 in the answer, but USD 12.34 was expected'),
  });
});

test('the amount of a declined refund is not compared, because no money moved', () => {
  const other = { ...entry, refundAmount: { currency: 'USD', value: 1 } };
  const declined: AnswerAboutId = { kind: 'declined', refundStatus: 'FAIL', entry: other };
  expect(kinds(refund({ status: 'failed' }), [declined])).toEqual([]);
});

test('a difference has the refund, what both sides say, what it means and what to do', () => {
  expect(compare(refund(), [answer('declined')]).differences).toEqual([
    {
      kind: 'reversed',
      refundRequestId: 'R-1',
      product: 'cashier',
      reference: 'pay-1',
      amount: 'USD 12.34',
      workflowId: 'refund:R-1',
      startedAt: '2026-11-20T08:00:00.000Z',
      runId: 'run',
      requestId: 'R-1',
      recorded: 'succeeded',
      answered: 'FAIL',
      explanation:
        'The refund succeeded here, but WorldFirst answers that it failed: it may have been reversed.',
      advice: expect.stringMatching(
        /^Ask WorldFirst Technical Support with both ids whether the money came back/,
      ),
    },
  ]);
  const [unknown] = compare(refund(), [answer('notFound')]).differences;
  expect(unknown).toMatchObject({ kind: 'not-found', answered: 'not found' });
  expect(unknown?.advice).toContain('Do not start another refund');
});

test('an answer about another payment is a difference, unless the payment is not known', () => {
  const other: AnswerAboutId = {
    kind: 'settled',
    refundStatus: 'SUCCESS',
    entry: { ...entry, payToId: 'pay-2' },
  };
  expect(kinds(refund(), [other])).toEqual(['ids-differ']);
  expect(kinds(refund({ expected: { amounts: [amount] } }), [other])).toEqual([]);
});

test('another id of WorldFirst’s is a difference of a WorldTrade refund, too', () => {
  const known = refund({ product: 'worldtrade', expected: { amounts: [amount], refundId: 'F-1' } });
  const other: AnswerAboutId = {
    kind: 'settled',
    refundStatus: 'SUCCESS',
    entry: { ...entry, refundId: 'F-2' },
  };
  expect(kinds(known, [other])).toEqual(['ids-differ']);
});

test('what has settled since the acceptance is information, and no difference', () => {
  const { differences, information } = compare(refund({ status: 'accepted' }), [answer('settled')]);
  expect([differences, information]).toEqual([[], [expect.objectContaining({ kind: 'settled-since' })]]);
});

test('a refund of which an id was not asked about is not checked, and says why', () => {
  expect(compare(refund(), []).notChecked).toMatchObject([
    { cause: 'no-answer', reason: 'It was not asked about.' },
  ]);
  const inUse = compare(refund({ status: 'waiting', idInUse: true }), [answer('settled')]).notChecked;
  expect(inUse).toMatchObject([
    { cause: 'no-evidence', reason: expect.stringContaining('Compare the two requests by hand') },
  ]);
  const worldtrade = refund({ product: 'worldtrade', status: 'accepted' });
  expect(compare(worldtrade, [answer('notFound')]).notChecked).toMatchObject([
    { cause: 'no-evidence', reason: expect.stringContaining('Compare it with a statement') },
  ]);
  expect(kinds(worldtrade, [answer('pending')])).toEqual([]);
});

test('an earlier id that is still under way is a difference, too', () => {
  const twice = refund({ requestIds: ['R-1', 'R-1-2'] });
  const earlier: AnswerAboutId = {
    ...answer('pending'),
    entry: { ...entry, refundId: 'F-0' },
  } as AnswerAboutId;
  expect(kinds(twice, [earlier, answer('settled')])).toEqual(['earlier-id-carried-out']);
});

test('an earlier id that was carried out too is a difference, with the id that was asked about', () => {
  const twice = refund({ requestIds: ['R-1', 'R-1-2'] });
  const earlier: AnswerAboutId = {
    kind: 'settled',
    refundStatus: 'SUCCESS',
    entry: { ...entry, refundId: 'F-0' },
  };
  const { differences } = compare(twice, [earlier, answer('settled')]);
  expect(differences).toMatchObject([{ kind: 'earlier-id-carried-out', requestId: 'R-1' }]);
  expect(kinds(twice, [answer('declined'), answer('settled')])).toEqual([]);
  expect(kinds(twice, [answer('notFound'), answer('settled')])).toEqual([]);
});

test('an id that has another request is not compared', () => {
  expect(kinds(refund({ status: 'waiting', idInUse: true }), [answer('settled')])).toEqual(['-']);
});

describe('a WorldTrade refund that the inquiry does not know', () => {
  const worldtrade = (more: Partial<RecordedRefund>) =>
    refund({ product: 'worldtrade', expected: { amounts: [amount] }, ...more });
  test.each<[string, Partial<RecordedRefund>, string[]]>([
    ['was known before', { confirmedBy: 'inquiry' }, ['not-found']],
    ['was confirmed by a notification', { confirmedBy: 'notification' }, ['-']],
    ['was confirmed by an operator', { confirmedBy: 'operator', endedByOperator: true }, ['-']],
    ['was only accepted', { status: 'accepted' }, ['-']],
    ['was refused by WorldFirst', { status: 'failed' }, []],
    ['was closed as failed by an operator', { status: 'failed', endedByOperator: true }, ['-']],
    ['was never sent', { status: 'cancelled' }, []],
    ['waits for an operator', { status: 'waiting' }, []],
    ['was stopped', { status: 'stopped' }, ['-']],
  ])('%s', (_, more, expected) => {
    expect(kinds(worldtrade(more), [{ kind: 'notFound' }])).toEqual(expected);
    const { notChecked } = compare(worldtrade(more), [{ kind: 'notFound' }]);
    expect(notChecked.every(({ cause }) => cause === 'no-evidence')).toBe(true);
  });
});
