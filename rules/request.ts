import {
  type Check,
  type Infer,
  identifier,
  isObject,
  json,
  list,
  literal,
  narrow,
  object,
  optional,
  quoted,
  text,
  where,
} from '../internal/check.js';
import { amount } from './money.js';

export type { JsonObject, JsonValue } from '../internal/check.js';

// A decoder writes U+FFFD for what it could not read (a shell's argument in another encoding), and two ids become one.
const id = where(identifier(1, 64), (given) => {
  if (given.includes('\uFFFD')) return 'contains U+FFFD: a character was not UTF-8. Check the encoding';
  // No escape makes Temporal's list find such an id, so a second refund of the same order would not be noticed.
  return /["'\\]/.test(given)
    ? 'must not contain quotation marks or backslashes: Temporal’s list cannot search for them'
    : undefined;
});

const timeWithOffset = where(text(1, 40), (time) =>
  isTimeWithOffset(time)
    ? undefined
    : `must be an ISO 8601 time with an offset, such as 2026-08-30T02:02:39+08:00; it is ${quoted(time)}`,
);

/** The fields of a WorldTrade refund, and what each of them may hold. */
export const worldtrade = object({
  product: literal('worldtrade'),
  /** 1..64 characters; sent as `applyRefund.requestId`, the API's idempotency field. */
  refundRequestId: id,
  /** 1..64 characters. */
  tradeId: id,
  /** 1..64 characters; queried with `queryTradeOrder` when absent. */
  paymentOrderId: optional(id),
  /** Must equal the order's total (WorldTrade refunds only whole orders); default: that total. */
  refundAmount: optional(amount),
  /** 0..256 characters. */
  remark: optional(text(0, 256)),
});

/** A refund of a whole WorldTrade order (`applyRefund`). */
export interface WorldTradeRefundRequest extends Infer<typeof worldtrade> {}

const method = object({ paymentMethodType: identifier(1, 64) });
interface RefundMethod extends Infer<typeof method> {}

const detail = object({
  refundMethod: method as Check<RefundMethod>,
  refundToAmount: amount,
  refundAmount: amount,
});

/** What a payer receives and a payee refunds, by one payment method. */
export interface RefundToDetail extends Infer<typeof detail> {}

/** What a payee refunds. WorldFirst's page: the same as {@link RefundToDetail}. */
export type RefundDetail = RefundToDetail;

/** The fields of a cashier refund, and what each of them may hold. */
export const cashier = object({
  product: literal('cashier'),
  /** 1..64 characters; sent as `refund.refundRequestId`, the API's idempotency field. */
  refundRequestId: id,
  /** 1..64 characters. */
  payToId: id,
  /** At least one. */
  refundToDetails: list<RefundToDetail>(detail),
  /** The same as `refundToDetails` when absent. */
  refundDetails: optional(list<RefundDetail>(detail)),
  /** 1..256 characters. */
  refundReason: text(1, 256),
  /** ISO 8601 with offset; the workflow's start time when absent. */
  refundRequestTime: optional(timeWithOffset),
  /** Passed through. */
  refundOrder: optional(narrow(json, (order) => isObject(order), 'must be an object')),
});

/** A refund of a cashier payment (`refund`). */
export interface CashierRefundRequest extends Infer<typeof cashier> {}

/** One refund, as the caller asks for it. */
export type RefundRequest = WorldTradeRefundRequest | CashierRefundRequest;

/** WorldFirst's two products that refund. */
export type Product = RefundRequest['product'];

/** Each of them. */
export const PRODUCTS = ['worldtrade', 'cashier'] as const satisfies readonly Product[];

function isTimeWithOffset(time: string): boolean {
  // Stryker disable next-line Regex: Date.parse accepts nothing after the offset either.
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/.exec(time);
  if (!match || Number.isNaN(Date.parse(time))) return false;
  // `Date` carries the 30th of February over into March: only a date that comes back unchanged exists.
  return new Date(`${match[1]}T${match[2]}Z`).toISOString().startsWith(`${match[1]}T${match[2]}`);
}
