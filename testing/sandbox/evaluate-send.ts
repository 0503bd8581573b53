import type { Amount } from '../../rules/money.js';
import type { JsonObject } from '../../rules/request.js';
import type { Operation } from '../../worldfirst/result-codes.js';
import type { Account, Refund } from './account.js';
import type { Evaluation } from './evaluation.js';
import type { Ledger } from './ledger.js';
import { coded, unknown } from './result-bodies.js';

/** A submitted refund of either product, once its body has passed the checks. */
export interface Submission {
  api: Operation;
  /** When it is accepted, if it is accepted now. */
  at: Date;
  id: string;
  body: JsonObject;
  account: Account;
  amount: Amount;
  /** Why the refund cannot be accepted. A repeat of an accepted refund is not asked: it gets its first answer again. */
  objection: () => Evaluation | string | undefined;
  /** The answer S. */
  accepted: (refund: Pick<Refund, 'refundId' | 'acceptedAt'>) => JsonObject;
}

/** The rules that both products share: idempotency by request id, and results that stay unknown for some inquiries. */
export function evaluateSend(ledger: Ledger, submission: Submission): Evaluation {
  const { api, at, id, body, account, amount } = submission;
  if (ledger.contradicts(id, body)) return { kind: 'invalid', answer: coded('REPEAT_REQ_INCONSISTENT', api) };
  ledger.assign(id, account);
  const known = ledger.refund(id);
  const objection = known ? undefined : submission.objection();
  if (typeof objection === 'object') return objection;
  const isUnknown = (known?.inquiries ?? 0) < account.plan.knownAt;
  const refund = known ?? ledger.preview(id, at);
  return {
    kind: 'valid',
    at,
    answer: objection ? coded(objection, api) : isUnknown ? unknown() : submission.accepted(refund),
    ids: [id, account.reference],
    accounts: [account],
    read: () => ledger.read(id, body),
    effect: () => {
      if (!objection) ledger.accept(id, account, amount, at);
    },
  };
}
