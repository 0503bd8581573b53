import { describe, expect, it } from 'vitest';
import type { ApplyRefundBody, CashierRefundBody } from '../../rules/bodies.js';
import {
  applyRefundDifferences,
  findRefund,
  type Inquiry,
  orderDifferences,
  type RefundEntry,
  refundDifferences,
} from '../../rules/integrity.js';

const usd = (value: number) => ({ currency: 'USD', value });
const twd = (value: number) => ({ currency: 'TWD', value });
const line = (refundToAmount: { currency: string; value: number }, refundAmount = refundToAmount) => ({
  refundMethod: { paymentMethodType: 'WALLET_WF' },
  refundToAmount,
  refundAmount,
});

describe('the answer to queryTradeOrder', () => {
  it.each([[[]], [['T-1']], [[undefined, 'T-1']], [['', null, 7]]])(
    'fits when its trade ids are %j',
    (answered) => {
      expect(orderDifferences('T-1', answered)).toEqual([]);
    },
  );

  it('does not match if it has another order', () => {
    expect(orderDifferences('T-1', ['T-1', 'T-2'])).toEqual([
      'tradeId is T-2 in the answer, but T-1 was expected.',
    ]);
  });
});

describe('the answer to applyRefund', () => {
  const asked = { paymentOrderId: 'P-1' } as ApplyRefundBody;

  it.each([[{}], [{ paymentOrderId: 'P-1' }]])('fits when it is %j', (answered) => {
    expect(applyRefundDifferences(asked, answered)).toEqual([]);
  });

  it('does not match if it has another payment', () => {
    expect(applyRefundDifferences(asked, { paymentOrderId: 'P-2' })).toEqual([
      'paymentOrderId is P-2 in the answer, but P-1 was expected.',
    ]);
  });
});

describe('the answer to refund', () => {
  const asked = {
    payToId: 'PAY-1',
    refundRequestId: 'R-1',
    refundToDetails: [line(twd(300), usd(1000)), line(twd(70), usd(234))],
  } as unknown as CashierRefundBody;

  it.each([
    ['it has no fields', {}],
    ['it repeats the ids', { payToId: 'PAY-1', refundRequestId: 'R-1' }],
    ['its list is empty', { refundToDetails: [] }],
    ['its lines are the same', { refundToDetails: asked.refundToDetails }],
    ['its lines are in another order', { refundToDetails: [...asked.refundToDetails].reverse() }],
    ['its lines are put together', { refundToDetails: [line(twd(370), usd(1234))] }],
    ['its lines have one of the two amounts', { refundToDetails: [{ refundAmount: usd(1234) }] }],
    ['its lines have no amounts', { refundToDetails: [{}] }],
  ])('fits when %s', (_, answered) => {
    expect(refundDifferences(asked, answered)).toEqual([]);
  });

  it.each([[[usd(5), twd(7)]], [[twd(7), usd(5)]]])(
    'matches in two currencies, in any order: %j',
    (amounts) => {
      const two = { ...asked, refundToDetails: [line(twd(7)), line(usd(5))] };
      expect(refundDifferences(two, { refundToDetails: amounts.map((amount) => line(amount)) })).toEqual([]);
    },
  );

  it.each([
    ['payToId', { payToId: 'PAY-2' }],
    ['refundRequestId', { refundRequestId: 'R-2' }],
    ['refundToAmount', { refundToDetails: [line(twd(371), usd(1234))] }],
    ['refundAmount', { refundToDetails: [line(twd(370), usd(1233))] }],
    ['refundAmount', { refundToDetails: [line(twd(370), { currency: 'EUR', value: 1234 })] }],
    ['refundAmount', { refundToDetails: [{ ...line(twd(370), usd(1000)) }] }],
    ['refundToAmount', { refundToDetails: [line(twd(370), usd(1234)), line(usd(1), usd(0))] }],
    ['refundAmount', { refundToDetails: [line(twd(370), usd(1234)), { refundAmount: usd(1) }] }],
  ])('does not match in its %s if it is %j', (field, answered) => {
    const differences = refundDifferences(asked, answered);
    expect(differences).toHaveLength(1);
    expect(differences[0]).toMatch(new RegExp(`^${field} is .* in the answer, but .* was expected\\.$`));
  });

  it('names every difference, with readable amounts', () => {
    const answered = { payToId: 'PAY-2', refundToDetails: [line(usd(5), usd(1234))] };
    expect(refundDifferences(asked, answered)).toEqual([
      'payToId is PAY-2 in the answer, but PAY-1 was expected.',
      'refundToAmount is USD 0.05 in the answer, but TWD 3.70 was expected.',
    ]);
  });

  it('names the sum in each currency', () => {
    const answered = { refundToDetails: [line(usd(5)), line(twd(7))] };
    expect(refundDifferences(asked, answered)).toEqual([
      'refundToAmount is TWD 0.07 + USD 0.05 in the answer, but TWD 3.70 was expected.',
      'refundAmount is TWD 0.07 + USD 0.05 in the answer, but USD 12.34 was expected.',
    ]);
  });

  it('is compared exactly above the precision of a float', () => {
    const large = Number.MAX_SAFE_INTEGER;
    const body = { ...asked, refundToDetails: [line(usd(large)), line(usd(2))] };
    expect(refundDifferences(body, { refundToDetails: [line(usd(large)), line(usd(1))] })).toHaveLength(2);
  });
});

describe('the answer to inquireRefund', () => {
  const inquiry: Inquiry = {
    refundRequestId: 'R-1',
    expected: { payToId: 'PAY-1', amounts: [usd(1234), twd(370)], refundId: 'W-1' },
  };
  const ours = { refundRequestId: 'R-1', refundId: 'W-1', payToId: 'PAY-1', refundAmount: usd(1234) };
  const foreign = { refundRequestId: 'R-2', refundId: 'W-2', payToId: 'PAY-2', refundAmount: usd(1) };

  it('does not contain the refund if it is empty', () => {
    expect(findRefund(inquiry, [])).toEqual({ kind: 'notFound' });
  });

  it.each([
    ['by our id', ours],
    ['by our id alone', { refundRequestId: 'R-1' }],
    ["by WorldFirst's id when ours is missing", { refundId: 'W-1', refundAmount: twd(370) }],
    ['with the amount in the other currency', { ...ours, refundAmount: twd(370) }],
  ])('contains the refund %s, with any other entries in the list', (_, entry) => {
    expect(findRefund(inquiry, [foreign, entry, foreign])).toEqual({ kind: 'entry', entry });
  });

  it('is compared only with known values', () => {
    const bare: Inquiry = { refundRequestId: 'R-1', expected: { amounts: [] } };
    expect(findRefund(bare, [ours])).toEqual({ kind: 'entry', entry: ours });
  });

  it.each<[string, RefundEntry[], string]>([
    ['only another refund', [foreign], 'only about other refunds: R-2.'],
    ['several other refunds', [foreign, { refundId: 'W-3' }], 'only about other refunds: R-2, W-3.'],
    ["another refund by WorldFirst's id alone", [{ refundId: 'W-9' }], 'only about other refunds: W-9.'],
    ['an entry without any id', [{ payToId: 'PAY-1' }], 'only about other refunds: no id'],
    [
      "WorldFirst's id with another id of ours",
      [{ ...ours, refundRequestId: 'R-2' }],
      'only about other refunds',
    ],
    ['the refund twice', [ours, ours], '2 entries for R-1'],
    ['another payment', [{ ...ours, payToId: 'PAY-2' }], 'payToId is PAY-2'],
    ["another id of WorldFirst's", [{ ...ours, refundId: 'W-9' }], 'refundId is W-9'],
    [
      'another amount',
      [{ ...ours, refundAmount: usd(1233) }],
      'USD 12.33 in the answer, but USD 12.34 or TWD 3.70',
    ],
    ['another currency', [{ ...ours, refundAmount: { currency: 'EUR', value: 1234 } }], 'EUR 12.34'],
  ])('does not match if it contains %s', (_, entries, difference) => {
    const found = findRefund(inquiry, entries);
    expect(found.kind).toBe('mismatch');
    expect((found as { differences: string[] }).differences.join('\n')).toContain(difference);
  });

  it('without ids does not match if no id of WorldFirst is known', () => {
    const bare: Inquiry = { refundRequestId: 'R-1', expected: { amounts: [] } };
    expect(findRefund(bare, [{}]).kind).toBe('mismatch');
    expect(findRefund(bare, [{ refundId: 'W-9' }]).kind).toBe('mismatch');
  });
});
