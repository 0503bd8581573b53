import { describe, expect, it } from 'vitest';
import { applyRefundBody, cashierRefundBody, inChinaTime } from '../../rules/bodies.js';
import { cashier, worldtrade } from './fixtures.js';

const STARTED = new Date('2026-08-29T18:02:39.987Z');
const order = { paymentOrderId: 'P-1', totalAmount: { currency: 'USD', value: 1234 } };

/**
 * The bytes are a promise: WorldFirst refuses a repeat that differs, and a refund that is running may repeat what an older
 * version of this code has sent. So they stand here literally.
 */
describe('the bytes of applyRefund', () => {
  it('for the smallest request', () => {
    expect(JSON.stringify(applyRefundBody('R-1', worldtrade, order))).toBe(
      '{"requestId":"R-1","tradeId":"T-1","paymentOrderId":"P-1","refundAmount":{"currency":"USD","value":1234}}',
    );
  });

  it('for the most, under a new id', () => {
    const request = {
      remark: '退货 "x"\n',
      refundAmount: { value: 1234, currency: 'USD' },
      paymentOrderId: 'P-1',
      ...worldtrade,
    };
    expect(JSON.stringify(applyRefundBody('R-1-2', request, order))).toBe(
      '{"requestId":"R-1-2","tradeId":"T-1","paymentOrderId":"P-1","refundAmount":{"currency":"USD","value":1234},"remark":"退货 \\"x\\"\\n"}',
    );
  });

  it('keep an empty remark, and have no remark if the request has none', () => {
    expect(applyRefundBody('R-1', { ...worldtrade, remark: '' }, order)).toHaveProperty('remark', '');
    expect(applyRefundBody('R-1', worldtrade, order)).not.toHaveProperty('remark');
  });

  it('have the payment and the total of the order, not those of the request', () => {
    const request = {
      ...worldtrade,
      paymentOrderId: 'OTHER',
      refundAmount: { currency: 'EUR', value: 1 },
    };
    expect(applyRefundBody('R-1', request, order)).toMatchObject({
      paymentOrderId: 'P-1',
      refundAmount: { currency: 'USD', value: 1234 },
    });
  });
});

describe('the bytes of the cashier’s refund', () => {
  it('for the smallest request: refundDetails equal refundToDetails, and the time is that of the start', () => {
    const line =
      '[{"refundMethod":{"paymentMethodType":"WALLET_WF"},"refundToAmount":{"currency":"USD","value":1234},"refundAmount":{"currency":"EUR","value":1100}}]';
    expect(JSON.stringify(cashierRefundBody('R-2', cashier, STARTED))).toBe(
      `{"refundRequestId":"R-2","payToId":"PAY-1","refundToDetails":${line},"refundDetails":${line},"refundReason":"the goods came back","refundRequestTime":"2026-08-30T02:02:39+08:00"}`,
    );
  });

  it('for the most, under a new id', () => {
    const amount = { currency: 'JPY', value: 5 };
    const line = {
      refundMethod: { paymentMethodType: 'CARD' },
      refundToAmount: amount,
      refundAmount: amount,
    };
    const request = {
      refundOrder: { z: 1, a: [null] },
      refundRequestTime: '2022-08-30T02:02:39-07:00',
      ...cashier,
      refundToDetails: [line],
      refundDetails: [{ ...line, refundMethod: { paymentMethodType: 'WALLET' } }],
    };
    expect(JSON.stringify(cashierRefundBody('R-2-2', request, STARTED))).toBe(
      '{"refundRequestId":"R-2-2","payToId":"PAY-1",' +
        '"refundToDetails":[{"refundMethod":{"paymentMethodType":"CARD"},"refundToAmount":{"currency":"JPY","value":5},"refundAmount":{"currency":"JPY","value":5}}],' +
        '"refundDetails":[{"refundMethod":{"paymentMethodType":"WALLET"},"refundToAmount":{"currency":"JPY","value":5},"refundAmount":{"currency":"JPY","value":5}}],' +
        '"refundReason":"the goods came back","refundRequestTime":"2022-08-30T02:02:39-07:00","refundOrder":{"z":1,"a":[null]}}',
    );
  });

  it('have no refundOrder if the request has none', () => {
    expect(cashierRefundBody('R-2', cashier, STARTED)).not.toHaveProperty('refundOrder');
  });

  it('are the same at every repeat', () => {
    const bytes = () => JSON.stringify(cashierRefundBody('R-2', cashier, STARTED));
    expect(bytes()).toBe(bytes());
  });
});

describe('the time in China', () => {
  it.each([
    ['2026-08-29T18:02:39.987Z', '2026-08-30T02:02:39+08:00'],
    ['2026-12-31T16:00:00.000Z', '2027-01-01T00:00:00+08:00'],
    ['2024-02-28T15:59:59.999Z', '2024-02-28T23:59:59+08:00'],
    ['2024-02-28T16:00:00.000Z', '2024-02-29T00:00:00+08:00'],
    ['1970-01-01T00:00:00.000Z', '1970-01-01T08:00:00+08:00'],
  ])('%s is %s', (utc, china) => {
    expect(inChinaTime(new Date(utc))).toBe(china);
  });
});
