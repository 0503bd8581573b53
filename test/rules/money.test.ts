import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decimalsOf,
  formatAmount,
  isCurrency,
  parseAmount,
  sameAmount,
  totalOf,
  totalsOf,
} from '../../rules/money.js';

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const OURS = LETTERS.flatMap((a) => LETTERS.flatMap((b) => LETTERS.map((c) => a + b + c))).filter(isCurrency);
const INTL = Intl.supportedValuesOf('currency');

describe('the currencies', () => {
  it('are all of Intl, except those that are withdrawn or no money', () => {
    const withdrawn = ['ANG', 'BGN', 'CUC', 'HRK', 'SLL', 'ZWL'];
    const noMoney = ['XAD', 'XAG', 'XAU', 'XBA', 'XBB', 'XBC', 'XBD', 'XDR', 'XPD', 'XPT', 'XSU', 'XTS'];
    const exceptions = [...withdrawn, ...noMoney, 'XUA', 'XXX'];
    expect(INTL.filter((code) => !isCurrency(code) && !exceptions.includes(code))).toEqual([]);
  });

  it('are only those of Intl, the funds of ISO 4217, the newest ones and CNH', () => {
    const funds = ['BOV', 'CHE', 'CHW', 'CLF', 'COU', 'MXV', 'USN', 'UYI', 'UYW'];
    const newest = ['SLE', 'VED', 'XCG', 'ZWG'];
    const exceptions = [...funds, ...newest, 'CNH'];
    expect(OURS.filter((code) => !INTL.includes(code) && !exceptions.includes(code))).toEqual([]);
    expect(exceptions.filter((code) => !isCurrency(code))).toEqual([]);
  });

  it.each(['usd', 'US', 'USDX', '', ' USD', 'XXX', 'XAU', 'RMB', '__proto__', 'constructor'])(
    'do not hold %j',
    (code) => {
      expect(isCurrency(code)).toBe(false);
    },
  );

  it('have the decimals of ISO 4217, even if CLDR has fewer', () => {
    const habits = 'AFN ALL COP HUF IDR IQD IRR KPW LAK LBP MGA MMK PKR RSD SOS SYP UZS YER ZMW'.split(' ');
    const differing = OURS.filter((code) => INTL.includes(code) && !habits.includes(code)).filter(
      (currency) => {
        const format = new Intl.NumberFormat('en', { style: 'currency', currency });
        return format.resolvedOptions().maximumFractionDigits !== decimalsOf(currency);
      },
    );
    expect(differing).toEqual([]);
  });

  it.each([
    ['JPY', 0],
    ['KRW', 0],
    ['UYI', 0],
    ['USD', 2],
    ['CNH', 2],
    ['HUF', 2],
    ['IDR', 2],
    ['IQD', 3],
    ['KWD', 3],
    ['CLF', 4],
    ['UYW', 4],
    ['toString', 2],
    ['constructor', 2],
  ])('%s has %i decimals', (currency, decimals) => {
    expect(decimalsOf(currency)).toBe(decimals);
  });
});

describe('an amount as text', () => {
  it.each([
    ['USD 12.34', { currency: 'USD', value: 1234 }],
    ['USD 0.05', { currency: 'USD', value: 5 }],
    ['JPY 1234', { currency: 'JPY', value: 1234 }],
    ['KWD 1.234', { currency: 'KWD', value: 1234 }],
    ['KWD 0.001', { currency: 'KWD', value: 1 }],
    ['CLF 0.0001', { currency: 'CLF', value: 1 }],
    ['USD 90071992547409.91', { currency: 'USD', value: Number.MAX_SAFE_INTEGER }],
  ])('%s', (text, amount) => {
    expect(parseAmount(text)).toEqual(amount);
    expect(formatAmount(amount)).toBe(text);
  });

  it.each([
    ['whole units without decimals', 'USD 12', 1200],
    ['fewer decimals than the currency has', 'USD 12.3', 1230],
    ['blanks around', '  USD   12.34 ', 1234],
    ['leading zeros', 'USD 0012.34', 1234],
    ['a sum that a float would lose', 'USD 1.15', 115],
    ['another one', 'USD 4.35', 435],
  ])('%s: %j', (_, text, value) => {
    expect(parseAmount(text)).toEqual({ currency: 'USD', value });
  });

  it.each([
    ['no currency', '12.34'],
    ['the currency behind', '12.34 USD'],
    ['small letters', 'usd 12.34'],
    ['no blank', 'USD12.34'],
    ['a comma', 'USD 12,34'],
    ['thousands', 'USD 1,234.00'],
    ['a sign', 'USD -12.34'],
    ['an exponent', 'USD 1e3'],
    ['hexadecimal', 'USD 0x10'],
    ['a point without decimals', 'USD 12.'],
    ['decimals only', 'USD .34'],
    ['two lines', 'USD 12\nUSD 34'],
    ['other digits than ASCII', 'USD ١٢'],
    ['too many decimals', 'USD 12.345'],
    ['decimals of a currency without', 'JPY 12.0'],
    ['an unknown currency', 'XYZ 12.34'],
    ['a key of every object', 'toString 12'],
    ['more than a float carries', 'USD 90071992547409.92'],
    ['far more than a float carries', `USD ${'9'.repeat(400)}`],
    ['nothing', ''],
  ])('is refused with a sentence: %s', (_, text) => {
    expect(parseAmount(text)).toEqual(expect.any(String));
  });

  it.each([
    ['12.34', '"12.34" is not an amount such as "USD 12.34" or "JPY 1234"'],
    ['XYZ 12.34', 'XYZ is not a currency of ISO 4217'],
    ['USD 12.345', 'USD has 2 decimals, but "USD 12.345" has 3'],
    [
      'USD 90071992547409.92',
      '"USD 90071992547409.92" is too large: at most 9007199254740991 in the smallest unit',
    ],
  ])('that is invalid is rejected with the reason: %s', (text, sentence) => {
    expect(parseAmount(text)).toBe(sentence);
  });

  it('is the same after formatting and parsing, in every currency', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...OURS),
        fc.oneof(fc.maxSafeNat(), fc.nat(20_000), fc.constant(Number.MAX_SAFE_INTEGER)),
        (currency, value) => {
          expect(parseAmount(formatAmount({ currency, value }))).toEqual({ currency, value });
        },
      ),
    );
  });

  it('is read as a safe amount, or rejected with a sentence', () => {
    const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[A-Z]{3} \d*\.?\d*$/));
    fc.assert(
      fc.property(anyText, (text) => {
        const amount = parseAmount(text);
        if (typeof amount === 'string') return amount.length > 0;
        return Number.isSafeInteger(amount.value) && amount.value >= 0 && isCurrency(amount.currency);
      }),
    );
  });
});

describe('sums', () => {
  const usd = (value: number) => ({ currency: 'USD', value });
  const eur = (value: number) => ({ currency: 'EUR', value });

  it('are made for each currency separately', () => {
    expect(totalsOf([usd(1), eur(2), usd(4)])).toEqual([usd(5), eur(2)]);
  });

  it('have a single total only in one currency', () => {
    expect(totalOf([usd(1), usd(4)])).toEqual(usd(5));
    expect(totalOf([usd(1), eur(4)])).toBeUndefined();
    expect(totalOf([])).toBeUndefined();
  });

  it('are the same money only with the same currency and value', () => {
    expect(sameAmount(usd(1), usd(1))).toBe(true);
    expect(sameAmount(usd(1), usd(2))).toBe(false);
    expect(sameAmount(usd(1), eur(1))).toBe(false);
  });
});
