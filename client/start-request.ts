import type { Client, WorkflowExecutionDescription } from '@temporalio/client';

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
  let payloads = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  const { payloadCodecs, payloadConverter } = client.options.loadedDataConverter;
  for (const codec of payloadCodecs.toReversed()) payloads = await codec.decode(payloads);
  return payloads[0] && payloadConverter.fromPayload(payloads[0]);
}
