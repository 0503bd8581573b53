import type { Client } from '@temporalio/client';
import { withRetries } from '../client/pace.js';
import { translated } from '../client/translate.js';
import { refundRequestIdOf } from '../rules/ids.js';
import { type AnswerAboutId, type Comparison, compare, type RecordedRefund } from '../rules/reconcile.js';
import type { Inquirer } from './inquirer.js';
import type { ListedRun } from './list-page.js';
import { recordedRefund } from './recorded-refund.js';

/** One refund that was compared with WorldFirst. */
export interface ComparedRefund {
  refund: RecordedRefund;
  comparison: Comparison;
  /** The calls that it took. */
  inquiries: number;
}

/**
 * Compares the refund of a listed run with WorldFirst, by one inquiry for each id under which it was sent. Changes nothing.
 * @returns undefined where a later run has the refund, or its own workflow follows it
 */
export async function reconcileRun(
  client: Client,
  inquirer: Inquirer,
  { workflowId, runId }: ListedRun,
): Promise<ComparedRefund | undefined> {
  const refund = await readRefund(client, workflowId);
  if (!refund || refund.runId !== runId || refund.status === 'running') return undefined;
  const before = inquirer.calls;
  const answers: AnswerAboutId[] = [];
  for (const [index, requestId] of refund.requestIds.entries()) {
    const isInUse = index === refund.requestIds.length - 1;
    answers.push(await inquirer.ask(requestId, isInUse ? refund.expected.refundId : undefined));
  }
  return { refund, comparison: compare(refund, answers), inquiries: inquirer.calls - before };
}

/**
 * Reads the refund of a workflow.
 * @returns undefined where it never was a refund
 * @throws RefundNotFoundError where Temporal has no such workflow
 */
export function readRefund(client: Client, workflowId: string): Promise<RecordedRefund | undefined> {
  return withRetries(() =>
    translated(refundRequestIdOf(workflowId), async () =>
      recordedRefund(client, await client.workflow.getHandle(workflowId).describe()),
    ),
  );
}
