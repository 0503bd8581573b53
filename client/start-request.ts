import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { decodedPayloads } from '../internal/decode-payloads.js';
import { fingerprint } from './fingerprint.js';

type Execution = Pick<WorkflowExecutionInfo, 'workflowId' | 'runId' | 'memo'>;

/** The fingerprint of the request that a refund was started with. */
export async function knownFingerprint(client: Client, execution: Execution): Promise<unknown> {
  return execution.memo?.fingerprint ?? fingerprint(await startRequestOf(client, execution));
}

/** The request that a refund was started with, from its history: one that was started by hand has no fingerprint. */
async function startRequestOf(client: Client, { workflowId, runId }: Execution): Promise<unknown> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  const { input } = history?.events?.[0]?.workflowExecutionStartedEventAttributes ?? {};
  const [request] = await decodedPayloads(client.options.loadedDataConverter, input?.payloads);
  return request;
}
