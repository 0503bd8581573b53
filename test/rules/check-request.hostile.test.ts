import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkRequest } from '../../rules/check-request.js';
import { cashier, worldtrade } from './fixtures.js';

const pathsOf = (value: unknown) => checkRequest(value).map(({ path }) => path);
const withTime = (refundRequestTime: unknown) => ({ ...cashier, refundRequestTime });

describe('the time of a cashier refund', () => {
  it.each([
    '2026-08-30T02:02:39+08:00',
    '2026-08-30T02:02:39-07:00',
    '2026-08-30T02:02:39Z',
    '2026-08-30T02:02:39.1+08:00',
    '2026-08-30T02:02:39.123456789+08:00',
    '2024-02-29T23:59:59+08:00',
  ])('may be %s', (time) => {
    expect(checkRequest(withTime(time))).toEqual([]);
  });

  it.each([
    ['without an offset', '2026-08-30T02:02:39'],
    ['without a time', '2026-08-30'],
    ['without seconds', '2026-08-30T02:02+08:00'],
    ['with a blank', '2026-08-30 02:02:39+08:00'],
    ['with an offset without a colon', '2026-08-30T02:02:39+0800'],
    ['with too large an offset', '2026-08-30T02:02:39+25:00'],
    ['in month 13', '2026-13-01T02:02:39+08:00'],
    ['in month 0', '2026-00-01T02:02:39+08:00'],
    ['on the 30th of February', '2026-02-30T02:02:39+08:00'],
    ['on the 29th of February of no leap year', '2026-02-29T02:02:39+08:00'],
    ['on the 31st of April', '2026-04-31T02:02:39+08:00'],
    ['at 24 o’clock', '2026-08-30T24:00:00+08:00'],
    ['at minute 60', '2026-08-30T02:60:00+08:00'],
    ['at second 60', '2026-12-31T23:59:60+08:00'],
    ['finer than nanoseconds', '2026-08-30T02:02:39.1234567890+08:00'],
    ['in a year of six digits', '+002026-08-30T02:02:39+08:00'],
    ['in milliseconds', '1787796000000'],
    ['as HTTP has it', 'Sun, 30 Aug 2026 02:02:39 GMT'],
    ['with a line break', '2026-08-30T02:02:39+08:00\n'],
    ['empty', ''],
    ['endless', '2'.repeat(10_000)],
    ['a number', 1787796000000],
    ['null', null],
    ['a Date', new Date()],
  ])('may not be %s', (_, time) => {
    expect(pathsOf(withTime(time))).toEqual(['refundRequestTime']);
  });
});

it('the message about an invalid time shows it, with a valid example', () => {
  expect(checkRequest(withTime('noon'))).toEqual([
    {
      path: 'refundRequestTime',
      message: 'must be an ISO 8601 time with an offset, such as 2026-08-30T02:02:39+08:00; it is "noon"',
    },
  ]);
});

describe('several mistakes', () => {
  it('are all reported at once, each with its path', () => {
    const request = {
      product: 'worldtrade',
      refundRequestId: '',
      refundAmount: { currency: 'XYZ', value: 0.5 },
      remark: 7,
      note: 'x',
    };
    expect(pathsOf(request)).toEqual([
      'refundRequestId',
      'tradeId',
      'refundAmount.currency',
      'refundAmount.value',
      'remark',
      'note',
    ]);
  });

  it('are reported in each line of a list', () => {
    const line = { refundMethod: {}, refundToAmount: { currency: 'USD', value: -1 } };
    expect(pathsOf({ ...cashier, refundToDetails: [line, 7] })).toEqual([
      'refundToDetails[0].refundMethod.paymentMethodType',
      'refundToDetails[0].refundToAmount.value',
      'refundToDetails[0].refundAmount',
      'refundToDetails[1]',
    ]);
  });
});

describe('unknown fields', () => {
  it('include the fields of the other product', () => {
    expect(pathsOf({ ...worldtrade, payToId: 'P', refundReason: 'r', refundToDetails: [] })).toEqual([
      'payToId',
      'refundReason',
      'refundToDetails',
    ]);
    expect(pathsOf({ ...cashier, tradeId: 'T', paymentOrderId: 'P', remark: 'r' })).toEqual([
      'tradeId',
      'paymentOrderId',
      'remark',
    ]);
  });

  it.each(['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString'])('%s, from JSON', (key) => {
    const request = JSON.parse(`{"${key}": {"refundRequestId": "X"}, ${JSON.stringify(worldtrade).slice(1)}`);
    expect(pathsOf(request)).toEqual([key]);
    const nested = {
      ...worldtrade,
      refundAmount: JSON.parse(`{"${key}": 1, "currency": "USD", "value": 1}`),
    };
    expect(pathsOf(nested)).toEqual([`refundAmount.${key}`]);
    expect({}).not.toHaveProperty('refundRequestId');
  });

  it('do not replace inherited properties', () => {
    expect(pathsOf(JSON.parse('{"__proto__": {"product": "worldtrade"}}'))).toEqual(['product']);
    expect(pathsOf(Object.create(worldtrade))).toContain('refundRequestId');
  });

  it('are named on one line, with any content', () => {
    const names = [
      '',
      'a b',
      'a.b',
      'a[0]',
      'line\nbreak',
      '\u001b[31mred',
      '\u009b31m',
      '\u2028',
      '"',
      '\ud83d',
    ];
    const issues = checkRequest({ ...worldtrade, ...Object.fromEntries(names.map((name) => [name, 1])) });
    expect(issues).toHaveLength(names.length);
    expect(issues.map(({ path }) => path)).toContain('["line\\nbreak"]');
    for (const { path } of issues) expect(path).toMatch(/^\[".*"\]$/);
    for (const { path } of issues) expect(path).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
  });

  it('cannot make the message long, by their number or by their names', () => {
    const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`field${n}`, n]));
    expect(checkRequest({ ...worldtrade, ...many }).length).toBeLessThan(100);
    expect(JSON.stringify(checkRequest({ ...worldtrade, ['x'.repeat(1_000_000)]: 1 })).length).toBeLessThan(
      500,
    );
  });
});

describe('JSON that is nested too deeply to be sent', () => {
  it.each([
    ['lists', '['.repeat(50_000) + ']'.repeat(50_000)],
    ['objects', `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`],
  ])('is refused, not run into: %s', (_, text) => {
    const issues = checkRequest({ ...cashier, refundOrder: { deep: JSON.parse(text) } });
    expect(issues).toHaveLength(1);
    expect(issues[0]?.path).toMatch(/^refundOrder\.deep/);
  });

  it.each([
    ['objects', (inner: object) => ({ a: inner })],
    ['lists', (inner: object) => [inner]],
  ])('is fine up to a hundred levels of %s', (_, around) => {
    const deep = (levels: number): object => (levels === 1 ? {} : around(deep(levels - 1)));
    expect(checkRequest({ ...cashier, refundOrder: { a: deep(99) } })).toEqual([]);
    expect(checkRequest({ ...cashier, refundOrder: { a: deep(100) } })).toEqual([
      { path: expect.stringMatching(/^refundOrder\.a/), message: 'is nested more than 100 deep' },
    ]);
  });
});

describe('any JSON', () => {
  // Made where it is used, for it takes longer than all other tests of this file.
  function anyRequest() {
    const anyJson = fc.jsonValue({ maxDepth: 5, stringUnit: 'binary' });
    const fields = [
      ...new Set([...Object.keys(cashier), ...Object.keys(worldtrade), 'remark', 'refundAmount']),
    ];
    const nearlyValid = fc
      .tuple(fc.constantFrom(worldtrade, cashier), fc.dictionary(fc.constantFrom(...fields), anyJson))
      .map(([request, changes]) => ({ ...request, ...changes }));
    return { anyJson, nearlyValid };
  }

  it('is checked without an exception, and each mistake has a path and a sentence on one line', () => {
    const { anyJson, nearlyValid } = anyRequest();
    fc.assert(
      fc.property(fc.oneof(anyJson, nearlyValid), (value) => {
        for (const issue of checkRequest(value)) {
          expect(issue).toEqual({ path: expect.any(String), message: expect.stringMatching(/./) });
          expect(issue.path + issue.message).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
          expect(issue.path !== '' || !isObject(value)).toBe(true);
        }
      }),
    );
  });

  it('has the same result after a round trip through JSON', () => {
    const { nearlyValid } = anyRequest();
    fc.assert(
      fc.property(nearlyValid, (value) => {
        expect(checkRequest(JSON.parse(JSON.stringify(value)))).toEqual(checkRequest(value));
      }),
    );
  });

  it('any object is valid as refundOrder', () => {
    const order = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ stringUnit: 'grapheme' }));
    fc.assert(
      fc.property(order, (refundOrder) => {
        const others = checkRequest({ ...cashier, refundOrder }).filter(
          ({ message }) => !message.includes('too large'),
        );
        expect(others).toEqual([]);
      }),
    );
  });
});

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
