import { CancellationScope, upsertMemo } from '@temporalio/workflow';
import type { RefundRun } from './refund-run.js';

/** Makes a cancellation of the workflow a message like the others: money may be moving, so it must not tear down a call. */
export function onCancellation(run: RefundRun): void {
  CancellationScope.current().cancelRequested.catch(() => {
    run.inbox.interrupt({
      kind: 'cancel',
      by: 'a cancellation of the workflow',
      reason: 'cancelled before anything was sent',
    });
    // A workflow task that leaves nothing in the history may be replayed together with the next one. A decision would then
    // be handled before the cancellation, although it came after it.
    upsertMemo({ cancelRequested: true });
  });
}
