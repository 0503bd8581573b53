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
import type { RefundRun } from './refund-run.js';

// A receiver that is down is tried again for a day. Afterwards the list of waiting refunds still shows this one.
const { notifyAttention } = proxyActivities<RefundActivities>({
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '1 day',
  retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumInterval: '10 minutes' },
});

/** Tells the outside that a person is needed, and once more if nobody decides. The refund does not wait for it. */
export function notifyInBackground(refund: RefundRun): { stop(): void } {
  return inBackground(() => tell(refund));
}

async function tell(refund: RefundRun): Promise<void> {
  for (;;) {
    const { attention } = refund.state;
    if (!attention) return;
    const telling = inBackground(() => noticeAndReminder(refund, attention));
    // Another reason can take the place of this one, and must not wait for a receiver that does not take the first.
    await condition(() => refund.state.attention !== attention);
    telling.stop();
  }
}

async function noticeAndReminder(refund: RefundRun, attention: OpenAttention): Promise<void> {
  attention.remindAt ??= await notice(refund, attention);
  // Without anybody to tell, a timer would be there for nothing.
  if (attention.remindAt === 'never') return;
  const left = Math.max(1, Date.parse(attention.remindAt) - Date.now());
  await sleep(left, { summary: 'reminder that a person is needed' });
  await notified(refund, attention, true);
  attention.remindAt = 'never';
}

/** Tells it, and returns when it is due once more. An earlier run may have begun to; a receiver knows a repeat by its id. */
async function notice(refund: RefundRun, attention: OpenAttention): Promise<string> {
  const { remindAfter } = refund.schedule;
  const told = refund.mayNotify && (await notified(refund, attention, false));
  return !told || told === 'no-notifier' || remindAfter === 0
    ? 'never'
    : new Date(Date.now() + remindAfter).toISOString();
}

async function notified(
  refund: RefundRun,
  attention: OpenAttention,
  isReminder: boolean,
): Promise<'notified' | 'no-notifier' | 'failed' | 'not-needed'> {
  const view = refund.view();
  // A decision can come in the very task in which the time for the reminder has come.
  if (!view.attention || refund.state.attention !== attention) return 'not-needed';
  const summary = `${isReminder ? 'remind' : 'tell'} that a person is needed: ${attention.key}`;
  try {
    return await notifyAttention.executeWithOptions({ summary }, [
      noticeOf(view, view.attention, isReminder),
    ]);
  } catch (error) {
    if (CancellationScope.current().consideredCancelled) throw error;
    const reason = (rootCause(error) ?? String(error)).slice(0, LONGEST_REASON);
    refund.note('notification-failed', `nobody could be told that a person is needed: ${reason}`);
    return 'failed';
  }
}

// It is another's text, and the timeline shows it for ever.
const LONGEST_REASON = 200;

function inBackground(work: () => Promise<void>): { stop(): void } {
  const scope = new CancellationScope();
  scope.run(work).catch((error: unknown) => {
    if (!isCancellation(error)) throw error;
  });
  return { stop: () => scope.cancel() };
}
