import type { JsonObject } from '../../rules/request.js';
import type { Refund } from './account.js';
import { list, object, optional, text } from './body-checks.js';
import { type Evaluation, illegal } from './evaluation.js';
import type { Ledger } from './ledger.js';
import { chinaTime, coded, inDigits, success } from './result-bodies.js';

const IDS = optional(list(text({ max: 64 })));
const INQUIRE = object({ refundRequestIds: IDS, refundIds: IDS });

/** inquireRefund: the state of refunds. Inquiries are counted, because scenario words name the inquiry that finds a refund. */
export function inquireRefund(ledger: Ledger, body: JsonObject, at: Date): Evaluation {
  const mistake = INQUIRE(body);
  if (mistake) return illegal(mistake);
  const { refundRequestIds = [], refundIds = [] } = body as Record<string, string[] | undefined>;
  const ids = [...new Set([...refundRequestIds, ...refundIds])];
  if (ids.length === 0) return illegal('refundRequestIds or refundIds: one of them is expected');
  const refunds = [...new Set(ids.flatMap((id) => ledger.refund(id) ?? []))];
  const accounts = [...new Set(ids.flatMap((id) => ledger.accountOf(id) ?? []))];
  const found = refunds.filter(isFound).map(refundInformation);
  return {
    kind: 'valid',
    at,
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

function isFound({ account: { plan }, inquiries }: Refund): boolean {
  return plan.listed && inquiries + 1 >= plan.knownAt;
}

function refundInformation({ id, account, amount, refundId, acceptedAt, inquiries }: Refund): JsonObject {
  const { plan, product, reference } = account;
  return {
    ...(product === 'cashier' && { payToId: reference }),
    refundAmount: inDigits(amount),
    refundId,
    refundOrderDetails: [
      { paymentMethodType: 'WALLET_WF', refundActualAmount: inDigits(amount) },
      // The sample on WorldFirst's page has a fee in this list. A fee is not part of the refunded amount.
      {
        fundType: 'FEE',
        paymentMethodType: 'WALLET_WF',
        refundActualAmount: { currency: amount.currency, value: '1' },
      },
    ],
    refundRequestId: id,
    refundStatus: inquiries + 1 >= plan.settlesAt ? plan.endsAs : 'PROCESSING',
    refundTime: chinaTime(acceptedAt),
  };
}
