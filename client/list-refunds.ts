import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import type { AttentionKey } from '../rules/attention.js';
import { refundRequestIdOf } from '../rules/ids.js';
import type { RefundStatus } from '../rules/outcome.js';
import type { Product } from '../rules/request.js';
import { plainReference, type ReferenceHash } from './reference-hash.js';
import { attributeOf, statusOf } from './refund-attributes.js';
import { isStopped } from './stopped.js';
import { translated } from './translate.js';

/** A status in a list; `stopped`: the workflow was terminated or failed, so its automatic work has ended. */
export type ListedStatus = RefundStatus | 'stopped';

/** Each status of a list, and the state of its workflow. */
const WORKFLOW_STATES: Record<ListedStatus, 'open' | 'completed' | 'stopped'> = {
  preparing: 'open',
  applying: 'open',
  unknown: 'open',
  processing: 'open',
  'needs-attention': 'open',
  succeeded: 'completed',
  accepted: 'completed',
  failed: 'completed',
  cancelled: 'completed',
  stopped: 'stopped',
};

/** Every status of a list. */
export const LISTED_STATUSES = Object.keys(WORKFLOW_STATES) as ListedStatus[];

/** Which refunds a list shows; all of them when empty. */
export interface RefundFilter {
  status?: ListedStatus;
  attention?: AttentionKey;
  product?: Product;
  /** `tradeId` or `payToId`. */
  reference?: string;
  /** Those that started before. */
  olderThan?: Date;
  /** At most so many. */
  limit?: number;
}

/** One refund in a list. Times are ISO 8601 in UTC. */
export interface RefundSummary {
  refundRequestId: string;
  workflowId: string;
  status: ListedStatus;
  product: Product;
  reference: string;
  attention?: AttentionKey;
  nextCheckAt?: string;
  /** Set where an operator paused the workflow: nothing new begins until it is unpaused. */
  paused?: true;
  startedAt: string;
  endedAt?: string;
}

/** The refunds that a filter lets through, newest first. The list lags behind by moments. */
export async function* listRefunds(
  client: Client,
  filter: RefundFilter,
  referenceHash: ReferenceHash,
): AsyncIterable<RefundSummary> {
  let left = filter.limit ?? Number.POSITIVE_INFINITY;
  if (left <= 0) return;
  const found = client.workflow.list({ query: listQuery(filter, referenceHash) })[Symbol.asyncIterator]();
  for (;;) {
    const { value, done } = await translated(undefined, () => found.next());
    if (done) return;
    const summary = await currentSummaryOf(client, value);
    // What a list query brings is compared: the server's parser has escapes of its own.
    if (!summary || (filter.reference !== undefined && summary.reference !== filter.reference)) continue;
    yield summary;
    left -= 1;
    if (left <= 0) return;
  }
}

/** The filter as Temporal's list query; the same text works in the Web UI. */
export function listQuery(
  { status, attention, product, reference, olderThan }: RefundFilter,
  referenceHash = plainReference,
): string {
  const conditions = [
    "WorkflowType = 'refund'",
    // A workflow whose request was not valid never was a refund, and has no status.
    ...(status === undefined ? ['RefundStatus IS NOT NULL'] : conditionsOf(status)),
    ...(attention === undefined ? [] : [`RefundAttention = ${quoted(attention)}`]),
    ...(product === undefined ? [] : [`RefundProduct = ${quoted(product)}`]),
    ...(reference === undefined ? [] : [referenceCondition(referenceHash(reference))]),
    ...(olderThan === undefined ? [] : [`StartTime < ${quoted(olderThan.toISOString())}`]),
  ];
  return conditions.join(' AND ');
}

/**
 * A stopped workflow keeps the search attributes that it had, so its own state decides. An open one may be running or paused;
 * servers that know no pause would refuse `ExecutionStatus = 'Paused'`.
 */
function conditionsOf(status: ListedStatus): string[] {
  if (status === 'stopped')
    return [
      'RefundStatus IS NOT NULL',
      "ExecutionStatus IN ('Terminated', 'Failed', 'TimedOut', 'Canceled')",
    ];
  const isOpen = WORKFLOW_STATES[status] === 'open';
  return [`RefundStatus = ${quoted(status)}`, isOpen ? 'CloseTime IS NULL' : "ExecutionStatus = 'Completed'"];
}

/**
 * One refund of Temporal's list; undefined for the run before a reset: Temporal terminated it, and the refund goes on in
 * another run, which has a line of its own.
 */
async function currentSummaryOf(
  client: Client,
  execution: WorkflowExecutionInfo,
): Promise<RefundSummary | undefined> {
  const summary = summaryOf(execution);
  return summary.status === 'stopped' && (await hasLaterRun(client, execution)) ? undefined : summary;
}

/** All refunds of a trade or payment, newest first, from executions that were found by its reference. */
export async function refundsOf(
  client: Client,
  reference: string,
  executions: WorkflowExecutionInfo[],
): Promise<RefundSummary[]> {
  const found: RefundSummary[] = [];
  for (const execution of executions) {
    // A workflow whose request was not valid never was a refund, and has no status.
    if (execution.type !== 'refund' || statusOf(execution) === undefined) continue;
    const summary = await currentSummaryOf(client, execution);
    if (summary?.reference === reference) found.push(summary);
  }
  return found;
}

async function hasLaterRun(client: Client, { workflowId, runId }: WorkflowExecutionInfo): Promise<boolean> {
  const latest = await translated(refundRequestIdOf(workflowId), () =>
    client.workflow.getHandle(workflowId).describe(),
  );
  return latest.runId !== runId;
}

function referenceCondition([first, ...others]: ReturnType<ReferenceHash>): string {
  return others.length === 0
    ? `RefundReference = ${quoted(first)}`
    : `RefundReference IN (${[first, ...others].map(quoted).join(', ')})`;
}

/** One refund of Temporal's list. */
export function summaryOf(execution: WorkflowExecutionInfo): RefundSummary {
  const attention = attributeOf(execution, 'RefundAttention') as AttentionKey | undefined;
  const nextCheckAt =
    attributeOf(execution, 'RefundNextCheckAt') ?? (execution.memo?.nextCheckAt as string | undefined);
  return {
    refundRequestId: refundRequestIdOf(execution.workflowId) ?? execution.workflowId,
    workflowId: execution.workflowId,
    status: isStopped(execution) ? 'stopped' : (statusOf(execution) ?? 'preparing'),
    product: attributeOf(execution, 'RefundProduct') as Product,
    // The list may have a hash of it; then it is in the memo, which is encrypted.
    reference:
      (execution.memo?.reference as string | undefined) ?? attributeOf(execution, 'RefundReference') ?? '',
    ...(attention && { attention }),
    ...(nextCheckAt && { nextCheckAt }),
    ...(execution.status.name === 'PAUSED' && { paused: true }),
    // A refund that continues in another run has the start of the first one in its memo.
    startedAt: (execution.memo?.startedAt as string | undefined) ?? execution.startTime.toISOString(),
    ...(execution.closeTime && { endedAt: execution.closeTime.toISOString() }),
  };
}

/** A text as a value in Temporal's list query. */
export function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
