import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { issuesOf, sentencesOf } from '../../worldfirst/errors.js';
import * as schemas from '../../worldfirst/schemas.js';

const mistakesOf = (schema: z.ZodType, value: unknown) => {
  const { error } = schema.safeParse(value);
  return error ? sentencesOf(issuesOf(error)) : [];
};

describe('the schema of an answer: the result', () => {
  const resultOf = (result: object) => schemas.envelope.parse({ result }).result;

  it.each([
    [{ resultStatus: 'S', resultCode: 'SUCCESS', resultMessage: 'fine' }, 'S', 'SUCCESS', 'fine'],
    [{ resultStatus: 'F', resultCodeId: 'NO', resultMsg: 'no' }, 'F', 'NO', 'no'],
    [
      { resultStatus: 'S', resultCode: 'A', resultCodeId: 'B', resultMessage: 'a', resultMsg: 'b' },
      'S',
      'A',
      'a',
    ],
    [{ resultStatus: 7, resultCode: 8, resultMessage: true }, undefined, '8', ''],
    [{ resultStatus: null, resultCode: ' A ', resultMessage: null }, undefined, 'A', ''],
    [{ resultCode: ' ', resultMessage: ['a'] }, undefined, undefined, ''],
    [
      { resultCode: 'x'.repeat(257), resultMessage: 'y'.repeat(1001) },
      undefined,
      'x'.repeat(256),
      'y'.repeat(1000),
    ],
    [{ resultCode: 'x'.repeat(255).concat('💸') }, undefined, 'x'.repeat(255).concat('\ufffd'), ''],
  ])('%#: %j', (result, status, code, message) => {
    expect(resultOf(result)).toEqual({ status, code, message });
  });

  it.each([{}, { result: null }, { result: 'S' }, [], null])('is not in %j', (body) => {
    expect(schemas.envelope.safeParse(body).success).toBe(false);
  });
});

const result = { resultStatus: 'S' };
const order = (more: object) => ({
  result,
  orderBasicInfo: { totalAmount: { currency: 'USD', value: 1 } },
  ...more,
});

// Each of these is compared with what was asked, so it has to be read.
const NO_IDS: [string, unknown][] = [
  ['a number that JSON does not carry exactly', 2 ** 53],
  ['a fraction', 1.5],
  ['a boolean', true],
  ['an object', {}],
];

describe('the schema of an answer: the other fields', () => {
  it.each<[string, z.ZodType, object, object]>([
    ['an order without payments', schemas.queryTradeOrderAnswer, order({}), order({ paymentResultList: [] })],
    [
      'an order with null for them',
      schemas.queryTradeOrderAnswer,
      order({ paymentResultList: null }),
      order({ paymentResultList: [] }),
    ],
    [
      'an order with what is new',
      schemas.queryTradeOrderAnswer,
      order({ paymentResultList: [{ paymentOrderId: 'P', a: 1 }], b: 2 }),
      order({ paymentResultList: [{ paymentOrderId: 'P', a: 1 }], b: 2 }),
    ],
    [
      'an order whose payment has the longest id',
      schemas.queryTradeOrderAnswer,
      order({ paymentResultList: [{ paymentOrderId: 'x'.repeat(64) }] }),
      order({ paymentResultList: [{ paymentOrderId: 'x'.repeat(64) }] }),
    ],
    [
      'an applied refund',
      schemas.applyRefundAnswer,
      { result, refundOrderId: 'O', paymentOrderId: null, a: 1 },
      { result, refundOrderId: 'O', a: 1 },
    ],
    [
      'a refund',
      schemas.refundAnswer,
      { result, payToId: 'P', refundId: null, refundToDetails: null },
      { result, payToId: 'P' },
    ],
    [
      'the lines of a refund',
      schemas.refundAnswer,
      { result, refundToDetails: [{ refundToAmount: { currency: 'USD', value: '7' }, refundAmount: null }] },
      { result, refundToDetails: [{ refundToAmount: { currency: 'USD', value: 7 } }] },
    ],
    [
      'an order whose payment has a number for its id',
      schemas.queryTradeOrderAnswer,
      order({ paymentResultList: [{ paymentOrderId: 7 }] }),
      order({ paymentResultList: [{ paymentOrderId: '7' }] }),
    ],
    [
      'an applied refund with numbers for ids',
      schemas.applyRefundAnswer,
      { result, refundOrderId: 7, paymentOrderId: 8 },
      { result, refundOrderId: '7', paymentOrderId: '8' },
    ],
    ...['x'.repeat(257), 2 ** 53, true, {}, []].map((refundOrderId): [string, z.ZodType, object, object] => [
      `an applied refund without its own id, where that is ${JSON.stringify(refundOrderId).slice(0, 20)}`,
      schemas.applyRefundAnswer,
      { result, refundOrderId, paymentOrderId: 'P' },
      { result, paymentOrderId: 'P' },
    ]),
    [
      'a refund with numbers for ids',
      schemas.refundAnswer,
      { result, payToId: 1, refundId: 2, refundRequestId: 3 },
      { result, payToId: '1', refundId: '2', refundRequestId: '3' },
    ],
    [
      'an inquiry with numbers for ids and status',
      schemas.inquireRefundAnswer,
      { result, refundInformation: [{ refundId: 1, refundRequestId: 2, payToId: 3, refundStatus: 4 }] },
      {
        result,
        refundInformation: [{ refundId: '1', refundRequestId: '2', payToId: '3', refundStatus: '4' }],
      },
    ],
    [
      'an inquiry without a list',
      schemas.inquireRefundAnswer,
      { result, refundInformation: null },
      { result },
    ],
    [
      'an inquiry',
      schemas.inquireRefundAnswer,
      {
        result,
        refundInformation: [
          { refundId: 'W', payToId: null, refundAmount: { currency: 'USD', value: '7' }, a: 1 },
        ],
      },
      { result, refundInformation: [{ refundId: 'W', refundAmount: { currency: 'USD', value: 7 }, a: 1 }] },
    ],
  ])('is read: %s', (_, schema, body, read) => {
    expect(schema.parse(body)).toEqual(read);
  });

  const WHOLE = 'must be a non-negative integer, not';
  it.each<[string, z.ZodType, object, string]>([
    ['no order', schemas.queryTradeOrderAnswer, { result }, 'orderBasicInfo: '],
    [
      'no total',
      schemas.queryTradeOrderAnswer,
      order({ orderBasicInfo: {} }),
      'orderBasicInfo.totalAmount: ',
    ],
    [
      'a payment without an id',
      schemas.queryTradeOrderAnswer,
      order({ paymentResultList: [{}] }),
      'paymentResultList[0].paymentOrderId: ',
    ],
    ['no result of a query', schemas.queryTradeOrderAnswer, { ...order({}), result: 1 }, 'result: '],
    ['no result of an application', schemas.applyRefundAnswer, {}, 'result: '],
    ['no result of a refund', schemas.refundAnswer, {}, 'result: '],
    ['no result of an inquiry', schemas.inquireRefundAnswer, {}, 'result: '],
    [
      'an id without end',
      schemas.applyRefundAnswer,
      { result, paymentOrderId: 'x'.repeat(257) },
      'paymentOrderId: ',
    ],
    [
      'a value instead of a list',
      schemas.inquireRefundAnswer,
      { result, refundInformation: {} },
      'refundInformation: ',
    ],
    [
      'an amount without a currency',
      schemas.queryTradeOrderAnswer,
      order({ orderBasicInfo: { totalAmount: { value: 1 } } }),
      'orderBasicInfo.totalAmount.currency: ',
    ],
    [
      'an empty id of a payment',
      schemas.queryTradeOrderAnswer,
      order({ paymentResultList: [{ paymentOrderId: '' }] }),
      'paymentResultList[0].paymentOrderId: ',
    ],
    [
      'an id of a payment that is too long',
      schemas.queryTradeOrderAnswer,
      order({ paymentResultList: [{ paymentOrderId: 'x'.repeat(65) }] }),
      'paymentResultList[0].paymentOrderId: ',
    ],
    ...['usd', 'XUSD', 'USDX', 'US', ''].map((currency): [string, z.ZodType, object, string] => [
      `the currency ${JSON.stringify(currency)}`,
      schemas.queryTradeOrderAnswer,
      order({ orderBasicInfo: { totalAmount: { currency, value: 1 } } }),
      'orderBasicInfo.totalAmount.currency: must be a currency of three capital letters',
    ]),
    ['an invalid line', schemas.refundAnswer, { result, refundToDetails: [7] }, 'refundToDetails[0]: '],
    ...NO_IDS.flatMap(([what, given]) => [
      ...(['refundId', 'refundRequestId', 'payToId'] as const).map(
        (field): [string, z.ZodType, object, string] => [
          `a ${field} that is ${what}`,
          schemas.refundAnswer,
          { result, [field]: given },
          `${field}: `,
        ],
      ),
      ...(['refundId', 'refundRequestId', 'payToId', 'refundStatus'] as const).map(
        (field): [string, z.ZodType, object, string] => [
          `an entry whose ${field} is ${what}`,
          schemas.inquireRefundAnswer,
          { result, refundInformation: [{ [field]: given }] },
          `refundInformation[0].${field}: `,
        ],
      ),
    ]),
    ...[
      [-1, `${WHOLE} -1`],
      [1.5, `${WHOLE} 1.5`],
      ['', `${WHOLE} ""`],
      ['1a', `${WHOLE} "1a"`],
      ['a1', `${WHOLE} "a1"`],
      ['-1', `${WHOLE} "-1"`],
      [1e21, 'is beyond 9007199254740991, the largest integer that can be compared exactly'],
      ['9007199254740992', 'is beyond 9007199254740991, the largest integer that can be compared exactly'],
    ].map(
      ([value, sentence]) =>
        [
          `the amount ${JSON.stringify(value)}`,
          schemas.queryTradeOrderAnswer,
          order({ orderBasicInfo: { totalAmount: { currency: 'USD', value } } }),
          `orderBasicInfo.totalAmount.value: ${sentence}`,
        ] as [string, z.ZodType, object, string],
    ),
  ])('cannot be read: %s', (_, schema, body, sentence) => {
    expect(mistakesOf(schema, body)).toEqual([expect.stringContaining(sentence)]);
  });

  it.each([0, 1, Number.MAX_SAFE_INTEGER])('may have the amount %i, as a number or as digits', (value) => {
    for (const given of [value, String(value)]) {
      const body = order({ orderBasicInfo: { totalAmount: { currency: 'USD', value: given } } });
      expect(schemas.queryTradeOrderAnswer.parse(body).orderBasicInfo.totalAmount).toEqual({
        currency: 'USD',
        value,
      });
    }
  });
});
