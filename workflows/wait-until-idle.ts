import { type ChildWorkflowHandle, setHandler } from '@temporalio/workflow';
import { refundRequestIdOf } from '../rules/ids.js';
import type { RefundOutcome } from '../rules/outcome.js';
import type { AttentionView } from '../rules/view.js';
import { needsOperatorSignal, type RefundWorkflow } from './definitions.js';

/** A refund that does nothing by itself any more: it has ended, or it waits for an operator. */
export type IdleRefund =
  | { outcome: RefundOutcome; attention?: undefined }
  | { outcome?: undefined; attention: AttentionView };

/**
 * Waits, in a parent workflow, until a refund has ended or needs an operator, which can take days to decide. Call it again
 * to wait for what comes after the decision.
 * @param child the handle of `startChild`
 *
 * @example
 * ```ts
 * const child = await startChild(refund, refundChildOptions(request));
 * const { outcome, attention } = await waitUntilIdle(child);
 * ```
 * @throws `ChildWorkflowFailure` where the refund was stopped, and the parent's cancellation
 */
export async function waitUntilIdle(child: ChildWorkflowHandle<RefundWorkflow>): Promise<IdleRefund> {
  const signal = needsOperatorSignal(refundRequestIdOf(child.workflowId) ?? '');
  const attention = new Promise<IdleRefund>((resolve) => {
    // Only a reconciliation has other reasons, and it sends no signals.
    setHandler(signal, ({ data }) => resolve({ attention: data.attention as AttentionView }));
  });
  try {
    return await Promise.race([child.result().then((outcome) => ({ outcome })), attention]);
  } finally {
    // A notice that arrives while the parent does not wait is kept for its next wait.
    setHandler(signal, undefined);
  }
}
