import type { Amount } from '../../rules/money.js';
import type { JsonObject } from '../../rules/request.js';
import type { Operation } from '../../worldfirst/result-codes.js';
import type { Account, Ledger, Refund } from './ledger.js';
import { coded, type Evaluation, unknown } from './result-bodies.js';

/** A refund that was asked for, as either product has it once its body is in order. */
export interface Submission {
  api: Operation;
  id: string;
  body: JsonObject;
  account: Account;
  amount: Amount;
  /** Why it can't be taken. Not asked for a refund that was taken already: its repeat only gets its answer again. */
  objection: () => Evaluation | string | undefined;
  /** The answer S. */
  taken: (refund: Pick<Refund, 'refundId' | 'takenAt'>) => JsonObject;
}

/** What both products have in common: idempotency by request id, and results that stay unknown for a while. */
export function evaluateSend(ledger: Ledger, submission: Submission): Evaluation {
  const { api, id, body, account, amount } = submission;
  if (ledger.contradicts(id, body)) return { kind: 'invalid', answer: coded('REPEAT_REQ_INCONSISTENT', api) };
  ledger.assign(id, account);
  const known = ledger.refund(id);
  const objection = known ? undefined : submission.objection();
  if (typeof objection === 'object') return objection;
  const isUnknown = (known?.inquiries ?? 0) < account.plan.knownAt;
  const refund = known ?? ledger.preview(id);
  return {
    kind: 'valid',
    answer: objection ? coded(objection, api) : isUnknown ? unknown() : submission.taken(refund),
    ids: [id, account.reference],
    accounts: [account],
    read: () => ledger.read(id, body),
    effect: () => {
      if (!objection) ledger.take(id, account, amount);
    },
  };
}
