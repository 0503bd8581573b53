import { Context } from '@temporalio/activity';
import type { AttentionNotice } from '../rules/attention-notice.js';
import { count } from '../rules/metrics.js';
import type { ReconciliationNotice } from '../rules/reconciliation-notice.js';

/**
 * Notifies that a refund needs an operator, by webhook, mail or any other way. Rejects when it failed: then it is called
 * again with the same notice, whose id marks a repeat.
 */
export type AttentionNotifier = (notice: AttentionNotice, call: { signal: AbortSignal }) => Promise<void>;

/**
 * Notifies that a scheduled reconciliation could not check everything. Rejects when it failed: then it is called again with
 * the same notice, whose id marks a repeat.
 */
export type ReconciliationNotifier = (
  notice: ReconciliationNotice,
  call: { signal: AbortSignal },
) => Promise<void>;

/** Gives a notice to the notifier of the worker, and counts it. */
export async function deliver<Notice extends AttentionNotice | ReconciliationNotice>(
  notify: (notice: Notice, call: { signal: AbortSignal }) => Promise<void>,
  notice: Notice,
): Promise<'notified'> {
  const { metricMeter, cancellationSignal: signal } = Context.current();
  const counted = (result: 'delivered' | 'failed') =>
    count(metricMeter, 'notices', { type: notice.type, result });
  try {
    await notify(notice, { signal });
  } catch (error) {
    counted('failed');
    throw error;
  }
  counted('delivered');
  return 'notified';
}
