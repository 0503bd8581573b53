import type { Inquiry } from './integrity.js';
import { totalsOf } from './money.js';
import type { OrderToRefund } from './order.js';
import type { RefundRequest } from './request.js';

/** What `inquireRefund` is asked, and what its answer must fit. */
export function inquiryOf(
  request: RefundRequest,
  refundRequestId: string,
  order: OrderToRefund | undefined,
  refundId: string | undefined,
): Inquiry {
  const known = refundId !== undefined && { refundId };
  if (request.product === 'worldtrade') {
    return { refundRequestId, expected: { amounts: order ? [order.totalAmount] : [], ...known } };
  }
  // The page does not say whether `refundAmount` is the payer's or the payee's side, so either may stand there.
  const { refundToDetails } = request;
  const amounts = [
    ...totalsOf(refundToDetails.map(({ refundAmount }) => refundAmount)),
    ...totalsOf(refundToDetails.map(({ refundToAmount }) => refundToAmount)),
  ];
  return {
    refundRequestId,
    expected: {
      payToId: request.payToId,
      amounts,
      ...known,
    },
  };
}
