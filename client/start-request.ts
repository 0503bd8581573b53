import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { decodedPayloads } from '../internal/decode-payloads.js';

/** The request that a refund was started with, from its history: one that was started by hand has no fingerprint. */
export async function startRequestOf(
  client: Client,
  { workflowId, runId }: WorkflowExecutionDescription,
): Promise<unknown> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  const { input } = history?.events?.[0]?.workflowExecutionStartedEventAttributes ?? {};
  const [request] = await decodedPayloads(client.options.loadedDataConverter, input?.payloads);
  return request;
}
