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

/** Those of an open refund that a list can show: `preparing` is listed as `unknown`. */
export const OPEN_STATUSES = LISTED_STATUSES.filter(
  (status) => WORKFLOW_STATES[status] === 'open' && status !== 'preparing',
);

/** Which refunds a list shows; all of them when empty. */
export interface RefundFilter {
  status?: ListedStatus;
  attention?: AttentionKey;
  product?: Product;
  /** `tradeId` or `payToId`. */
  reference?: string;
  /** Those whose last run started before. */
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
  /** Such as `USD 12.34`; missing until it is known, and for several currencies. */
  amount?: string;
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
  const found = executionsOf(client, listQuery(filter, referenceHash));
  for await (const execution of latestRuns(client, found)) {
    const summary = summaryOf(execution);
    // What a list query brings is compared: the server's parser has escapes of its own.
    if (filter.reference !== undefined && summary.reference !== filter.reference) continue;
    yield summary;
    left -= 1;
    if (left <= 0) return;
  }
}

/** The workflows that a list query finds, page by page. */
export async function* executionsOf(client: Client, query: string): AsyncIterable<WorkflowExecutionInfo> {
  const found = client.workflow.list({ query })[Symbol.asyncIterator]();
  for (;;) {
    const { value, done } = await translated(undefined, () => found.next());
    if (done) return;
    yield value;
  }
}

/** All that a list query finds; only where their number has a bound. */
export async function allExecutionsOf(client: Client, query: string): Promise<WorkflowExecutionInfo[]> {
  const found: WorkflowExecutionInfo[] = [];
  for await (const execution of executionsOf(client, query)) found.push(execution);
  return found;
}

// A workflow whose request was not valid never was a refund, and has no status.
const WAS_A_REFUND = 'RefundStatus IS NOT NULL';

/** The filter as Temporal's list query; the same text works in the Web UI. */
export function listQuery(
  { status, attention, product, reference, olderThan }: RefundFilter,
  referenceHash = plainReference,
): string {
  const conditions = [
    "WorkflowType = 'refund'",
    ...(status === undefined ? [WAS_A_REFUND] : conditionsOf(status)),
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
    return [WAS_A_REFUND, "ExecutionStatus IN ('Terminated', 'Failed', 'TimedOut', 'Canceled')"];
  const isOpen = WORKFLOW_STATES[status] === 'open';
  return [`RefundStatus = ${quoted(status)}`, isOpen ? 'CloseTime IS NULL' : "ExecutionStatus = 'Completed'"];
}

// A query is a text of bounded length.
const REFUNDS_PER_QUERY = 50;

/**
 * Without the runs that a later run followed: after a reset or a resume the earlier run stays in Temporal's list, with the
 * outcome that it had. An open run is the latest one of its workflow.
 */
async function* latestRuns(
  client: Client,
  executions: AsyncIterable<WorkflowExecutionInfo>,
): AsyncIterable<WorkflowExecutionInfo> {
  let closed: WorkflowExecutionInfo[] = [];
  for await (const execution of executions) {
    if (isOpen(execution)) {
      yield execution;
      continue;
    }
    closed.push(execution);
    if (closed.length < REFUNDS_PER_QUERY) continue;
    yield* await withoutEarlierRuns(client, closed);
    closed = [];
  }
  if (closed.length > 0) yield* await withoutEarlierRuns(client, closed);
}

async function withoutEarlierRuns(
  client: Client,
  closed: WorkflowExecutionInfo[],
): Promise<WorkflowExecutionInfo[]> {
  const ids = [...new Set(closed.map(({ workflowId }) => workflowId))];
  const query = `${listQuery({})} AND WorkflowId IN (${ids.map(quoted).join(', ')})`;
  const runs = await allExecutionsOf(client, query);
  return closed.filter((execution) => isLatest(execution, runs));
}

function isOpen({ closeTime }: WorkflowExecutionInfo): boolean {
  return closeTime === undefined;
}

/** Whether none of these runs is a later run of the same workflow. */
function isLatest(execution: WorkflowExecutionInfo, runs: readonly WorkflowExecutionInfo[]): boolean {
  return !runs.some(
    (run) =>
      run.workflowId === execution.workflowId &&
      run.runId !== execution.runId &&
      (isOpen(run) || run.startTime > execution.startTime),
  );
}

/** The latest run of each workflow among all of their runs. */
export function latestOf(runs: readonly WorkflowExecutionInfo[]): WorkflowExecutionInfo[] {
  return runs.filter((execution) => isLatest(execution, runs));
}

/** All refunds of a trade or payment, newest first, from executions that were found by its reference. */
export function refundsOf(reference: string, executions: readonly WorkflowExecutionInfo[]): RefundSummary[] {
  // A workflow whose request was not valid never was a refund, and has no status.
  const refunds = executions.filter(
    (execution) => execution.type === 'refund' && statusOf(execution) !== undefined,
  );
  return (
    // All runs of a workflow have the same reference, so they were all found.
    latestOf(refunds)
      .map(summaryOf)
      .filter((summary) => summary.reference === reference)
  );
}

function referenceCondition([first, ...others]: ReturnType<ReferenceHash>): string {
  return others.length === 0
    ? `RefundReference = ${quoted(first)}`
    : `RefundReference IN (${[first, ...others].map(quoted).join(', ')})`;
}

/** One refund of Temporal's list. */
export function summaryOf(execution: WorkflowExecutionInfo): RefundSummary {
  const isHalted = isStopped(execution);
  const attention = attributeOf(execution, 'RefundAttention') as AttentionKey | undefined;
  const { memo } = execution;
  // Where the list has a hash of the reference and no amount, the memo has both: it is encrypted.
  const amount = (memo?.amount as string | undefined) ?? attributeOf(execution, 'RefundAmount');
  const nextCheckAt =
    attributeOf(execution, 'RefundNextCheckAt') ?? (memo?.nextCheckAt as string | undefined);
  return {
    refundRequestId: refundRequestIdOf(execution.workflowId) ?? execution.workflowId,
    workflowId: execution.workflowId,
    status: isHalted ? 'stopped' : (statusOf(execution) ?? 'preparing'),
    product: attributeOf(execution, 'RefundProduct') as Product,
    reference: (memo?.reference as string | undefined) ?? attributeOf(execution, 'RefundReference') ?? '',
    ...(amount && { amount }),
    ...(attention && { attention }),
    // A stopped workflow keeps the search attributes that it had.
    ...(nextCheckAt && !isHalted && { nextCheckAt }),
    ...(execution.status.name === 'PAUSED' && { paused: true }),
    // A refund that continues in another run has the start of the first one in its memo.
    startedAt: (memo?.startedAt as string | undefined) ?? execution.startTime.toISOString(),
    ...(execution.closeTime && { endedAt: execution.closeTime.toISOString() }),
  };
}

/** A text as a value in Temporal's list query. */
export function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
