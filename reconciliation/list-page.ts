import type { Client } from '@temporalio/client';
import { quoted } from '../client/list-refunds.js';
import { withRetries } from '../client/pace.js';
import { translated } from '../client/translate.js';
import type { ReconciledPeriod } from '../rules/reconciliation.js';

/** One run of a refund's workflow in Temporal's list. */
export interface ListedRun {
  workflowId: string;
  runId: string;
}

/** A page of Temporal's list; `next` is the cursor of the page after it. */
export interface Page {
  runs: ListedRun[];
  next?: string;
}

/** The refunds of a period as Temporal's list query. */
function periodQuery({ from, to, product }: ReconciledPeriod): string {
  const ended = `(CloseTime >= ${quoted(from)} AND CloseTime < ${quoted(to)} AND ExecutionStatus != 'ContinuedAsNew')`;
  const waits = "(CloseTime IS NULL AND RefundStatus = 'needs-attention')";
  return [
    "WorkflowType = 'refund'",
    // A workflow whose request was not valid never was a refund, and has no status.
    'RefundStatus IS NOT NULL',
    ...(product === undefined ? [] : [`RefundProduct = ${quoted(product)}`]),
    `(${ended} OR ${waits})`,
  ].join(' AND ');
}

/** Lists a page of the refunds of a period. */
export async function listPage(
  client: Client,
  period: ReconciledPeriod,
  { pageSize, cursor = '', signal }: { pageSize: number; cursor?: string | undefined; signal: AbortSignal },
): Promise<Page> {
  const { executions, nextPageToken } = await withRetries(
    () =>
      translated(undefined, () =>
        client.workflowService.listWorkflowExecutions({
          namespace: client.options.namespace,
          query: periodQuery(period),
          pageSize,
          nextPageToken: Buffer.from(cursor, 'base64'),
        }),
      ),
    signal,
  );
  const runs = (executions ?? []).map(({ execution }) => ({
    workflowId: execution?.workflowId ?? '',
    runId: execution?.runId ?? '',
  }));
  const next = Buffer.from(nextPageToken ?? []).toString('base64');
  return { runs, ...(next !== '' && { next }) };
}
