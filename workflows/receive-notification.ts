import { CancellationScope, proxyActivities, TemporalFailure } from '@temporalio/workflow';
import type { RefundActivities } from '../activities/index.js';
import type { SignedNotification } from '../rules/messages.js';
import { local, reasonOf } from './activity-calls.js';
import type { RefundRun } from './refund-run.js';

const { verifyNotification } = proxyActivities<RefundActivities>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '1 hour',
});

/**
 * Has a closure notification verified: the signal can be sent by anyone who may signal a workflow, and a confirmation ends
 * the refund as succeeded. An unverified one is a hint, which brings the next inquiry forward, once.
 */
export async function receiveNotification(run: RefundRun, signed: SignedNotification): Promise<void> {
  const { concerns = 'this', ...message } = signed;
  const check = await CancellationScope.nonCancellable(() => verify(message));
  if (check.verified) {
    const { requestTime } = signed;
    run.inbox.interrupt({ kind: 'notification', ...check.notification, requestTime, concerns });
  } else unverified(run, check.reason);
}

/** Notes a notification that WorldFirst did not sign, as far as can be verified here. */
export function unverified(run: RefundRun, reason: string): void {
  const { state, inbox } = run;
  run.note('message-dropped', `an unverified notification does not count: ${reason}`);
  if (state.hinted || inbox.checkNowRefusal()) return;
  state.hinted = true;
  inbox.checkNow({ by: 'an unverified notification', reason: 'the order may have been closed' });
}

type Check = Awaited<ReturnType<RefundActivities['verifyNotification']>>;

async function verify(message: Omit<SignedNotification, 'concerns'>): Promise<Check> {
  const summary = 'verify the closure notification';
  try {
    // It makes no call, so it is due immediately also where the calls to WorldFirst are limited.
    return await local.verifyNotification.executeWithOptions({ summary }, [message]);
  } catch (error) {
    if (!(error instanceof TemporalFailure)) throw error;
  }
  try {
    return await verifyNotification.executeWithOptions({ summary }, [message]);
  } catch (error) {
    return { verified: false, reason: `no worker could verify it: ${reasonOf(error)}` };
  }
}
