import { ActivityFailure, proxyActivities } from '@temporalio/workflow';
import type { RefundActivities } from '../activities/index.js';
import { continueFrom } from '../rules/earlier-runs.js';
import { providerRequestId } from '../rules/state.js';
import { reasonOf } from './activity-calls.js';
import type { RefundRun } from './refund-run.js';

const activities = proxyActivities<RefundActivities>({
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '1 hour',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

/**
 * Reads what earlier runs of the workflow did, before this one asks or sends anything: after a reset their last steps are not
 * in its history.
 * @returns whether they could be read; otherwise an operator decides
 */
export async function readEarlierRuns(run: RefundRun): Promise<boolean> {
  const { state } = run;
  const before = providerRequestId(state);
  run.inbox.beginCall();
  try {
    const summary = 'read the earlier runs of this workflow';
    continueFrom(state, await activities.readEarlierRuns.executeWithOptions({ summary }, []));
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    run.requireAttention('workflow-reset', {
      detail: `The earlier runs could not be read: ${reasonOf(error)}.`,
    });
    return false;
  }
  const id = providerRequestId(state);
  if (id !== before) run.note('already-sent', `an earlier run sent the refund under the id ${id}`);
  return true;
}
