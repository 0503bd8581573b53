import { describe, expect, it } from 'vitest';
import { paymentToRefund } from '../../rules/order.js';
import { worldtrade } from './fixtures.js';

const totalAmount = { currency: 'USD', value: 1234 };
const found = (...paymentOrderIds: string[]) => ({ kind: 'found' as const, totalAmount, paymentOrderIds });
const manyPayments = (count: number) => Array.from({ length: count }, (_, index) => `P-${index + 1}`);

describe('the payment to refund', () => {
  it.each<[string, object, string[], string]>([
    ['the only one, if the request names none', {}, ['P-1'], 'P-1'],
    ['the only one, where the request names it', { paymentOrderId: 'P-1' }, ['P-1'], 'P-1'],
    ['the named one of several', { paymentOrderId: 'P-2' }, ['P-1', 'P-2', 'P-3'], 'P-2'],
    ['the only one, if the request has the total', { refundAmount: totalAmount }, ['P-1'], 'P-1'],
  ])('is %s', (_, change, payments, paymentOrderId) => {
    expect(paymentToRefund({ ...worldtrade, ...change }, found(...payments))).toEqual({
      paymentOrderId,
      totalAmount,
    });
  });

  const part = { currency: 'USD', value: 1233 };
  it.each<[string, object, string[], string]>([
    ['the order has several and the request names none', {}, ['P-1', 'P-2'], 'several-payments'],
    ['the order has no payment', {}, [], 'no-payment'],
    ['the order has no payment, although the request names one', { paymentOrderId: 'P-1' }, [], 'no-payment'],
    ['the order has another one', { paymentOrderId: 'P-9' }, ['P-1'], 'answer-does-not-match'],
    ['the order has several others', { paymentOrderId: 'P-9' }, ['P-1', 'P-2'], 'answer-does-not-match'],
    ['the request has a smaller amount', { refundAmount: part }, ['P-1'], 'amount-differs'],
    ['for more', { refundAmount: { ...totalAmount, value: 1235 } }, ['P-1'], 'amount-differs'],
    [
      'for another currency',
      { refundAmount: { ...totalAmount, currency: 'EUR' } },
      ['P-1'],
      'amount-differs',
    ],
    [
      'for less, of a named one',
      { refundAmount: part, paymentOrderId: 'P-1' },
      ['P-1', 'P-2'],
      'amount-differs',
    ],
  ])('needs an operator if %s', (_, change, payments, attention) => {
    const payment = paymentToRefund({ ...worldtrade, ...change }, found(...payments));
    expect(payment).toMatchObject({ attention });
    expect(payment).not.toHaveProperty('paymentOrderId');
  });

  it.each([
    ['which payments there are', {}, ['P-1', 'P-2'], 'The payments are P-1, P-2.'],
    [
      'the requested payment and the existing ones',
      { paymentOrderId: 'P-9' },
      ['P-1', 'P-2'],
      'The order’s payments are P-1, P-2, but the request has P-9.',
    ],
    ['twenty payments', {}, manyPayments(20), `The payments are ${manyPayments(20).join(', ')}.`],
    [
      'no more than twenty payments, and how many there are besides',
      {},
      manyPayments(21),
      `The payments are ${manyPayments(20).join(', ')} and 1 more.`,
    ],
    [
      'which amounts differ',
      { refundAmount: part },
      ['P-1'],
      'The order’s total is USD 12.34, but the request has USD 12.33.',
    ],
  ])('gives the operator %s', (_, change, payments, detail) => {
    expect(paymentToRefund({ ...worldtrade, ...change }, found(...payments))).toMatchObject({ detail });
  });
});
