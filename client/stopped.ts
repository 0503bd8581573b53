import { type Client, type WorkflowExecutionInfo, WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { refundRequestIdOf } from '../rules/ids.js';
import { type RefundError, RefundNotRunError, RefundStoppedError } from './errors.js';

/** Whether the workflow ended without an outcome of the refund: terminated, failed, timed out or cancelled by Temporal. */
export function isStopped({ status }: Pick<WorkflowExecutionInfo, 'status'>): boolean {
  return ['TERMINATED', 'FAILED', 'TIMED_OUT', 'CANCELLED'].includes(status.name);
}

/** Whether an operator paused the workflow: it is open, but answers no query and no update. */
export function isPaused({ status }: Pick<WorkflowExecutionInfo, 'status'>): boolean {
  return status.name === 'PAUSED';
}

type Execution = Pick<WorkflowExecutionInfo, 'workflowId' | 'runId' | 'status' | 'closeTime'>;

/** The error for a workflow that was stopped, with who stopped it and when, or that did not start a refund. */
export async function errorOfStopped(client: Client, description: Execution): Promise<RefundError> {
  const { workflowId, runId, status, closeTime } = description;
  const refundRequestId = refundRequestIdOf(workflowId) ?? workflowId;
  const { cause } = (await failureOf(client, description)) ?? {};
  if (cause instanceof ApplicationFailure && cause.type === 'InvalidRefundRequest') {
    return new RefundNotRunError(
      refundRequestId,
      `The workflow "${workflowId}" did not start a refund: ${cause.message}. Nothing was sent.`,
      { cause },
    );
  }
  const by = status.name === 'TERMINATED' ? await terminationOf(client, workflowId, runId) : '';
  const at = closeTime ? ` at ${closeTime.toISOString().slice(0, 19).replace('T', ' ')} UTC` : '';
  const how = `${HOW[status.name] ?? status.name}${by}${at}`;
  return new RefundStoppedError(refundRequestId, how, { cause });
}

async function failureOf(
  client: Client,
  { workflowId, runId, status }: Execution,
): Promise<WorkflowFailedError | undefined> {
  if (status.name !== 'FAILED') return undefined;
  try {
    await client.workflow.getHandle(workflowId, runId).result();
  } catch (error) {
    if (error instanceof WorkflowFailedError) return error;
  }
  return undefined;
}

const HOW: Record<string, string> = {
  TERMINATED: 'was terminated',
  FAILED: 'failed',
  TIMED_OUT: 'timed out',
  CANCELLED: 'was cancelled',
};

/** Who terminated it and why; a history that cannot be read is no reason to say less of the rest. */
async function terminationOf(client: Client, workflowId: string, runId: string): Promise<string> {
  try {
    const { history } = await client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId, runId },
      historyEventFilterType: CLOSE_EVENT,
    });
    const { identity, reason } = history?.events?.at(-1)?.workflowExecutionTerminatedEventAttributes ?? {};
    return `${identity ? ` by ${identity}` : ''}${reason ? ` ("${reason}")` : ''}`;
  } catch {
    return '';
  }
}

// temporal.api.enums.v1.HistoryEventFilterType
const CLOSE_EVENT = 2;
