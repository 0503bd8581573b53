import type { JsonObject } from '../../rules/request.js';
import { list, object, optional, text } from './body-checks.js';
import type { Ledger, Refund } from './ledger.js';
import { chinaTime, coded, type Evaluation, illegal, inDigits, success } from './result-bodies.js';

const IDS = optional(list(text({ max: 64 })));
const INQUIRE = object({ refundRequestIds: IDS, refundIds: IDS });

/** inquireRefund: what became of refunds. Each inquiry counts, for the words of an id say at which one something is known. */
export function inquireRefund(ledger: Ledger, body: JsonObject): Evaluation {
  const mistake = INQUIRE(body);
  if (mistake) return illegal(mistake);
  const { refundRequestIds = [], refundIds = [] } = body as Record<string, string[] | undefined>;
  const ids = [...new Set([...refundRequestIds, ...refundIds])];
  if (ids.length === 0) return illegal('refundRequestIds or refundIds: one of them is expected');
  const refunds = [...new Set(ids.flatMap((id) => ledger.refund(id) ?? []))];
  const accounts = [...new Set(ids.flatMap((id) => ledger.accountOf(id) ?? []))];
  const found = refunds.filter(isKnown).map(informationOf);
  return {
    kind: 'valid',
    answer:
      found.length > 0
        ? success({ refundInformation: found })
        : coded('REFUND_ORDER_NOT_EXIST', 'inquireRefund'),
    ids: [...ids, ...accounts.map(({ reference }) => reference)],
    accounts,
    read: () => {},
    effect: () => {
      for (const refund of refunds) refund.inquiries += 1;
    },
  };
}

function isKnown({ account: { plan }, inquiries }: Refund): boolean {
  return plan.listed && inquiries + 1 >= plan.knownAt;
}

function informationOf({ id, account, amount, refundId, takenAt, inquiries }: Refund): JsonObject {
  const { plan, product, reference } = account;
  return {
    ...(product === 'cashier' && { payToId: reference }),
    refundAmount: inDigits(amount),
    refundId,
    refundOrderDetails: [
      { paymentMethodType: 'WALLET_WF', refundActualAmount: inDigits(amount) },
      // The page's sample has a fee beside the money, which is no part of the refund.
      {
        fundType: 'FEE',
        paymentMethodType: 'WALLET_WF',
        refundActualAmount: { currency: amount.currency, value: '1' },
      },
    ],
    refundRequestId: id,
    refundStatus: inquiries + 1 >= plan.settlesAt ? plan.endsAs : 'PROCESSING',
    refundTime: chinaTime(takenAt),
  };
}
