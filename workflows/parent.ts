import {
  CancellationScope,
  getExternalWorkflowHandle,
  TemporalFailure,
  workflowInfo,
} from '@temporalio/workflow';
import type { AttentionNotice } from '../rules/attention-notice.js';
import { needsOperatorSignal } from './definitions.js';

/** Whether another workflow has started the refund. */
export function hasParent(): boolean {
  return workflowInfo().parent !== undefined;
}

/** Notifies the parent workflow. One that has ended gets no notice, and the refund goes on without it. */
export async function notifyParent(notice: AttentionNotice): Promise<void> {
  const { parent } = workflowInfo();
  if (!parent) return;
  try {
    // Without the id of a run, the notice also reaches a parent that has continued as new or was reset.
    await getExternalWorkflowHandle(parent.workflowId).signal(
      needsOperatorSignal(notice.data.refundRequestId),
      notice,
    );
  } catch (error) {
    if (CancellationScope.current().consideredCancelled || !(error instanceof TemporalFailure)) throw error;
  }
}
