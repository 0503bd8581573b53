import { DBOS } from '@dbos-inc/dbos-sdk';
import type { BenchRefund } from '../../callers.js';
import type { PeerRefundParts } from '../../peer.js';
import { RefusedError } from '../../worldfirst-calls.js';

/** The queue of the refunds. */
export const QUEUE = 'refunds';

/** A WorldTrade refund as a durable workflow: three steps and durable sleeps. */
export type RefundWorkflow = (refund: BenchRefund, intervals: readonly number[]) => Promise<string>;

// An answer that was lost, or none at all; a refusal stays one.
const UNTIL_ANSWERED = {
  retriesAllowed: true,
  maxAttempts: 10,
  shouldRetry: (error: unknown) => !(error instanceof RefusedError),
};

/** Registers the workflow; it must happen before the launch. */
export function registerRefund({ calls, change }: PeerRefundParts): RefundWorkflow {
  const queryTradeOrder = (tradeId: string) =>
    DBOS.runStep(() => calls.queryTradeOrder(tradeId), { name: 'queryTradeOrder', ...UNTIL_ANSWERED });
  const inquireRefund = (refundRequestId: string) =>
    DBOS.runStep(() => calls.inquireRefund(refundRequestId), { name: 'inquireRefund', ...UNTIL_ANSWERED });

  async function refund({ refundRequestId, tradeId }: BenchRefund, intervals: readonly number[]) {
    const order = await queryTradeOrder(tradeId);
    // A step that a later version of the code added.
    if (change === 'unpatched' || (change === 'patched' && (await DBOS.patch('look-again')))) {
      await queryTradeOrder(tradeId);
    }
    const answer = await DBOS.runStep(
      () => calls.applyRefund({ requestId: refundRequestId, tradeId, ...order }),
      { name: 'applyRefund' },
    );
    let status = answer === 'accepted' ? await inquireRefund(refundRequestId) : 'unknown';
    for (const interval of intervals) {
      if (status === 'SUCCESS' || status === 'FAIL') break;
      await DBOS.sleep(interval);
      status = await inquireRefund(refundRequestId);
    }
    return status;
  }
  return DBOS.registerWorkflow(refund, { name: 'refund' });
}
