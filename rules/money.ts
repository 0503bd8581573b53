import { type Check, type Infer, integer, object, quoted, text, where } from '../internal/check.js';

const money = object({
  /** ISO 4217, or CNH. */
  currency: where(text(3, 3), (code) =>
    isCurrency(code) ? undefined : `must be an ISO 4217 code in capitals, or CNH; it is ${quoted(code)}`,
  ),
  /** An integer in the currency's smallest unit: 100 is 1.00 USD, and 100 JPY. */
  value: integer(1),
});

/** An amount of money, as WorldFirst's APIs write it. */
export interface Amount extends Infer<typeof money> {}

/** At least one of the smallest unit, in a currency that can be refunded. */
export const amount: Check<Amount> = money;

/** Every currency that can be refunded: the active codes of ISO 4217, and CNH, the offshore renminbi. */
const CURRENCIES = new Set(
  `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD
   CAD CDF CHE CHF CHW CLF CLP CNH CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP
   GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF
   KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR
   MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK
   SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU
   UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG`.split(/\s+/),
);

/** The currencies whose smallest unit is not a hundredth: how many decimals they have by ISO 4217. */
const DECIMALS = new Map([
  ...decimals(0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'),
  ...decimals(3, 'BHD IQD JOD KWD LYD OMR TND'),
  ...decimals(4, 'CLF UYW'),
]);

function decimals(count: number, currencies: string): [string, number][] {
  return currencies.split(' ').map((currency) => [currency, count]);
}

/** Whether it is a currency of ISO 4217, or CNH. */
export function isCurrency(code: string): boolean {
  return CURRENCIES.has(code);
}

/** How many decimals the currency has by ISO 4217 (not by the habits of a locale). */
export function decimalsOf(currency: string): number {
  return DECIMALS.get(currency) ?? 2;
}

/**
 * For people: `{ currency: 'USD', value: 1234 }` is `USD 12.34`. The inverse of {@link parseAmount}.
 * @param amount an amount in the smallest unit of its currency
 */
export function formatAmount({
  currency,
  value,
}: {
  currency: string;
  /** A sum of many amounts may need a bigint. */
  value: number | bigint;
}): string {
  const places = decimalsOf(currency);
  if (places === 0) return `${currency} ${value}`;
  const digits = String(value).padStart(places + 1, '0');
  return `${currency} ${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/**
 * Reads `USD 12.34` into the smallest unit, without ever passing through a float.
 * @param text a code of ISO 4217, or CNH, and a number with a decimal point, such as `USD 12.34`
 * @returns the amount, or a sentence that says what is wrong with the text
 */
export function parseAmount(text: string): Amount | string {
  const match = /^\s*([A-Z]{3})\s+(\d+)(?:\.(\d+))?\s*$/.exec(text);
  if (!match) return `"${text}" is not an amount such as "USD 12.34" or "JPY 1234"`;
  const [currency, whole, fraction] = [match[1] as string, match[2] as string, match[3] ?? ''];
  if (!isCurrency(currency)) return `${currency} is not a currency of ISO 4217`;
  const places = decimalsOf(currency);
  if (fraction.length > places)
    return `${currency} has ${places} decimals, but "${text}" has ${fraction.length}`;
  const value = Number(whole + fraction.padEnd(places, '0'));
  if (!Number.isSafeInteger(value))
    return `"${text}" is too large: at most ${Number.MAX_SAFE_INTEGER} in the smallest unit`;
  return { currency, value };
}

/** Whether two amounts are the same money. */
export function sameAmount(a: Amount, b: Amount): boolean {
  return a.currency === b.currency && a.value === b.value;
}

/** Sums by currency, in the smallest unit; exact at any size. */
export type Sums = Map<string, bigint>;

/** Adds an amount to the sum of its currency. */
export function addAmount(sums: Sums, { currency, value }: Amount): void {
  sums.set(currency, (sums.get(currency) ?? 0n) + BigInt(value));
}

/** Each sum for people, sorted by currency. */
export function formatSums(sums: Sums): string[] {
  return [...sums].sort().map(([currency, value]) => formatAmount({ currency, value }));
}

/** The sum in each currency. */
export function totalsOf(amounts: readonly Amount[]): Amount[] {
  const sums: Sums = new Map();
  for (const each of amounts) addAmount(sums, each);
  return [...sums].map(([currency, value]) => ({ currency, value: Number(value) }));
}

/** The sum, or undefined where there is no single one: no amount, or several currencies. */
export function totalOf(amounts: readonly Amount[]): Amount | undefined {
  const [total, ...others] = totalsOf(amounts);
  return others.length === 0 ? total : undefined;
}
