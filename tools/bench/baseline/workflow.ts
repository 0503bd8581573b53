import { proxyActivities, sleep } from '@temporalio/workflow';
import type { WorldFirstCalls } from '../worldfirst-calls.js';

const { queryTradeOrder, inquireRefund } = proxyActivities<WorldFirstCalls>({
  startToCloseTimeout: '1 minute',
  retry: { nonRetryableErrorTypes: ['RefusedError'] },
});

const { applyRefund } = proxyActivities<WorldFirstCalls>({
  startToCloseTimeout: '1 minute',
  retry: { maximumAttempts: 1 },
});

/**
 * A WorldTrade refund as a good Temporal engineer would write it in an afternoon: three activities and durable timers.
 * @param intervals in milliseconds
 */
export async function plainRefund(
  { refundRequestId, tradeId }: { refundRequestId: string; tradeId: string },
  intervals: number[],
): Promise<string> {
  const order = await queryTradeOrder(tradeId);
  const answer = await applyRefund({ requestId: refundRequestId, tradeId, ...order });
  let status = answer === 'accepted' ? await inquireRefund(refundRequestId) : 'unknown';
  for (const interval of intervals) {
    if (status === 'SUCCESS' || status === 'FAIL') break;
    await sleep(interval);
    status = await inquireRefund(refundRequestId);
  }
  return status;
}
