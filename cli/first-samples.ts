import type { MetricMeter } from '@temporalio/common';
import { ATTENTION } from '../rules/attention.js';
import { count, type MetricKey } from '../rules/metrics.js';
import { OUTCOME_STATUSES } from '../rules/outcome.js';
import { PRODUCTS } from '../rules/request.js';

const OPERATIONS = ['queryTradeOrder', 'applyRefund', 'refund', 'inquireRefund'];

/**
 * Shows the counters that alerts are made of with 0. Prometheus' `increase` needs a sample before the first event, or that
 * event is missed.
 * @param worker the worker's meter, with the labels that the SDK adds to all metrics of this worker
 */
export function showZeros(worker: MetricMeter): void {
  const refunds = worker.withTags({ workflowType: 'refund' });
  for (const product of PRODUCTS) {
    for (const outcome of OUTCOME_STATUSES) count(refunds, 'ended', { product, outcome }, 0);
    for (const reason of Object.keys(ATTENTION)) {
      count(refunds, 'attentionOpened', { product, reason }, 0);
      count(refunds, 'attentionClosed', { product, reason }, 0);
    }
  }
  for (const operation of OPERATIONS) {
    const activity = worker.withTags({ activityType: operation });
    for (const key of ['throttled', 'badSignatures'] satisfies MetricKey[])
      count(activity, key, { operation }, 0);
  }
  const verification = worker.withTags({ activityType: 'verifyNotification' });
  count(verification, 'badSignatures', { operation: 'notification' }, 0);
}
