import {
  type Check,
  identifier,
  integer,
  isObject,
  json,
  list,
  literal,
  object,
  optional,
  quoted,
  text,
  type ValidationIssue,
  where,
} from '../internal/check.js';
import { isCurrency, sameAmount, totalsOf } from './money.js';
import type { CashierRefundRequest, RefundRequest } from './request.js';

// A decoder writes U+FFFD for what it could not read (a shell's argument in another encoding), and two ids become one.
const id = where(identifier(1, 64), (given: string) => {
  if (given.includes('\uFFFD')) return 'holds U+FFFD, which replaces a character that was not UTF-8';
  // No escape makes Temporal's list find such an id, so a second refund of the same order would not be noticed.
  return /["'\\]/.test(given)
    ? 'must not hold quotation marks or backslashes: Temporal’s list cannot search for them'
    : undefined;
});

const currency = where(text(3, 3), (code: string) =>
  isCurrency(code) ? undefined : `${quoted(code)} is not a currency of ISO 4217 (in capitals), nor CNH`,
);

const amount = object({ currency, value: integer(1) });

const detail = object({
  refundMethod: object({ paymentMethodType: identifier(1, 64) }),
  refundToAmount: amount,
  refundAmount: amount,
});

const timeWithOffset = where(text(1, 40), (time: string) =>
  isTimeWithOffset(time)
    ? undefined
    : `${quoted(time)} is not a time of ISO 8601 with an offset, such as 2026-08-30T02:02:39+08:00`,
);

const worldtrade = object({
  product: literal('worldtrade'),
  refundRequestId: id,
  tradeId: id,
  paymentOrderId: optional(id),
  refundAmount: optional(amount),
  remark: optional(text(0, 256)),
});

const cashier: Check = (value, path) => {
  const issues = object({
    product: literal('cashier'),
    refundRequestId: id,
    payToId: id,
    refundToDetails: list(detail),
    refundDetails: optional(list(detail)),
    refundReason: text(1, 256),
    refundRequestTime: optional(timeWithOffset),
    refundOrder: optional(
      where(json, (order: unknown) => (isObject(order) ? undefined : 'must be an object')),
    ),
  })(value, path);
  return issues.length > 0 ? issues : differentMoney(value as CashierRefundRequest);
};

/** WorldFirst's page: "refundDetails is the same as refundToDetails". Two different sums have no meaning there. */
function differentMoney({
  refundToDetails,
  refundDetails = refundToDetails,
}: CashierRefundRequest): ValidationIssue[] {
  return (['refundAmount', 'refundToAmount'] as const).flatMap((side) => {
    const asked = totalsOf(refundToDetails.map((each) => each[side]));
    const repeated = totalsOf(refundDetails.map((each) => each[side]));
    if ([...asked, ...repeated].some(({ value }) => !Number.isSafeInteger(value))) {
      return [
        {
          path: 'refundToDetails',
          message: `the total of ${side} must be at most ${Number.MAX_SAFE_INTEGER}`,
        },
      ];
    }
    const same =
      asked.length === repeated.length && asked.every((a) => repeated.some((b) => sameAmount(a, b)));
    return same
      ? []
      : [{ path: 'refundDetails', message: `must ask for the same ${side} as refundToDetails` }];
  });
}

/**
 * The most bytes of a request as JSON. Temporal carries two megabytes at once (a payload), and a cashier refund is sent
 * with its details twice.
 */
const MOST_BYTES = 1_000_000;

/** Every mistake of a request, each with its path; none means that it is a {@link RefundRequest}. */
export function checkRequest(value: unknown): ValidationIssue[] {
  if (!isObject(value)) return [{ path: '', message: 'a refund request must be an object' }];
  const bytes = sizeOf(value);
  if (bytes > MOST_BYTES)
    return [{ path: '', message: `the request has ${megabytes(bytes)}, at most ${megabytes(MOST_BYTES)}` }];
  if (value.product === 'worldtrade') return worldtrade(value, '');
  if (value.product === 'cashier') return cashier(value, '');
  return [{ path: 'product', message: 'must be "worldtrade" or "cashier"' }];
}

/** The bytes of a value as JSON; 0 where it cannot be JSON, which the checks of its fields say in detail. */
function sizeOf(value: object): number {
  try {
    return new TextEncoder().encode(JSON.stringify(value)).length;
  } catch {
    return 0;
  }
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 10_000) / 100} MB`;
}

/** Whether it is a valid request; {@link checkRequest} says why not. */
export function isRequest(value: unknown): value is RefundRequest {
  return checkRequest(value).length === 0;
}

function isTimeWithOffset(time: string): boolean {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/.exec(time);
  if (!match || Number.isNaN(Date.parse(time))) return false;
  // `Date` carries the 30th of February over into March: only a date that comes back unchanged exists.
  return new Date(`${match[1]}T${match[2]}Z`).toISOString().startsWith(`${match[1]}T${match[2]}`);
}
