import type { JsonObject } from '../../rules/request.js';
import type { Account } from './account.js';
import { amount, object, optional, text } from './body-checks.js';
import { evaluateSend } from './evaluate-send.js';
import { type Evaluation, illegal } from './evaluation.js';
import type { Ledger } from './ledger.js';
import { coded, inDigits, success } from './result-bodies.js';

const ID = text({ max: 64 });
const QUERY = object({ tradeId: ID });
const APPLY = object({
  requestId: ID,
  tradeId: ID,
  paymentOrderId: ID,
  refundAmount: amount,
  remark: optional(text({ min: 0, max: 256 })),
});

/** A body of applyRefund that has passed its check. */
interface ApplyBody {
  requestId: string;
  tradeId: string;
  paymentOrderId: string;
  refundAmount: { currency: string; value: number | string };
}

/** queryTradeOrder: the order with its payments. */
export function queryTradeOrder(ledger: Ledger, body: JsonObject, at: Date): Evaluation {
  const mistake = QUERY(body);
  if (mistake) return illegal(mistake);
  const account = ledger.account('worldtrade', body.tradeId as string);
  return {
    kind: 'valid',
    at,
    answer: account.plan.missing ? coded('ORDER_NOT_EXIST', 'queryTradeOrder') : success(orderOf(account)),
    ids: [account.reference],
    accounts: [account],
    read: () => {},
    effect: () => {},
  };
}

/** applyRefund: the refund of a whole order. */
export function applyRefund(ledger: Ledger, body: JsonObject, at: Date): Evaluation {
  const mistake = APPLY(body);
  if (mistake) return illegal(mistake);
  const apply = body as unknown as ApplyBody;
  const account = ledger.account('worldtrade', apply.tradeId);
  return evaluateSend(ledger, {
    api: 'applyRefund',
    at,
    id: apply.requestId,
    body,
    account,
    amount: account.total,
    objection: () => {
      if (account.plan.missing) return 'ORDER_NOT_EXIST';
      const difference = differenceFrom(account, apply);
      return difference && illegal(difference);
    },
    accepted: ({ refundId }) => success({ refundOrderId: refundId, paymentOrderId: apply.paymentOrderId }),
  });
}

function differenceFrom({ total, paymentOrderIds }: Account, apply: ApplyBody): string | undefined {
  const { currency, value } = apply.refundAmount;
  if (currency !== total.currency || Number(value) !== total.value)
    return `refundAmount: must be the order's total, ${total.currency} ${total.value}`;
  if (!paymentOrderIds.includes(apply.paymentOrderId))
    return 'paymentOrderId: this order has no such payment';
  return undefined;
}

/** Clients can rely on `totalAmount` and `paymentOrderId` only. The other fields are placeholders: their documentation is too thin. */
function orderOf({ reference, total, paymentOrderIds }: Account): JsonObject {
  return {
    orderBasicInfo: {
      tradeId: reference,
      totalAmount: inDigits(total),
      deliveryStatus: 'NOT_DELIVERED',
    },
    paymentResultList: paymentOrderIds.map((paymentOrderId, index) => ({
      paymentOrderId,
      paymentPhase:
        paymentOrderIds.length === 1 ? 'FULL_PAYMENT' : index === 0 ? 'ADVANCE_PAYMENT' : 'BALANCE_PAYMENT',
    })),
    productList: [{ productName: 'Sandbox goods' }],
    sellerInfo: { name: 'Sandbox seller' },
    buyerInfo: { name: 'Sandbox buyer' },
    paymentTerm: {},
    shippingTerm: {},
    deliveryBatchList: [],
  };
}
