import { describe, expect, it } from 'vitest';
import { inquiryOf } from '../../rules/inquiry.js';
import { cashier, worldtrade } from './fixtures.js';

const usd = (value: number) => ({ currency: 'USD', value });
const eur = (value: number) => ({ currency: 'EUR', value });

describe('an inquiry and the values that its answer must match', () => {
  it('for WorldTrade: the current id and the order’s total', () => {
    const order = { paymentOrderId: 'P-1', totalAmount: usd(1234) };
    expect(inquiryOf(worldtrade, 'R-1-2', order, undefined)).toEqual({
      refundRequestId: 'R-1-2',
      expected: { amounts: [usd(1234)] },
    });
  });

  it('for WorldTrade before the order is known: only the id', () => {
    expect(inquiryOf(worldtrade, 'R-1', undefined, undefined)).toEqual({
      refundRequestId: 'R-1',
      expected: { amounts: [] },
    });
  });

  it('for the cashier: the current id, the payment, WorldFirst’s id and the totals of both sides', () => {
    const [line] = cashier.refundToDetails;
    const request = {
      ...cashier,
      refundToDetails: [
        { ...line, refundToAmount: usd(1), refundAmount: eur(2) },
        { ...line, refundToAmount: usd(10), refundAmount: eur(20) },
      ] as typeof cashier.refundToDetails,
    };
    expect(inquiryOf(request, 'R-2', undefined, 'REF-1')).toEqual({
      refundRequestId: 'R-2',
      expected: { payToId: 'PAY-1', refundId: 'REF-1', amounts: [eur(22), usd(11)] },
    });
  });

  it('for the cashier without WorldFirst’s id: no such field', () => {
    expect(inquiryOf(cashier, 'R-2', undefined, undefined).expected).not.toHaveProperty('refundId');
  });
});
