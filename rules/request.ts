import type { Amount } from './money.js';

/** Any JSON object; passed through untouched. */
export type JsonObject = { [key: string]: JsonValue };
/** Any JSON value. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

/** A refund of a whole WorldTrade order (`applyRefund`). */
export interface WorldTradeRefundRequest {
  product: 'worldtrade';
  /** 1..64 characters; sent as `applyRefund.requestId`, the API's idempotency field. */
  refundRequestId: string;
  /** 1..64 characters. */
  tradeId: string;
  /** 1..64 characters; looked up with `queryTradeOrder` when absent. */
  paymentOrderId?: string;
  /** Must equal the order's total (WorldTrade refunds orders whole); looked up when absent. */
  refundAmount?: Amount;
  /** 0..256 characters. */
  remark?: string;
}

/** What a payer receives and a payee refunds, by one payment method. */
export interface RefundToDetail {
  refundMethod: { paymentMethodType: string };
  refundToAmount: Amount;
  refundAmount: Amount;
}

/** What a payee refunds. WorldFirst's page: the same as {@link RefundToDetail}. */
export type RefundDetail = RefundToDetail;

/** A refund of a cashier payment (`refund`). */
export interface CashierRefundRequest {
  product: 'cashier';
  /** 1..64 characters; sent as `refund.refundRequestId`, the API's idempotency field. */
  refundRequestId: string;
  /** 1..64 characters. */
  payToId: string;
  /** At least one. */
  refundToDetails: RefundToDetail[];
  /** The same as `refundToDetails` when absent. */
  refundDetails?: RefundDetail[];
  /** 1..256 characters. */
  refundReason: string;
  /** ISO 8601 with offset; the workflow's start time when absent. */
  refundRequestTime?: string;
  /** Passed through. */
  refundOrder?: JsonObject;
}

/** One refund, as the caller asks for it. */
export type RefundRequest = WorldTradeRefundRequest | CashierRefundRequest;

/** WorldFirst's two products that refund. */
export type Product = RefundRequest['product'];
