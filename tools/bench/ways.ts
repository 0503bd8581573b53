import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { RefundClient, workflowIdOf } from 'worldfirst-refunds';
import { SHORT_INTERVALS_MS } from './scenarios.js';

/** One refund that a measurement asks for. */
interface BenchRefund {
  refundRequestId: string;
  tradeId: string;
}

/** A way to ask for refunds, from the caller's side. */
export interface Way {
  workflowIdOf(refundRequestId: string): string;
  /** Asks for a refund; resolves with what a caller waits for. */
  ask(refund: BenchRefund): Promise<unknown>;
  /** Resolves when the refund has ended. */
  end(refundRequestId: string): Promise<unknown>;
}

/** The ways, by name. */
export type WayName =
  | 'plain'
  | 'start'
  | 'start, allowing another'
  | 'startAndWait for the answer'
  | 'start and poll';

/** The waits of a ladder in our options. */
const OPTIONS = {
  inquiryIntervals: SHORT_INTERVALS_MS,
  settlementIntervals: [0, ...SHORT_INTERVALS_MS],
};

/** Makes a way to ask for refunds of one task queue. */
export function wayOf(name: WayName, client: Client, taskQueue: string, eagerStart = false): Way {
  if (name === 'plain') return plainWay(client, taskQueue);
  const refunds = new RefundClient(client, { taskQueue, defaults: OPTIONS, eagerStart });
  const another = { allowAnother: true };
  const end = (refundRequestId: string) => refunds.result(refundRequestId);
  const ask = async (refund: BenchRefund) => {
    const request = { product: 'worldtrade' as const, ...refund };
    if (name === 'startAndWait for the answer')
      return refunds.startAndWait(request, { until: 'answer', ...another });
    await refunds.start(request, name === 'start' ? {} : another);
    return name === 'start and poll'
      ? pollForAnswer(refunds, refund.refundRequestId)
      : end(refund.refundRequestId);
  };
  return { workflowIdOf, ask, end };
}

function plainWay(client: Client, taskQueue: string): Way {
  return {
    workflowIdOf: (refundRequestId) => refundRequestId,
    ask: async (refund) => {
      const args = [refund, SHORT_INTERVALS_MS];
      const handle = await client.workflow.start('plainRefund', {
        workflowId: refund.refundRequestId,
        taskQueue,
        args,
      });
      return handle.result();
    },
    end: (refundRequestId) => client.workflow.getHandle(refundRequestId).result(),
  };
}

const POLL_PAUSE_MS = 20;

/** What a caller has to do who does not know `startAndWait`. */
async function pollForAnswer(refunds: RefundClient, refundRequestId: string): Promise<void> {
  for (;;) {
    const { status } = await refunds.describe(refundRequestId);
    if (status !== 'preparing' && status !== 'applying') return;
    await sleep(POLL_PAUSE_MS);
  }
}
