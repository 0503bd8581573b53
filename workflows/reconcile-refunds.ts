import {
  ActivityFailure,
  isCancellation,
  log,
  makeContinueAsNewFunc,
  proxyActivities,
  setCurrentDetails,
  workflowInfo,
} from '@temporalio/workflow';
import { differenceNoticeOf } from '../rules/attention-notice.js';
import type { Difference } from '../rules/reconcile.js';
import {
  addPage,
  emptyResult,
  PAGE_ATTEMPTS,
  type ReconciledPeriod,
  type ReconciliationActivities,
  type ReconciliationOptions,
  type ReconciliationResult,
  resultSentence,
} from '../rules/reconciliation.js';
import { incompleteNoticeOf } from '../rules/reconciliation-notice.js';
import { parseInterval } from '../rules/schedule.js';
import { now } from './clock.js';

const { reconcilePage } = proxyActivities<ReconciliationActivities>({
  // 50 refunds at two calls a second take half a minute, and each call of a WorldFirst that hangs half a minute more.
  startToCloseTimeout: '2 hours',
  // Each call has a time limit of its own, which may be two minutes.
  heartbeatTimeout: '5 minutes',
  retry: {
    initialInterval: '1 minute',
    backoffCoefficient: 3,
    maximumInterval: '30 minutes',
    maximumAttempts: PAGE_ATTEMPTS,
  },
});

const { notifyDifference, notifyIncomplete } = proxyActivities<ReconciliationActivities>({
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '1 hour',
  retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumInterval: '10 minutes' },
});

/** What is carried into the next run. */
interface Carried {
  cursor: string;
  result: ReconciliationResult;
}

/**
 * Compares refunds with WorldFirst, and notifies about each difference, and where it could not check everything. It changes no
 * refund.
 * @param carried what an earlier run of it has left; only the workflow passes it
 */
export async function reconcileRefunds(
  options: ReconciliationOptions = {},
  carried?: Carried,
): Promise<ReconciliationResult> {
  const { callsPerSecond = 2, pageSize = 50, pagesPerRun = 50 } = options;
  const result = carried?.result ?? emptyResult(periodOf(options));
  const { period } = result;
  let cursor = carried?.cursor;
  for (let pages = 1; ; pages += 1) {
    const page = { period, callsPerSecond, pageSize, ...(cursor !== undefined && { cursor }) };
    const { report, next } = await reconcilePage(page).catch(async (error: unknown) => {
      if (!isCancellation(error)) await notifyThatIncomplete(result, failureOf(error));
      throw error;
    });
    addPage(result, report);
    setCurrentDetails(`${resultSentence(result)}.`);
    result.notNotified += await notifyEach(report.differences);
    if (next === undefined) break;
    cursor = next;
    if (pages >= pagesPerRun || workflowInfo().continueAsNewSuggested)
      await makeContinueAsNewFunc<typeof reconcileRefunds>()(options, { cursor, result });
  }
  if (!result.complete || result.counts.differences > 0) log.warn(resultSentence(result));
  if (!result.complete) await notifyThatIncomplete(result);
  return result;
}

function periodOf({ since = '7d', product }: ReconciliationOptions): ReconciledPeriod {
  const { startTime } = workflowInfo();
  const from = new Date(startTime.getTime() - (parseInterval(since) ?? 0)).toISOString();
  return { from, to: startTime.toISOString(), ...(product && { product }) };
}

/** One after the other. A notifier that fails for an hour must not end the reconciliation: the result has the difference. */
async function notifyEach(differences: readonly Difference[]): Promise<number> {
  let failed = 0;
  for (const difference of differences) {
    try {
      await notifyDifference(differenceNoticeOf(difference, now()), difference.runId);
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error;
      failed += 1;
    }
  }
  return failed;
}

/** Once for all runs of the workflow. A notifier that fails for an hour must not fail the reconciliation. */
async function notifyThatIncomplete(result: ReconciliationResult, failure?: string): Promise<void> {
  const { workflowId, firstExecutionRunId } = workflowInfo();
  const run = { workflowId, firstRunId: firstExecutionRunId, now: now() };
  try {
    await notifyIncomplete(incompleteNoticeOf(result, run, failure));
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    log.warn('No notifier could be told that the reconciliation is not complete');
  }
}

function failureOf(error: unknown): string {
  const { cause, message } = error as Error;
  return cause instanceof Error ? cause.message : message;
}
