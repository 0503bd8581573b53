import type { JsonObject } from '../../rules/request.js';
import type { Operation } from '../../worldfirst/result-codes.js';
import { refund } from './cashier.js';
import type { Evaluation } from './evaluation.js';
import { inquireRefund } from './inquire-refund.js';
import type { Ledger } from './ledger.js';
import { applyRefund, queryTradeOrder } from './worldtrade.js';

const EVALUATORS: Record<Operation, (ledger: Ledger, body: JsonObject, at: Date) => Evaluation> = {
  queryTradeOrder,
  applyRefund,
  refund,
  inquireRefund,
};

/**
 * Evaluates a body by the rules of its API. Nothing is carried out yet.
 * @param at when the request is carried out; a restart repeats requests as of their own times
 */
export function evaluate(api: Operation, ledger: Ledger, body: JsonObject, at = new Date()): Evaluation {
  return EVALUATORS[api](ledger, body, at);
}
