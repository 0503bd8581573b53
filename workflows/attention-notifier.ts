import {
  CancellationScope,
  condition,
  isCancellation,
  proxyActivities,
  rootCause,
  sleep,
} from '@temporalio/workflow';
import type { RefundActivities } from '../activities/index.js';
import { noticeOf } from '../rules/attention-notice.js';
import type { OpenAttention } from '../rules/state.js';
import { hasParent, notifyParent } from './parent.js';
import type { RefundRun } from './refund-run.js';

// A receiver that is down is retried for a day. Afterwards the list of waiting refunds still shows this one.
const { notifyAttention } = proxyActivities<RefundActivities>({
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '1 day',
  retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumInterval: '10 minutes' },
});

/** Notifies that the refund needs an operator, and once more if none decides. The refund does not wait for it. */
export function notifyInBackground(run: RefundRun): { stop(): void } {
  return inBackground(() => notifyOfEachReason(run));
}

async function notifyOfEachReason(run: RefundRun): Promise<void> {
  for (;;) {
    const { attention } = run.state;
    if (!attention) return;
    const notifying = inBackground(() => notifyAndRemind(run, attention));
    // Another reason can take the place of this one, and must not wait for a receiver that does not accept the first.
    await condition(() => run.state.attention !== attention);
    notifying.stop();
  }
}

async function notifyAndRemind(run: RefundRun, attention: OpenAttention): Promise<void> {
  if (attention.remindAt === undefined) {
    // The parent comes first: the receiver of a notifier can be down for a day.
    if (hasParent()) await notifyParent(noticeOf(run.state, attention, 'first'));
    attention.remindAt = await notifyFirst(run, attention);
  }
  // Without a notifier a timer would have no use.
  if (attention.remindAt === 'never') return;
  const left = Math.max(1, Date.parse(attention.remindAt) - Date.now());
  await sleep(left, { summary: 'reminder that the refund needs an operator' });
  await notify(run, attention, true);
  attention.remindAt = 'never';
}

/** Notifies, and returns when the reminder is due. An earlier run may have begun to; a receiver knows a repeat by its id. */
async function notifyFirst(run: RefundRun, attention: OpenAttention): Promise<string> {
  const { remindAfter } = run.schedule;
  const result = run.mayNotify && (await notify(run, attention, false));
  return !result || result === 'no-notifier' || remindAfter === 0
    ? 'never'
    : new Date(Date.now() + remindAfter).toISOString();
}

async function notify(
  run: RefundRun,
  attention: OpenAttention,
  isReminder: boolean,
): Promise<'notified' | 'no-notifier' | 'failed' | 'not-needed'> {
  // A decision can arrive in the very task in which the reminder is due.
  if (run.state.attention !== attention) return 'not-needed';
  const summary = `${isReminder ? 'remind' : 'notify'} that the refund needs an operator: ${attention.key}`;
  try {
    const notice = noticeOf(run.state, attention, isReminder ? 'reminder' : 'first');
    return await notifyAttention.executeWithOptions({ summary }, [notice]);
  } catch (error) {
    if (CancellationScope.current().consideredCancelled) throw error;
    const reason = (rootCause(error) ?? String(error)).slice(0, LONGEST_REASON);
    run.note('notification-failed', `the attention notification failed: ${reason}`);
    return 'failed';
  }
}

// It is text from outside, and the timeline keeps it.
const LONGEST_REASON = 200;

function inBackground(work: () => Promise<void>): { stop(): void } {
  const scope = new CancellationScope();
  scope.run(work).catch((error: unknown) => {
    if (!isCancellation(error)) throw error;
  });
  return { stop: () => scope.cancel() };
}
