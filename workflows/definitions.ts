import { defineQuery, defineSignal, defineUpdate, type SignalDefinition } from '@temporalio/workflow';
import type { AttentionNotice } from '../rules/attention-notice.js';
import type { CarriedState } from '../rules/carried-state.js';
import type { AuditNote, Decision, SignedNotification } from '../rules/messages.js';
import type { RefundOutcome } from '../rules/outcome.js';
import type { RefundRequest } from '../rules/request.js';
import type { RefundOptions } from '../rules/schedule.js';
import type { RefundView } from '../rules/view.js';

/** The signature of the `refund` workflow. `carried` is what an earlier run of it has left; only the workflow passes it. */
export type RefundWorkflow = (
  request: RefundRequest,
  options?: RefundOptions,
  carried?: CarriedState,
) => Promise<RefundOutcome>;

/** Returns the whole view of the refund. */
export const refundQuery = defineQuery<RefundView>('refund');
/**
 * Returns the view as soon as WorldFirst has answered, or it is clear that this takes longer. Refused where the workflow's
 * request is another one. See `RefundClient.startAndWait`.
 */
export const firstAnswerUpdate = defineUpdate<RefundView, [RefundRequest]>('firstAnswer');
/** Stops the automatic work now; the refund waits for an operator. */
export const escalateSignal = defineSignal<[AuditNote]>('escalate');
/** An operator's decision; one that does not apply is written into the timeline and dropped. */
export const decideSignal = defineSignal<[Decision]>('decide');
/** An operator's decision; one that does not apply is refused at once. Returns the view after it. */
export const decideUpdate = defineUpdate<RefundView, [Decision]>('decide');
/** Runs the next planned inquiry now. It counts as that inquiry. */
export const checkNowSignal = defineSignal<[AuditNote]>('checkNow');
/** Runs the next planned inquiry now, and returns the view after its answer. It counts as that inquiry. */
export const checkNowUpdate = defineUpdate<RefundView, [AuditNote]>('checkNow');
/** WorldTrade's notification that the order was closed, as WorldFirst signed it: the workflow has it verified again. */
export const notificationSignal = defineSignal<[SignedNotification]>('notification');

/**
 * What a refund sends to its parent workflow when it needs an operator. Each refund has a signal of its own.
 * @param refundRequestId the refund's id, as in its request
 */
export function needsOperatorSignal(refundRequestId: string): SignalDefinition<[AttentionNotice]> {
  return defineSignal<[AttentionNotice]>(`refundNeedsOperator:${refundRequestId}`);
}
