import { ActivityFailure, CancellationScope, condition, proxyActivities } from '@temporalio/workflow';
import type { RefundActivities } from '../activities/index.js';
import { noticeOf } from '../refund/attention-notice.js';
import type { OpenAttention } from '../refund/state.js';
import type { RefundCase } from './case.js';

// A receiver that is down is tried again for a day. Afterwards the list of waiting refunds still shows this one.
const { notifyAttention } = proxyActivities<RefundActivities>({
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '1 day',
  retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumInterval: '10 minutes' },
});

/** Tells the outside that a person is needed, and once more if nobody decides. The refund does not wait for it. */
export function tellSomebody(refund: RefundCase): { stop(): void } {
  const telling = new CancellationScope();
  // All that ends this early is that it is not needed any more.
  telling.run(() => tell(refund)).catch(() => {});
  return { stop: () => telling.cancel() };
}

async function tell(refund: RefundCase): Promise<void> {
  const { remindAfter } = refund.schedule;
  for (;;) {
    const { attention } = refund.state;
    if (!attention) return;
    const isOver = () => refund.state.attention !== attention;
    if ((await notified(refund, attention, false)) === 'nobody-to-tell') return;
    const summary = 'reminder that a person is needed';
    if (remindAfter > 0 && !(await condition(isOver, remindAfter, { summary }))) {
      await notified(refund, attention, true);
    }
    await condition(isOver);
  }
}

async function notified(
  refund: RefundCase,
  attention: OpenAttention,
  isReminder: boolean,
): Promise<'told' | 'nobody-to-tell' | 'failed'> {
  const view = refund.view();
  if (!view.attention || refund.state.attention !== attention) return 'failed';
  const summary = `tell that a person is needed: ${attention.key}`;
  try {
    return await notifyAttention.executeWithOptions({ summary }, [
      noticeOf(view, view.attention, isReminder),
    ]);
  } catch (error) {
    if (!(error instanceof ActivityFailure) || CancellationScope.current().consideredCancelled) throw error;
    refund.note('told', 'nobody could be told that a person is needed');
    return 'failed';
  }
}
