import { proxySinks, workflowInfo } from '@temporalio/workflow';
import { closingNoticeOf, type RefundSinks } from '../rules/attention-notice.js';
import type { OpenAttention, RefundState } from '../rules/state.js';
import { now } from './clock.js';

const { worldfirstRefunds } = proxySinks<RefundSinks>();

/**
 * Reports that a refund no longer needs an operator for this reason. It is a call of the worker and no activity: a refund
 * must not wait for the receiver of a notice before it ends.
 */
export function reportClosed(state: RefundState, attention: OpenAttention): void {
  // A worker that only replays has no such sink, and the SDK would log that.
  if (workflowInfo().unsafe.isReplaying) return;
  worldfirstRefunds.attentionClosed(closingNoticeOf(state, attention, now()));
}
