import type { Amount } from '../../rules/money.js';
import type { JsonObject } from '../../rules/request.js';
import type { Operation } from '../../worldfirst/result-codes.js';
import { coded, type Decision, unknown } from './answers.js';
import type { Account, Books, Refund } from './books.js';

/** A refund that was asked for, as either product has it once its body is in order. */
export interface Asked {
  api: Operation;
  id: string;
  body: JsonObject;
  account: Account;
  amount: Amount;
  /** Why it can't be taken. Not asked for a refund that was taken already: its repeat only gets its answer again. */
  objection: () => Decision | string | undefined;
  /** The answer S. */
  taken: (refund: Pick<Refund, 'refundId' | 'takenAt'>) => JsonObject;
}

/** What both products have in common: idempotency by request id, and results that stay unknown for a while. */
export function decideSend(books: Books, asked: Asked): Decision {
  const { api, id, body, account, amount } = asked;
  if (books.contradicts(id, body)) return { kind: 'invalid', answer: coded('REPEAT_REQ_INCONSISTENT', api) };
  books.address(id, account);
  const known = books.refund(id);
  const objection = known ? undefined : asked.objection();
  if (typeof objection === 'object') return objection;
  const isUnknown = (known?.inquiries ?? 0) < account.plan.knownAt;
  const refund = known ?? books.prospect(id);
  return {
    kind: 'valid',
    answer: objection ? coded(objection, api) : isUnknown ? unknown() : asked.taken(refund),
    ids: [id, account.reference],
    accounts: [account],
    read: () => books.read(id, body),
    effect: () => {
      if (!objection) books.take(id, account, amount);
    },
  };
}
