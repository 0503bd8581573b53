import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { earlierRuns } from '../activities/earlier-runs.js';
import { inputOf } from '../client/earlier-workflow.js';
import { statusOf } from '../client/refund-attributes.js';
import { isPaused, isStopped } from '../client/stopped.js';
import { generationOf, providerRequestIdOf } from '../rules/ids.js';
import { inquiryOf } from '../rules/inquiry.js';
import type { Amount } from '../rules/money.js';
import type { RefundOutcome } from '../rules/outcome.js';
import type { RecordedRefund, RecordedStatus } from '../rules/reconcile.js';
import type { RefundRequest } from '../rules/request.js';
import { referenceOf, requestedAmount } from '../rules/state.js';

/**
 * Reads what Temporal has of a refund, by its workflow's result and history: no worker is needed.
 * @returns undefined for a workflow that never was a refund
 */
export async function recordedRefund(
  client: Client,
  description: WorkflowExecutionDescription,
): Promise<RecordedRefund | undefined> {
  const status = stateOf(description);
  if (status === undefined) return undefined;
  const { workflowId, runId, closeTime, memo, startTime } = description;
  const { request, carried } = await inputOf(client, workflowId, runId);
  const { refundRequestId, product } = request;
  const outcome = status === 'completed' ? await outcomeOf(client, workflowId, runId) : undefined;
  const { requestIds, idInUse } = await requestIdsOf(client, workflowId, refundRequestId, outcome);
  const amount = outcome ? outcome.amount : (carried?.state.amount ?? requestedAmount(request));
  return {
    refundRequestId,
    workflowId,
    runId,
    product,
    reference: referenceOf(request),
    status: outcome?.status ?? (status as RecordedStatus),
    startedAt: (memo?.startedAt as string | undefined) ?? startTime.toISOString(),
    ...(closeTime && { endedAt: closeTime.toISOString() }),
    ...(amount && { amount }),
    requestIds,
    expected: expectedOf(request, amount, outcome?.refundId),
    ...(outcome?.status === 'succeeded' && { confirmedBy: outcome.confirmedBy }),
    ...(isByOperator(outcome) && { endedByOperator: true as const }),
    ...(idInUse && { idInUse: true as const }),
  };
}

type State = 'completed' | 'waiting' | 'running' | 'stopped';

function stateOf(description: WorkflowExecutionDescription): State | undefined {
  const status = statusOf(description);
  if (description.type !== 'refund' || status === undefined) return undefined;
  if (description.status.name === 'COMPLETED') return 'completed';
  if (isStopped(description)) return 'stopped';
  // A paused one waits for an operator too: nothing new begins until it is unpaused.
  return status === 'needs-attention' || isPaused(description) ? 'waiting' : 'running';
}

async function outcomeOf(client: Client, workflowId: string, runId: string): Promise<RefundOutcome> {
  return (await client.workflow.getHandle(workflowId, runId).result()) as RefundOutcome;
}

function isByOperator(outcome: RefundOutcome | undefined): boolean {
  return outcome?.status !== 'cancelled' && outcome !== undefined && 'by' in outcome;
}

async function requestIdsOf(
  client: Client,
  workflowId: string,
  refundRequestId: string,
  outcome: RefundOutcome | undefined,
): Promise<{ requestIds: string[]; idInUse: boolean }> {
  const known = outcome ? generationOf(refundRequestId, outcome.providerRequestId, 1) : 1;
  const { generation, idInUse } =
    outcome && !isByOperator(outcome)
      ? { generation: known, idInUse: false }
      : await earlierRuns(client, workflowId, '');
  const requestIds = Array.from({ length: Math.max(known, generation) }, (_, index) =>
    providerRequestIdOf(refundRequestId, index + 1),
  );
  return { requestIds, idInUse };
}

function expectedOf(
  request: RefundRequest,
  amount: Amount | undefined,
  refundId: string | undefined,
): RecordedRefund['expected'] {
  if (request.product === 'worldtrade')
    return { amounts: amount ? [amount] : [], ...(refundId !== undefined && { refundId }) };
  return inquiryOf(request, request.refundRequestId, undefined, refundId).expected;
}
