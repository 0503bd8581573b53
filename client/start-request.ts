import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { inputOf } from './earlier-workflow.js';
import { fingerprint } from './fingerprint.js';

type Execution = Pick<WorkflowExecutionInfo, 'workflowId' | 'runId' | 'memo'>;

/** The fingerprint of the request that a refund was started with. One that was started by hand has none in its memo. */
export async function knownFingerprint(client: Client, execution: Execution): Promise<unknown> {
  const { workflowId, runId, memo } = execution;
  return memo?.fingerprint ?? fingerprint((await inputOf(client, workflowId, runId)).request);
}
