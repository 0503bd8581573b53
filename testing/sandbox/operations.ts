import type { JsonObject } from '../../rules/request.js';
import type { Operation } from '../../worldfirst/result-codes.js';
import { refund } from './cashier.js';
import { inquireRefund } from './inquire-refund.js';
import type { Ledger } from './ledger.js';
import type { Evaluation } from './result-bodies.js';
import { applyRefund, queryTradeOrder } from './worldtrade.js';

/** What stands before every operation's name in its path; part of what is signed. */
export const PATH_PREFIX = '/amsin/api/v1/business';

const PATHS: Record<string, Operation | undefined> = {
  [`${PATH_PREFIX}/worldtrade/queryTradeOrder`]: 'queryTradeOrder',
  [`${PATH_PREFIX}/worldtrade/applyRefund`]: 'applyRefund',
  [`${PATH_PREFIX}/refund`]: 'refund',
  [`${PATH_PREFIX}/inquireRefund`]: 'inquireRefund',
};

const EVALUATORS: Record<Operation, (ledger: Ledger, body: JsonObject) => Evaluation> = {
  queryTradeOrder,
  applyRefund,
  refund,
  inquireRefund,
};

/** Which operation a path is, if it is one. */
export function operationOf(path: string): Operation | undefined {
  return PATHS[path];
}

/** What the operation makes of a body, without doing anything yet. */
export function evaluate(api: Operation, ledger: Ledger, body: JsonObject): Evaluation {
  return EVALUATORS[api](ledger, body);
}
