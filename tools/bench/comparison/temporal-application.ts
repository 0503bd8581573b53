import { type Client, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { rootCause } from '@temporalio/common';
import { RefundClient, type RefundView } from 'worldfirst-refunds';
import type { Application } from '../peer.js';

const NOTE = { by: 'operator', reason: 'bench' };

/** What an application does with the plain workflow: Temporal's client, and nothing else. */
export function plainApplication(client: Client, taskQueue: string): Application {
  const start: Application['start'] = async (refund, intervals) => {
    const args = [refund, intervals];
    await client.workflow.start('plainRefund', { workflowId: refund.refundRequestId, taskQueue, args });
  };
  const result = (workflowId: string) => endOf(client.workflow.getHandle(workflowId));
  return {
    start,
    result,
    look: (workflowId) => lookInTemporal(client.workflow.getHandle(workflowId)),
    checkNow: async () => 'nothing: no message ends the sleep of this workflow',
    async sendAgain(refund) {
      await start(refund, [100]);
      return `started it again under the same workflow id: ${await result(refund.refundRequestId)}`;
    },
    close: async () => {},
  };
}

/** What an application does with this package. */
export function ourApplication(client: Client, taskQueue: string): Application {
  const refunds = new RefundClient(client, { taskQueue });
  const result = async (refundRequestId: string) => (await refunds.result(refundRequestId)).status;
  return {
    async start(refund, intervals) {
      const options = { inquiryIntervals: intervals, settlementIntervals: [0, ...intervals] };
      await refunds.start({ product: 'worldtrade', ...refund }, options);
    },
    result,
    async look(refundRequestId) {
      try {
        return inWords(await refunds.describe(refundRequestId));
      } catch (error) {
        return `${error} ${await lookInTemporal(refunds.getHandle(refundRequestId))}`;
      }
    },
    async checkNow(refundRequestId) {
      await refunds.checkNow(refundRequestId, NOTE);
      return `check-now: ${await result(refundRequestId)}`;
    },
    async sendAgain({ refundRequestId }) {
      await refunds.decide(refundRequestId, { decision: 'send-again', ...NOTE });
      return `decide send-again: ${await result(refundRequestId)}`;
    },
    close: async () => {},
  };
}

function inWords({ status, submission, inquiries, attention }: RefundView): string {
  const { done, allowed, nextAt } = inquiries;
  return [
    `status ${status}, submission ${submission}, inquiry ${done} of ${allowed}${nextAt ? `, the next at ${nextAt}` : ''}`,
    ...(attention ? [`${attention.reason}: decisions ${attention.decisions.join(', ')}`] : []),
  ].join('; ');
}

/** The status, and the error of the last task where it failed, as the Web UI shows them. */
async function lookInTemporal(handle: WorkflowHandle): Promise<string> {
  const { status } = await handle.describe();
  const events = (await handle.fetchHistory()).events ?? [];
  const failed = events.at(-1)?.workflowTaskFailedEventAttributes?.failure?.message;
  return [status.name, ...(failed ? [`its last workflow task failed: ${failed}`] : [])].join('; ');
}

async function endOf(handle: WorkflowHandle): Promise<string> {
  try {
    return await handle.result();
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    return `${error.message}: ${rootCause(error.cause)}`;
  }
}
