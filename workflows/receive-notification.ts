import { CancellationScope, proxyActivities } from '@temporalio/workflow';
import type { RefundActivities } from '../activities/index.js';
import type { SignedNotification } from '../rules/messages.js';
import { reasonOf } from './activity-calls.js';
import type { RefundRun } from './refund-run.js';

// No local activity: it would run in the workflow task of any other step, and a replay could see its result sooner. The
// refund goes on only when it is done, so the time is short.
const { verifyNotification } = proxyActivities<RefundActivities>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '1 minute',
});

/**
 * Has a closure notification verified: the signal can be sent by anyone who may signal a workflow, and a confirmation ends
 * the refund as succeeded. An unverified one is a hint, which brings the next inquiry forward, once.
 */
export async function receiveNotification(run: RefundRun, signed: SignedNotification): Promise<void> {
  const { concerns = 'this', ...message } = signed;
  // What follows from it belongs to the verification: the answer to a call can arrive in the same workflow task, and the
  // refund must not take its next step in between.
  await run.inbox.whileVerifying(async () => {
    const check = await CancellationScope.nonCancellable(() => verify(message));
    if (check.verified) {
      const { requestTime } = signed;
      run.inbox.interrupt({ kind: 'notification', ...check.notification, requestTime, concerns });
    } else unverified(run, check.reason);
  });
}

/** Notes a notification that WorldFirst did not sign, as far as can be verified here. */
export function unverified(run: RefundRun, reason: string): void {
  const { state, inbox } = run;
  run.note('message-dropped', `a notification was not verified, so it confirms nothing: ${reason}`);
  if (state.hinted || inbox.checkNowRefusal()) return;
  state.hinted = true;
  inbox.checkNow({ by: 'an unverified notification', reason: 'the order may have been closed' });
}

type Check = Awaited<ReturnType<RefundActivities['verifyNotification']>>;

async function verify(message: Omit<SignedNotification, 'concerns'>): Promise<Check> {
  const summary = 'verify the closure notification';
  try {
    return await verifyNotification.executeWithOptions({ summary }, [message]);
  } catch (error) {
    return { verified: false, reason: `no worker could verify it: ${reasonOf(error)}` };
  }
}
