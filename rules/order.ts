import type { OrderAnswer } from './answer.js';
import type { AttentionKey } from './attention.js';
import { type Amount, formatAmount, sameAmount } from './money.js';
import type { WorldTradeRefundRequest } from './request.js';

/** The payment that a WorldTrade refund gives back, whole. */
export interface OrderToRefund {
  paymentOrderId: string;
  totalAmount: Amount;
}

/** The payment to refund, or why an operator must decide which one, or how much. */
export function paymentToRefund(
  { paymentOrderId, refundAmount }: WorldTradeRefundRequest,
  { paymentOrderIds, totalAmount }: Extract<OrderAnswer, { kind: 'found' }>,
): OrderToRefund | { attention: AttentionKey; detail?: string } {
  const [first, ...others] = paymentOrderIds;
  if (first === undefined) return { attention: 'no-payment' };
  if (paymentOrderId === undefined && others.length > 0) {
    return { attention: 'several-payments', detail: `The payments are ${listed(paymentOrderIds)}.` };
  }
  if (paymentOrderId !== undefined && !paymentOrderIds.includes(paymentOrderId)) {
    return {
      attention: 'answer-does-not-match',
      detail: `The order’s payments are ${listed(paymentOrderIds)}, but the request has ${paymentOrderId}.`,
    };
  }
  if (refundAmount && !sameAmount(refundAmount, totalAmount)) {
    return {
      attention: 'amount-differs',
      detail: `The order’s total is ${formatAmount(totalAmount)}, but the request has ${formatAmount(refundAmount)}.`,
    };
  }
  return { paymentOrderId: paymentOrderId ?? first, totalAmount };
}

// An operator reads it, and the history stores it.
const MOST_LISTED = 20;

function listed(ids: readonly string[]): string {
  const more = ids.length - MOST_LISTED;
  return `${ids.slice(0, MOST_LISTED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
