import { describe, expect, it } from 'vitest';
import { checkRequest } from '../../rules/check-request.js';
import { cashier, worldtrade } from './fixtures.js';

const usd = (value: unknown, currency: unknown = 'USD') => ({ currency, value });
const detail = (changes: object = {}) => ({ ...cashier.refundToDetails[0], ...changes });
const details = (changes: object) => ({ refundToDetails: [detail(changes)] });
const pathsOf = (value: unknown) => checkRequest(value).map(({ path }) => path);

describe('a valid request', () => {
  it.each<[string, object]>([
    ['worldtrade, the least', worldtrade],
    [
      'worldtrade, the most',
      { ...worldtrade, paymentOrderId: 'P-1', refundAmount: usd(1234), remark: 'zu groß – 退货' },
    ],
    ['cashier, the least', cashier],
    [
      'cashier, the most',
      {
        ...cashier,
        refundDetails: cashier.refundToDetails,
        refundRequestTime: '2026-08-30T02:02:39+08:00',
        refundOrder: { orderId: 'O-1', nested: [{ deep: null }, 1.5, -7, true, ''], absent: undefined },
      },
    ],
    ['ids of 64 characters', { ...worldtrade, refundRequestId: 'r'.repeat(64), tradeId: 't'.repeat(64) }],
    ['ids of one character', { ...worldtrade, refundRequestId: 'r', tradeId: 't' }],
    ['an id with blanks and signs within', { ...worldtrade, refundRequestId: 'a b `d` | <e>' }],
    [
      'a payment method of one character',
      { ...cashier, ...details({ refundMethod: { paymentMethodType: 'W' } }) },
    ],
    [
      'a payment method of 64 characters',
      { ...cashier, ...details({ refundMethod: { paymentMethodType: 'W'.repeat(64) } }) },
    ],
    ['a reason of one character', { ...cashier, refundReason: 'r' }],
    ['an empty remark', { ...worldtrade, remark: '' }],
    ['a remark of 256 characters', { ...worldtrade, remark: 'x'.repeat(256) }],
    ['a reason of 256 characters, in lines', { ...cashier, refundReason: `${'x'.repeat(255)}\n` }],
    ['the smallest amount', { ...worldtrade, refundAmount: usd(1) }],
    ['the largest amount', { ...worldtrade, refundAmount: usd(Number.MAX_SAFE_INTEGER) }],
    ['CNH', { ...worldtrade, refundAmount: usd(1, 'CNH') }],
    [
      'fields that are undefined, as if they were absent',
      { ...worldtrade, remark: undefined, foo: undefined },
    ],
    [
      'the same money in other lines',
      {
        ...cashier,
        refundToDetails: [detail({ refundToAmount: usd(30), refundAmount: usd(7, 'EUR') })],
        refundDetails: [
          detail({ refundToAmount: usd(10), refundAmount: usd(4, 'EUR') }),
          detail({ refundToAmount: usd(20), refundAmount: usd(3, 'EUR') }),
        ],
      },
    ],
  ])('%s', (_, request) => {
    expect(checkRequest(request)).toEqual([]);
  });
});

describe('an input that is no request', () => {
  it.each([null, undefined, 'refund', 1, true, [], [worldtrade]])('%j', (value) => {
    expect(checkRequest(value)).toEqual([{ path: '', message: 'a refund request must be an object' }]);
  });

  it('a Map', () => {
    expect(pathsOf(new Map([['product', 'worldtrade']]))).toEqual(['product']);
  });

  it.each([undefined, null, '', 'worldTrade', 'CASHIER', 'cashier ', '__proto__', ['cashier'], 1])(
    'a product that is %j',
    (product) => {
      expect(pathsOf({ ...worldtrade, product })).toEqual(['product']);
    },
  );
});

/** One mistake a line: what is wrong, the change that makes it so, and where it is reported. */
type Mistake = [what: string, change: object, path: string];

const NO_IDS: [string, unknown][] = [
  ['missing', undefined],
  ['null', null],
  ['empty', ''],
  ['a number', 7],
  ['a list', ['R-1']],
  ['an object', { id: 'R-1' }],
  ['65 characters long', 'x'.repeat(65)],
  ['a blank', ' '],
  ['blank at its beginning', ' R-1'],
  ['blank at its end', 'R-1 '],
  ['with a no-break space at its end', 'R-1\u00a0'],
  ['with a line break', 'R\n1'],
  ['with NUL', 'R\u00001'],
  ['with an escape character', 'R\u001b[31m1'],
  ['with a C1 control character', 'R\u009b1'],
  ['half a surrogate pair', 'R\ud83d'],
  ['a character that was replaced because it was not UTF-8', 'R\uFFFD'],
  ['the other half', '\udcb8R'],
];
const NO_AMOUNTS: [string, unknown, string][] = [
  ['null', null, ''],
  ['a text', 'USD 12.34', ''],
  ['a number', 1234, ''],
  ['a list', [usd(1)], ''],
  ['without a value', { currency: 'USD' }, '.value'],
  ['without a currency', { value: 1 }, '.currency'],
  ['zero', usd(0), '.value'],
  ['negative', usd(-1), '.value'],
  ['a fraction', usd(12.34), '.value'],
  ['a text of digits', usd('1234'), '.value'],
  ['one more than a float carries', usd(Number.MAX_SAFE_INTEGER + 1), '.value'],
  ['far more than a float carries', usd(1e300), '.value'],
  ['infinite', usd(Number.POSITIVE_INFINITY), '.value'],
  ['not a number', usd(Number.NaN), '.value'],
  ['a bigint', usd(1n), '.value'],
  ['of a currency in small letters', usd(1, 'usd'), '.currency'],
  ['of an unknown currency', usd(1, 'XYZ'), '.currency'],
  ['of too short a currency', usd(1, 'US'), '.currency'],
  ['of too long a currency', usd(1, 'USDT'), '.currency'],
  ['of a currency with a line break', usd(1, 'U\nD'), '.currency'],
  ['of a currency that is a number', usd(1, 840), '.currency'],
  ['with another field', { ...usd(1), scale: 2 }, '.scale'],
];

const ids = (field: string, alsoMissing: boolean): Mistake[] =>
  NO_IDS.filter(([, value]) => alsoMissing || value !== undefined).map(([what, value]) => [
    `${field} ${what}`,
    { [field]: value },
    field,
  ]);
const amounts = (field: string, at: string, change: (amount: unknown) => object): Mistake[] =>
  NO_AMOUNTS.map(([what, value, path]) => [`${field} ${what}`, change(value), at + path]);

const WORLDTRADE: Mistake[] = [
  ...ids('refundRequestId', true),
  ...ids('tradeId', true),
  ...ids('paymentOrderId', false),
  ...amounts('refundAmount', 'refundAmount', (refundAmount) => ({ refundAmount })),
  ['remark null', { remark: null }, 'remark'],
  ['remark of 257 characters', { remark: 'x'.repeat(257) }, 'remark'],
  ['remark with half a surrogate pair', { remark: 'a\ud83db' }, 'remark'],
  ['remark a list', { remark: [] }, 'remark'],
];

const CASHIER: Mistake[] = [
  ...ids('refundRequestId', true),
  ...ids('payToId', true),
  ...amounts('refundToAmount', 'refundToDetails[0].refundToAmount', (refundToAmount) =>
    details({ refundToAmount }),
  ),
  ...amounts('refundAmount', 'refundToDetails[0].refundAmount', (refundAmount) => details({ refundAmount })),
  ['no details', { refundToDetails: undefined }, 'refundToDetails'],
  ['an empty list of details', { refundToDetails: [] }, 'refundToDetails'],
  ['details in an object', { refundToDetails: { 0: detail() } }, 'refundToDetails'],
  ['details null', { refundToDetails: null }, 'refundToDetails'],
  ['a detail null', { refundToDetails: [detail(), null] }, 'refundToDetails[1]'],
  ['a hole in the details', { refundToDetails: new Array(1) }, 'refundToDetails[0]'],
  ['no refundMethod', details({ refundMethod: undefined }), 'refundToDetails[0].refundMethod'],
  ['refundMethod a text', details({ refundMethod: 'WALLET' }), 'refundToDetails[0].refundMethod'],
  [
    'refundMethod without its type',
    details({ refundMethod: {} }),
    'refundToDetails[0].refundMethod.paymentMethodType',
  ],
  [
    'refundMethod of 65 characters',
    details({ refundMethod: { paymentMethodType: 'W'.repeat(65) } }),
    'refundToDetails[0].refundMethod.paymentMethodType',
  ],
  ['another field of a detail', details({ fee: 1 }), 'refundToDetails[0].fee'],
  ['refundDetails empty', { refundDetails: [] }, 'refundDetails'],
  ['refundDetails null', { refundDetails: null }, 'refundDetails'],
  ['a hole in refundDetails', { refundDetails: new Array(1) }, 'refundDetails[0]'],
  [
    'a mistake in refundDetails',
    { refundDetails: [detail({ refundAmount: usd(0) })] },
    'refundDetails[0].refundAmount.value',
  ],
  [
    'another sum in refundDetails',
    { refundDetails: [detail({ refundToAmount: usd(1235) })] },
    'refundDetails',
  ],
  [
    'another currency in refundDetails',
    { refundDetails: [detail({ refundAmount: usd(1100, 'GBP') })] },
    'refundDetails',
  ],
  [
    'one currency more in refundDetails',
    {
      refundDetails: [
        detail({ refundToAmount: usd(1000) }),
        detail({ refundToAmount: usd(234), refundAmount: usd(5, 'GBP') }),
      ],
    },
    'refundDetails',
  ],
  ['no reason', { refundReason: undefined }, 'refundReason'],
  ['an empty reason', { refundReason: '' }, 'refundReason'],
  ['a reason of 257 characters', { refundReason: 'x'.repeat(257) }, 'refundReason'],
  ['a reason with half a surrogate pair', { refundReason: '\udcb8' }, 'refundReason'],
  ['refundOrder null', { refundOrder: null }, 'refundOrder'],
  ['refundOrder a list', { refundOrder: [] }, 'refundOrder'],
  ['refundOrder a text', { refundOrder: '{}' }, 'refundOrder'],
  ['an unsafe integer in refundOrder', { refundOrder: { a: [{ n: 2 ** 53 }] } }, 'refundOrder.a[0].n'],
  ['an unsafe negative one', { refundOrder: { n: -(2 ** 53) } }, 'refundOrder.n'],
  ['NaN in refundOrder', { refundOrder: { n: Number.NaN } }, 'refundOrder.n'],
  ['a bigint in refundOrder', { refundOrder: { n: 1n } }, 'refundOrder.n'],
  ['a function in refundOrder', { refundOrder: { f: () => 1 } }, 'refundOrder.f'],
  ['undefined in a list of refundOrder', { refundOrder: { a: [undefined] } }, 'refundOrder.a[0]'],
  ['half a pair in a text of refundOrder', { refundOrder: { t: '\ud83d' } }, 'refundOrder.t'],
  ['half a pair in a name of refundOrder', { refundOrder: { 'n\ud83d': 1 } }, 'refundOrder["n\\ud83d"]'],
];

describe.each([
  ['worldtrade', worldtrade, WORLDTRADE],
  ['cashier', cashier, CASHIER],
] as const)('one mistake in a %s request', (_product, valid, mistakes) => {
  it.each(mistakes)('%s', (_, change, path) => {
    const issues = checkRequest({ ...valid, ...change });
    expect(issues).toEqual([{ path, message: expect.stringMatching(/^[\x20-\x7e’…]+$/) }]);
  });
});

describe('money in two currencies', () => {
  const inBoth = (dollars: number, euros: number) => [
    detail({ refundAmount: usd(dollars) }),
    detail({ refundAmount: usd(euros, 'EUR') }),
  ];

  it('is equal if the sum of each currency is equal, in any order', () => {
    const refundDetails = inBoth(5, 7).reverse();
    expect(checkRequest({ ...cashier, refundToDetails: inBoth(5, 7), refundDetails })).toEqual([]);
  });

  it.each([
    [5, 8],
    [6, 7],
  ])('is not the same where one sum differs: %i and %i', (dollars, euros) => {
    const lists = { refundToDetails: inBoth(5, 7), refundDetails: inBoth(dollars, euros) };
    expect(checkRequest({ ...cashier, ...lists })).toEqual([
      { path: 'refundDetails', message: 'must have the same total refundAmount as refundToDetails' },
    ]);
  });
});

describe('money without an exact sum', () => {
  const most = usd(Number.MAX_SAFE_INTEGER);
  const line = detail({ refundToAmount: usd(1), refundAmount: most });
  const small = detail({ refundToAmount: usd(2), refundAmount: usd(2) });

  it.each([
    ['in both lists', { refundToDetails: [line, line] }],
    ['in refundToDetails', { refundToDetails: [line, line], refundDetails: [small] }],
    ['in refundDetails', { refundToDetails: [small], refundDetails: [line, line] }],
  ])('is refused, although each line is exact: %s', (_, lists) => {
    expect(checkRequest({ ...cashier, ...lists })).toEqual([
      {
        path: 'refundToDetails',
        message: `the total of refundAmount must be at most ${Number.MAX_SAFE_INTEGER}`,
      },
    ]);
  });
});

describe('the size of a request', () => {
  /** A request of exactly so many bytes as JSON. */
  const ofBytes = (bytes: number, filler = 'x') => {
    const request = (note: string) => ({ ...cashier, refundOrder: { note } });
    const empty = Buffer.byteLength(JSON.stringify(request('')));
    const note = filler.repeat(Math.floor((bytes - empty) / Buffer.byteLength(filler)));
    return request(note.padEnd(note.length + bytes - empty - Buffer.byteLength(note), 'x'));
  };

  it.each(['x', '退', '💸'])('may be a megabyte of %s, and not a byte more', (filler) => {
    expect(checkRequest(ofBytes(1_000_000, filler))).toEqual([]);
    expect(checkRequest(ofBytes(1_000_001, filler))).toEqual([
      { path: '', message: 'the request has 1.01 MB; the limit is 1 MB' },
    ]);
  });

  it('is checked first, so a request that is too large has one mistake', () => {
    const request = { ...cashier, refundToDetails: Array.from({ length: 100_000 }, () => ({ wrong: true })) };
    expect(checkRequest(request)).toEqual([
      { path: '', message: 'the request has 1.51 MB; the limit is 1 MB' },
    ]);
  });

  it('is not checked if a request cannot be JSON', () => {
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    expect(pathsOf({ ...cashier, refundOrder: circular })).toEqual([
      expect.stringMatching(/^refundOrder\.self/),
    ]);
    expect(pathsOf({ ...cashier, refundOrder: { id: 1n } })).toEqual(['refundOrder.id']);
  });
});

describe('an id that Temporal’s list cannot search for', () => {
  it.each(['a"b', "a'b", 'a\\b'])('%s is refused, in each field', (id) => {
    for (const field of ['refundRequestId', 'tradeId', 'paymentOrderId'])
      expect(checkRequest({ ...worldtrade, [field]: id })).toEqual([
        {
          path: field,
          message: 'must not contain quotation marks or backslashes: Temporal’s list cannot search for them',
        },
      ]);
    expect(checkRequest({ ...cashier, payToId: id })).toHaveLength(1);
  });
});

describe('a mistake has its whole sentence:', () => {
  it.each<[object, string, string]>([
    [
      { ...worldtrade, tradeId: 'T\uFFFD' },
      'tradeId',
      'contains U+FFFD: a character was not UTF-8. Check the encoding',
    ],
    [{ ...worldtrade, product: 'other' }, 'product', 'must be "worldtrade" or "cashier"'],
    [{ ...cashier, refundOrder: [] }, 'refundOrder', 'must be an object'],
    [
      { ...worldtrade, refundAmount: usd(1, 'XYZ') },
      'refundAmount.currency',
      'must be an ISO 4217 code in capitals, or CNH; it is "XYZ"',
    ],
  ])('%#: %j', (request, path, message) => {
    expect(checkRequest(request)).toEqual([{ path, message }]);
  });
});
