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
    shieldFromNowOn();
    // A workflow task that leaves nothing in the history may be replayed together with the next one. A decision would then
    // be handled before the cancellation, although it came after it.
    upsertMemo({ cancelRequested: true });
  });
}

/**
 * Temporal's SDK (1.24) writes into the history, with the workflow task that first needs it, that a scope which cannot be
 * cancelled shields those in it. The result of a local activity can come to a replay one task earlier than it came to the
 * refund, before that is known: the refund would end as a cancelled workflow. So it is needed in the task of the cancellation.
 */
function shieldFromNowOn(): void {
  new CancellationScope({ cancellable: true, parent: new CancellationScope({ cancellable: false }) });
}
