import type { Amount } from './money.js';
import type { OrderToRefund } from './order.js';
import type {
  CashierRefundRequest,
  JsonObject,
  RefundDetail,
  RefundToDetail,
  WorldTradeRefundRequest,
} from './request.js';

/** The body of `queryTradeOrder`. */
export interface QueryTradeOrderBody {
  tradeId: string;
}

/** The body of `inquireRefund`: our ids, or WorldFirst's. */
export type InquireRefundBody =
  | { refundRequestIds: string[]; refundIds?: undefined }
  | { refundIds: string[]; refundRequestIds?: undefined };

/** The body of `applyRefund`, in the order in which it is sent. */
export interface ApplyRefundBody {
  requestId: string;
  tradeId: string;
  paymentOrderId: string;
  refundAmount: Amount;
  remark?: string;
}

/** The body of `refund`, in the order in which it is sent. */
export interface CashierRefundBody {
  refundRequestId: string;
  payToId: string;
  refundToDetails: RefundToDetail[];
  refundDetails: RefundDetail[];
  refundReason: string;
  refundRequestTime: string;
  refundOrder?: JsonObject;
}

/**
 * What is sent for a WorldTrade refund, once the order is known.
 *
 * Its bytes are a promise, and so are those of {@link cashierRefundBody}: WorldFirst refuses a repeat that differs from
 * the first request, and a refund that is running may repeat a request that an older version of this code sent.
 */
export function applyRefundBody(
  requestId: string,
  request: WorldTradeRefundRequest,
  order: OrderToRefund,
): ApplyRefundBody {
  return {
    requestId,
    tradeId: request.tradeId,
    paymentOrderId: order.paymentOrderId,
    refundAmount: order.totalAmount,
    ...(request.remark !== undefined && { remark: request.remark }),
  };
}

/** What is sent for a cashier refund. */
export function cashierRefundBody(
  refundRequestId: string,
  request: CashierRefundRequest,
  startedAt: Date,
): CashierRefundBody {
  return {
    refundRequestId,
    payToId: request.payToId,
    refundToDetails: request.refundToDetails,
    refundDetails: request.refundDetails ?? request.refundToDetails,
    refundReason: request.refundReason,
    refundRequestTime: request.refundRequestTime ?? inChinaTime(startedAt),
    ...(request.refundOrder !== undefined && { refundOrder: request.refundOrder }),
  };
}

/** ISO 8601 in whole seconds at +08:00, the zone that WorldFirst's pages ask for. */
export function inChinaTime(date: Date): string {
  const shifted = new Date(date.getTime() + 8 * 60 * 60 * 1000);
  return `${shifted.toISOString().slice(0, 19)}+08:00`;
}
