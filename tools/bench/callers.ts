import type { Client } from '@temporalio/client';
import { RefundClient, workflowIdOf } from 'worldfirst-refunds';
import { type Scenario, SHORT_INTERVALS_MS, SHORT_SCHEDULE } from './scenarios.js';
import type { Variant } from './variants.js';

/** A refund of a measurement. */
export interface BenchRefund {
  refundRequestId: string;
  tradeId: string;
}

/** Requests refunds of one task queue, as an application does. */
export interface Caller {
  workflowIdOf(refundRequestId: string): string;
  /** Requests a refund; resolves when it has ended or needs an operator. */
  request(refund: BenchRefund, ends: Scenario['ends']): Promise<unknown>;
}

/** Makes the caller of a variant. */
export function callerOf(
  workflow: Variant['workflow'],
  client: Client,
  taskQueue: string,
  { allowAnother = false } = {},
): Caller {
  if (workflow === 'plain') {
    return {
      workflowIdOf: (refundRequestId) => refundRequestId,
      request: (refund) =>
        client.workflow.execute('plainRefund', {
          workflowId: refund.refundRequestId,
          taskQueue,
          args: [refund, SHORT_INTERVALS_MS],
        }),
    };
  }
  const refunds = new RefundClient(client, { taskQueue, defaults: SHORT_SCHEDULE });
  return {
    workflowIdOf,
    async request(refund, ends) {
      await refunds.start({ product: 'worldtrade', ...refund }, { allowAnother });
      return ends === 'succeeded'
        ? refunds.result(refund.refundRequestId)
        : refunds.waitUntilIdle(refund.refundRequestId);
    },
  };
}
