import type { Amount } from '../../rules/money.js';
import type { JsonObject } from '../../rules/request.js';
import type { Account } from './account.js';
import { amount, anyObject, dateTime, list, object, optional, text } from './body-checks.js';
import { evaluateSend } from './evaluate-send.js';
import { type Evaluation, illegal } from './evaluation.js';
import type { Ledger } from './ledger.js';
import { numericId } from './numeric-id.js';
import { chinaTime, inDigits, success } from './result-bodies.js';

const ID = text({ max: 64 });
const DETAILS = list(
  object({
    refundMethod: object({ paymentMethodType: text({ max: 64 }) }),
    refundToAmount: amount,
    refundAmount: amount,
  }),
);
const REFUND = object({
  refundRequestId: ID,
  payToId: ID,
  refundToDetails: DETAILS,
  refundDetails: DETAILS,
  refundReason: text({ max: 256 }),
  refundRequestTime: dateTime,
  refundOrder: optional(anyObject),
});

interface SentAmount {
  currency: string;
  value: number | string;
}

/** A body of refund that has passed its check. */
interface RefundBody {
  refundRequestId: string;
  payToId: string;
  refundToDetails: {
    refundMethod: { paymentMethodType: string };
    refundToAmount: SentAmount;
    refundAmount: SentAmount;
  }[];
}

/** refund: the refund of a cashier payment, or of a part of it. */
export function refund(ledger: Ledger, body: JsonObject, at: Date): Evaluation {
  const mistake = REFUND(body);
  if (mistake) return illegal(mistake);
  const { refundRequestId, payToId, refundToDetails } = body as unknown as RefundBody;
  const total = sum(refundToDetails.map(({ refundAmount }) => read(refundAmount)));
  if (!total)
    return illegal(
      'refundToDetails: the amounts must have one currency, and their sum must be a safe integer',
    );
  const account = ledger.account('cashier', payToId);
  return evaluateSend(ledger, {
    api: 'refund',
    at,
    id: refundRequestId,
    body,
    account,
    amount: total,
    objection: () => objectionTo(total, ledger, account),
    accepted: ({ refundId, acceptedAt }) =>
      success({
        responseId: numericId(`response ${refundRequestId}`),
        payToId,
        refundId,
        refundRequestId,
        refundTime: chinaTime(acceptedAt),
        refundToDetails: refundToDetails.map(({ refundMethod, refundToAmount, refundAmount }) => ({
          refundMethod,
          refundToAmount: inDigits(read(refundToAmount)),
          refundAmount: inDigits(read(refundAmount)),
        })),
      }),
  });
}

function objectionTo(total: Amount, ledger: Ledger, account: Account): string | undefined {
  const rest = ledger.rest(account);
  if (!rest) return undefined;
  if (rest.currency !== total.currency) return 'CURRENCY_NOT_SUPPORT';
  return total.value > rest.value ? 'REFUND_AMOUNT_EXCEED' : undefined;
}

function read({ currency, value }: SentAmount): Amount {
  return { currency, value: Number(value) };
}

function sum(amounts: readonly Amount[]): Amount | undefined {
  const currency = amounts[0]?.currency ?? '';
  const value = amounts.reduce((total, amount) => total + amount.value, 0);
  const hasSum = amounts.every((amount) => amount.currency === currency) && Number.isSafeInteger(value);
  return hasSum ? { currency, value } : undefined;
}
