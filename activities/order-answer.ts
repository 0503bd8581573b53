import type { OrderAnswer } from '../rules/answer.js';
import { orderDifferences } from '../rules/integrity.js';
import type { ApiAnswer } from '../worldfirst/classify-response.js';
import type { QueryTradeOrderAnswer } from '../worldfirst/schemas.js';
import { mismatch, refused, resultInfoOf, throttled, unreadable } from './answer-parts.js';
import { askAgain } from './failures.js';

/**
 * What WorldFirst said about an order.
 * @throws a retryable failure when it said nothing that counts: nothing is at stake yet, so it is asked again
 */
export function orderAnswer(tradeId: string, answer: ApiAnswer<QueryTradeOrderAnswer>): OrderAnswer {
  switch (answer.kind) {
    case 'success': {
      const { orderBasicInfo, paymentResultList } = answer.body;
      const differences = orderDifferences(tradeId, [orderBasicInfo.tradeId, answer.body.tradeId]);
      if (differences.length > 0) return mismatch(answer, differences);
      const { currency, value } = orderBasicInfo.totalAmount;
      const paymentOrderIds = [...new Set(paymentResultList.map(({ paymentOrderId }) => paymentOrderId))];
      return { kind: 'found', totalAmount: { currency, value }, paymentOrderIds, ...resultInfoOf(answer) };
    }
    case 'unreadable':
      return unreadable(answer);
    case 'failure': {
      const { kind } = answer.meaning;
      if (kind === 'tryLater') throw askAgain(`the order ${tradeId}`, `${answer.code}: ${answer.message}`);
      return refused(answer, kind === 'idInUse' ? 'operator' : kind);
    }
    case 'unknown':
    case 'notSent':
      if (answer.kind === 'unknown' && answer.throttled) return throttled(answer);
      throw askAgain(`the order ${tradeId}`, answer.reason);
  }
}
