import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { issuesOf, sentencesOf } from '../../worldfirst/errors.js';
import * as schemas from '../../worldfirst/schemas.js';
import { applyBody, cashierBody } from './fixtures.js';

const mistakesOf = (schema: z.ZodType, value: unknown) => {
  const { error } = schema.safeParse(value);
  return error ? sentencesOf(issuesOf(error)) : [];
};
const pathsOf = (schema: z.ZodType, value: unknown) =>
  mistakesOf(schema, value).map((sentence) => sentence.split(':')[0]);

const [line] = cashierBody.refundToDetails;
const lines = (changes: object) => ({ ...cashierBody, refundToDetails: [{ ...line, ...changes }] });
const at = (field: string) => `refundToDetails[0].${field}`;

describe('what is sent', () => {
  it.each<[string, z.ZodType, object]>([
    ['queryTradeOrder', schemas.queryTradeOrderRequest, { tradeId: 't'.repeat(64) }],
    ['applyRefund', schemas.applyRefundRequest, { ...applyBody, remark: 'x'.repeat(256), more: 1 }],
    ['applyRefund without a remark', schemas.applyRefundRequest, { ...applyBody, remark: undefined }],
    [
      'applyRefund of nothing',
      schemas.applyRefundRequest,
      { ...applyBody, refundAmount: { currency: 'USD', value: 0 } },
    ],
    [
      'refund',
      schemas.refundRequest,
      { ...cashierBody, refundReason: 'x'.repeat(256), refundOrder: { a: 1 } },
    ],
    [
      'refund with texts of one character',
      schemas.refundRequest,
      { ...lines({ refundMethod: { paymentMethodType: 'W' } }), refundReason: 'r' },
    ],
    ['inquireRefund by our ids', schemas.inquireRefundRequest, { refundRequestIds: ['R'] }],
    ['inquireRefund by WorldFirst’s', schemas.inquireRefundRequest, { refundIds: ['W'] }],
  ])('is right for %s, and is kept whole', (_, schema, body) => {
    expect(schema.parse(body)).toEqual(body);
  });

  it.each<[string, z.ZodType, object, string]>([
    ['no trade', schemas.queryTradeOrderRequest, {}, 'tradeId'],
    ['an empty trade', schemas.queryTradeOrderRequest, { tradeId: '' }, 'tradeId'],
    ['too long a trade', schemas.queryTradeOrderRequest, { tradeId: 't'.repeat(65) }, 'tradeId'],
    ...(['requestId', 'tradeId', 'paymentOrderId', 'refundAmount'] as const).map(
      (field) =>
        [`no ${field}`, schemas.applyRefundRequest, { ...applyBody, [field]: undefined }, field] as [
          string,
          z.ZodType,
          object,
          string,
        ],
    ),
    ['a long remark', schemas.applyRefundRequest, { ...applyBody, remark: 'x'.repeat(257) }, 'remark'],
    [
      'a fraction',
      schemas.applyRefundRequest,
      { ...applyBody, refundAmount: { currency: 'USD', value: 1.5 } },
      'refundAmount.value',
    ],
    [
      'less than nothing',
      schemas.applyRefundRequest,
      { ...applyBody, refundAmount: { currency: 'USD', value: -1 } },
      'refundAmount.value',
    ],
    [
      'a currency of four letters',
      schemas.applyRefundRequest,
      { ...applyBody, refundAmount: { currency: 'USDT', value: 1 } },
      'refundAmount.currency',
    ],
    [
      'a currency behind something',
      schemas.applyRefundRequest,
      { ...applyBody, refundAmount: { currency: ' USD', value: 1 } },
      'refundAmount.currency',
    ],
    ...(
      [
        'refundRequestId',
        'payToId',
        'refundToDetails',
        'refundDetails',
        'refundReason',
        'refundRequestTime',
      ] as const
    ).map(
      (field) =>
        [`no ${field}`, schemas.refundRequest, { ...cashierBody, [field]: undefined }, field] as [
          string,
          z.ZodType,
          object,
          string,
        ],
    ),
    ['no line', schemas.refundRequest, { ...cashierBody, refundToDetails: [] }, 'refundToDetails'],
    ['no second line', schemas.refundRequest, { ...cashierBody, refundDetails: [] }, 'refundDetails'],
    [
      'a line without a method',
      schemas.refundRequest,
      lines({ refundMethod: undefined }),
      at('refundMethod'),
    ],
    [
      'a method without its type',
      schemas.refundRequest,
      lines({ refundMethod: {} }),
      at('refundMethod.paymentMethodType'),
    ],
    [
      'a method with an empty type',
      schemas.refundRequest,
      lines({ refundMethod: { paymentMethodType: '' } }),
      at('refundMethod.paymentMethodType'),
    ],
    [
      'a line without one amount',
      schemas.refundRequest,
      lines({ refundToAmount: undefined }),
      at('refundToAmount'),
    ],
    [
      'a line without the other',
      schemas.refundRequest,
      lines({ refundAmount: undefined }),
      at('refundAmount'),
    ],
    ['an empty reason', schemas.refundRequest, { ...cashierBody, refundReason: '' }, 'refundReason'],
    [
      'a long reason',
      schemas.refundRequest,
      { ...cashierBody, refundReason: 'x'.repeat(257) },
      'refundReason',
    ],
    [
      'a time without an offset',
      schemas.refundRequest,
      { ...cashierBody, refundRequestTime: '2026-08-30T02:02:39' },
      'refundRequestTime',
    ],
    ['an order that is none', schemas.refundRequest, { ...cashierBody, refundOrder: [] }, 'refundOrder'],
    ['an empty list of ids', schemas.inquireRefundRequest, { refundRequestIds: [] }, 'refundRequestIds'],
    ['an empty list of WorldFirst’s', schemas.inquireRefundRequest, { refundIds: [] }, 'refundIds'],
    ['an empty id', schemas.inquireRefundRequest, { refundIds: [''] }, 'refundIds[0]'],
  ])('is not right with %s', (_, schema, body, path) => {
    expect(pathsOf(schema, body)).toEqual([path]);
  });

  it.each([{}, { refundIds: ['W'], refundRequestIds: ['R'] }])(
    'names the ids of one side: not %j',
    (body) => {
      expect(mistakesOf(schemas.inquireRefundRequest, body)).toEqual([
        'must have either refundRequestIds or refundIds',
      ]);
    },
  );

  it('says what a currency is', () => {
    const body = { ...applyBody, refundAmount: { currency: 'usd', value: 1 } };
    expect(mistakesOf(schemas.applyRefundRequest, body)).toEqual([
      'refundAmount.currency: must be a currency of three capital letters',
    ]);
  });
});
