import type { RefundRequest } from '../rules/request.js';
import { AnotherRefundError } from './errors.js';
import type { RefundSummary } from './list-refunds.js';

/**
 * The reason not to start a refund of an order that has another one. WorldTrade refunds orders whole, so a second refund is a
 * mistake; a cashier payment may be refunded in parts.
 * @param refunds all refunds of the order
 */
export function anotherRefundOf(
  request: RefundRequest,
  refunds: readonly RefundSummary[],
): AnotherRefundError | undefined {
  if (request.product !== 'worldtrade') return undefined;
  const other = refunds.find(
    ({ product, refundRequestId, status }) =>
      product === 'worldtrade' &&
      refundRequestId !== request.refundRequestId &&
      status !== 'failed' &&
      status !== 'cancelled',
  );
  return other && new AnotherRefundError(request, other);
}
