import { DBOSClient } from '@dbos-inc/dbos-sdk';
import type { BenchRefund } from '../../callers.js';
import type { Application } from '../../peer.js';
import { QUEUE, type RefundWorkflow } from './refund.js';

const POLLING = { pollingIntervalMs: 100 };

/** What an application does with refunds that DBOS runs elsewhere. */
export async function openApplication(systemDatabaseUrl: string): Promise<Application> {
  const client = await DBOSClient.create({ systemDatabaseUrl, applicationName: 'refunds', logger: QUIET });
  const stepsOf = async (workflowID: string) => (await client.listWorkflowSteps(workflowID)) ?? [];

  /** Runs a workflow again from a step on, under its own id; the results of the earlier steps stay. */
  const rewind = async (workflowID: string, startStep: number) => {
    const handle = await client.rewindWorkflow<RefundWorkflow>(workflowID, { startStep, queueName: QUEUE });
    return handle.getResult(POLLING);
  };

  return {
    async start(refund: BenchRefund, intervals) {
      // The same id starts nothing new; another refund of the order is refused as long as this one runs.
      const ids = { workflowID: refund.refundRequestId, deduplicationID: refund.tradeId };
      const workflow = { queueName: QUEUE, workflowName: 'refund', ...ids };
      await client.enqueue<RefundWorkflow>(workflow, refund, intervals);
    },

    async result(refundRequestId) {
      return client.retrieveWorkflow<string>(refundRequestId).getResult(POLLING);
    },

    async look(refundRequestId) {
      const workflow = await client.getWorkflow(refundRequestId);
      const steps = (await stepsOf(refundRequestId)).map(
        ({ name, output }) => `${name} → ${JSON.stringify(output)}`,
      );
      return [workflow?.status, ...steps].join('; ');
    },

    async checkNow(refundRequestId) {
      await client.cancelWorkflow(refundRequestId);
      const steps = await stepsOf(refundRequestId);
      return `cancelled it and rewound it to the step after the sleep: ${await rewind(refundRequestId, steps.length)}`;
    },

    async sendAgain({ refundRequestId }) {
      const send = (await stepsOf(refundRequestId)).find(({ name }) => name === 'applyRefund');
      return `rewound it to the step applyRefund: ${await rewind(refundRequestId, send?.functionID ?? 0)}`;
    },

    async goOn(refundRequestId) {
      const { length } = await stepsOf(refundRequestId);
      return `rewound it to the end of its steps: ${await rewind(refundRequestId, length)}`;
    },

    close: () => client.destroy(),
  };
}

// What fails is thrown as well.
const QUIET = { info() {}, debug() {}, warn() {}, error() {} };
