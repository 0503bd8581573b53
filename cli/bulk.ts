import { DecisionRefusedError } from '../client/errors.js';
import type { RefundSummary } from '../client/list-refunds.js';
import type { RefundClient } from '../client/refund-client.js';
import { refusalFor } from '../client/refusal.js';
import type { AttentionKey } from '../rules/attention.js';
import type { Decision } from '../rules/messages.js';
import type { RefundView } from '../rules/view.js';
import { EXIT, exitCodeFor } from './exit-codes.js';
import { type Failure, failureOf } from './failure.js';
import { inParallel } from './parallel.js';

/** A decision about all refunds that wait for a person for one reason. */
export interface BulkDecision {
  decision: Decision;
  attention: AttentionKey;
}

/**
 * What became of one refund: `applies` before anything is decided; after `no-answer` it is not known whether it was
 * decided, and to decide the same again is harmless; `not-tried` where somebody stopped the command before its turn.
 */
export type BulkResult = 'applies' | 'decided' | 'refused' | 'no-answer' | 'not-tried';

/** One refund of many, and what became of it. */
export interface BulkItem {
  refundRequestId: string;
  workflowId: string;
  result: BulkResult;
  error?: Failure;
}

const AT_ONCE = 10;

/** Looks at each refund, and tells for which of them the decision applies now. Changes nothing. */
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

/** Decides about each refund of a plan to which the decision applied, and still does. */
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

/** The list lags behind: what was decided for one reason must not hit a refund that waits for another. */
function otherReason({ attention }: RefundView, bulk: BulkDecision): DecisionRefusedError | undefined {
  if (!attention || attention.reason === bulk.attention) return undefined;
  return new DecisionRefusedError(
    'DOES_NOT_APPLY',
    `it waits for a person because of ${attention.reason} now`,
  );
}

async function attempt(
  { refundRequestId, workflowId }: Pick<BulkItem, 'refundRequestId' | 'workflowId'>,
  result: BulkResult,
  call: () => Promise<void>,
): Promise<BulkItem> {
  try {
    await call();
    return { refundRequestId, workflowId, result };
  } catch (error) {
    const failure = failureOf(error);
    const isRefusal = exitCodeFor(failure.code) === EXIT.refused;
    return { refundRequestId, workflowId, result: isRefusal ? 'refused' : 'no-answer', error: failure };
  }
}
