import { DecisionRefusedError } from '../client/errors.js';
import type { RefundSummary } from '../client/list-refunds.js';
import type { RefundClient } from '../client/refund-client.js';
import { refusalFor } from '../client/refusal.js';
import type { AttentionKey } from '../rules/attention.js';
import type { Decision } from '../rules/messages.js';
import { formatAmount, parseAmount, totalsOf } from '../rules/money.js';
import type { RefundView } from '../rules/view.js';
import { EXIT, exitCodeFor, type Failure, failureOf } from './failure.js';

/** A decision for all refunds that need an operator for one reason. */
export interface BulkDecision {
  decision: Decision;
  attention: AttentionKey;
}

/**
 * The result for one refund: `applies` before anything is decided; after `no-answer` it is not known whether it was
 * decided, and repeating the same decision is harmless; `not-tried` when the command was stopped before.
 */
export type BulkResult = 'applies' | 'decided' | 'refused' | 'no-answer' | 'not-tried';

/** One refund of many, with its result. */
export interface BulkItem {
  refundRequestId: string;
  workflowId: string;
  amount?: string;
  result: BulkResult;
  error?: Failure;
}

/** The money of these refunds in all, one text for each currency, such as `USD 30.00`. Amounts that are not known are left out. */
export function totalsOfRefunds(refunds: readonly { amount?: string }[]): string[] {
  const amounts = refunds.map(({ amount }) => parseAmount(amount ?? ''));
  return totalsOf(amounts.filter((amount) => typeof amount !== 'string')).map(formatAmount);
}

const AT_ONCE = 10;

/** Checks for each refund whether the decision applies now. Changes nothing. */
export function planEach(
  refunds: RefundClient,
  bulk: BulkDecision,
  found: readonly RefundSummary[],
): Promise<BulkItem[]> {
  return inParallel(found, AT_ONCE, (refund) =>
    attempt(refund, 'applies', async () => {
      const view = await refunds.describe(refund.refundRequestId);
      const refusal = otherReason(view, bulk) ?? refusalFor(view, bulk.decision.decision);
      if (refusal) throw refusal;
    }),
  );
}

/** Decides for each refund of a plan to which the decision applied, if it still does. */
export function decideEach(
  refunds: RefundClient,
  bulk: BulkDecision,
  plan: readonly BulkItem[],
  { signal, onDone }: { signal: AbortSignal; onDone: (item: BulkItem) => void },
): Promise<BulkItem[]> {
  return inParallel(plan, AT_ONCE, async (planned) => {
    if (planned.result !== 'applies') return planned;
    if (signal.aborted) return { ...planned, result: 'not-tried' };
    const item = await attempt(planned, 'decided', async () => {
      const refusal = otherReason(await refunds.describe(planned.refundRequestId), bulk);
      if (refusal) throw refusal;
      await refunds.decide(planned.refundRequestId, bulk.decision);
    });
    onDone(item);
    return item;
  });
}

/** The list lags behind: a decision for one reason must not reach a refund that needs an operator for another one. */
function otherReason(
  { refundRequestId, attention }: RefundView,
  bulk: BulkDecision,
): DecisionRefusedError | undefined {
  if (!attention || attention.reason === bulk.attention) return undefined;
  return new DecisionRefusedError(refundRequestId, 'DOES_NOT_APPLY', `its reason is now ${attention.reason}`);
}

async function attempt(
  { refundRequestId, workflowId, amount }: Pick<BulkItem, 'refundRequestId' | 'workflowId' | 'amount'>,
  result: BulkResult,
  call: () => Promise<void>,
): Promise<BulkItem> {
  const item = { refundRequestId, workflowId, ...(amount && { amount }) };
  try {
    await call();
    return { ...item, result };
  } catch (error) {
    const failure = failureOf(error);
    const isRefusal = exitCodeFor(failure.code) === EXIT.refused;
    return { ...item, result: isRefusal ? 'refused' : 'no-answer', error: failure };
  }
}

/** Processes the items, so many at a time, and resolves to the results in the order of the items. */
async function inParallel<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const left = items.entries();
  const takeTurns = async () => {
    for (const [index, item] of left) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, takeTurns));
  return results;
}
