import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { deliver } from '../activities/deliver-notice.js';
import type { RefundActivityDependencies } from '../activities/index.js';
import { measured } from '../activities/measured.js';
import { withRun } from '../rules/attention-notice.js';
import {
  addComparison,
  emptyReport,
  PAGE_ATTEMPTS,
  type ReconciliationActivities,
  type ReconciliationReport,
} from '../rules/reconciliation.js';
import { withReconciliationRun } from '../rules/reconciliation-notice.js';
import { Inquirer } from './inquirer.js';
import { listPage } from './list-page.js';
import { type ComparedRefund, reconcileRun } from './reconcile-runs.js';

/** What is kept of an attempt for the next one. */
interface Progress {
  report: ReconciliationReport;
  /** The workflows that were compared. */
  done: string[];
}

/** Makes the activities of the `reconcileRefunds` workflow. `RefundPlugin` and `createRefundWorker` have them. */
export function createReconciliationActivities({
  worldfirst: given,
  notifyAttention,
  notifyReconciliation,
  webUiUrl,
  limit = (calls) => calls,
}: RefundActivityDependencies): ReconciliationActivities {
  const worldfirst = limit(measured(given));
  return {
    async reconcilePage({ period, callsPerSecond, pageSize, cursor }) {
      const { client, info, cancellationSignal: signal } = Context.current();
      const progress: Progress = info.heartbeatDetails ?? { report: emptyReport(), done: [] };
      const inquirer = new Inquirer(worldfirst, { callsPerSecond, signal });
      const { runs, next } = await listPage(client, period, { pageSize, cursor, signal });
      // They are not kept for the next attempt, which asks again.
      const unanswered: ComparedRefund[] = [];
      for (const run of runs) {
        Context.current().heartbeat(progress);
        signal.throwIfAborted();
        if (progress.done.includes(run.runId)) continue;
        const compared = await reconcileRun(client, inquirer, run);
        if (inquirer.isStopped && info.attempt < PAGE_ATTEMPTS) throw notReached();
        if (compared && compared.comparison.notChecked.length > 0) {
          unanswered.push(compared);
          continue;
        }
        if (compared) addComparison(progress.report, compared.comparison, compared.inquiries);
        progress.done.push(run.runId);
      }
      for (const { comparison, inquiries } of unanswered)
        addComparison(progress.report, comparison, inquiries);
      return { report: progress.report, ...(next !== undefined && { next }) };
    },

    async notifyDifference(notice, runId) {
      if (!notifyAttention) return 'no-notifier';
      const { namespace } = Context.current().info;
      return deliver(notifyAttention, withRun(notice, { namespace, runId }, webUiUrl));
    },

    async notifyIncomplete(notice) {
      if (!notifyReconciliation) return 'no-notifier';
      const { namespace, workflowExecution } = Context.current().info;
      const run = { namespace, runId: workflowExecution?.runId ?? '' };
      return deliver(notifyReconciliation, withReconciliationRun(notice, run, webUiUrl));
    },
  };
}

function notReached(): ApplicationFailure {
  const message =
    'WorldFirst gave no answer to several inquiries in a row. The rest of the page is tried again later.';
  return ApplicationFailure.retryable(message, 'WorldFirstNotReached');
}
