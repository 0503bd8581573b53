import { ApplicationFailure } from '@temporalio/common';
import type { Amount, ApplyRefundBody, WorldFirstClient } from 'worldfirst-refunds/worldfirst';

/** The activities of the plain workflow. */
export type PlainActivities = ReturnType<typeof createPlainActivities>;

/** Makes the activities of the plain workflow: what WorldFirst says in a word, or an error for Temporal to retry. */
export function createPlainActivities(worldfirst: WorldFirstClient) {
  return {
    async queryTradeOrder(tradeId: string): Promise<{ paymentOrderId: string; refundAmount: Amount }> {
      const answer = await worldfirst.queryTradeOrder({ tradeId });
      if (answer.kind === 'failure') throw ApplicationFailure.nonRetryable(answer.message, answer.code);
      if (answer.kind !== 'success') throw ApplicationFailure.retryable(`no order: ${answer.kind}`);
      const { orderBasicInfo, paymentResultList } = answer.body;
      const { currency, value } = orderBasicInfo.totalAmount;
      const [payment] = paymentResultList;
      if (!payment) throw ApplicationFailure.nonRetryable('the order has not been paid', 'NotPaid');
      return { paymentOrderId: payment.paymentOrderId, refundAmount: { currency, value } };
    },

    async applyRefund(body: ApplyRefundBody): Promise<'accepted' | 'unknown'> {
      const answer = await worldfirst.applyRefund(body);
      if (answer.kind === 'failure') throw ApplicationFailure.nonRetryable(answer.message, answer.code);
      if (answer.kind === 'notSent') throw ApplicationFailure.nonRetryable(answer.reason, 'NotSent');
      return answer.kind === 'success' ? 'accepted' : 'unknown';
    },

    async inquireRefund(refundRequestId: string): Promise<string> {
      const answer = await worldfirst.inquireRefund({ refundRequestIds: [refundRequestId] });
      if (answer.kind === 'notSent') throw ApplicationFailure.retryable(answer.reason);
      if (answer.kind !== 'success') return 'unknown';
      return answer.body.refundInformation?.[0]?.refundStatus ?? 'unknown';
    },
  };
}
