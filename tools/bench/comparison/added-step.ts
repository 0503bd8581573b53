// One more step before the sending, as a later version of a workflow might have it, in a workflow that knows nothing of it.
import {
  type ActivityInterface,
  patched,
  proxyActivities,
  type WorkflowInterceptorsFactory,
} from '@temporalio/workflow';

const activities = proxyActivities<ActivityInterface>({ startToCloseTimeout: '1 minute' });

/** Looks at the order once more before the first sending, where `isDue` says so. */
export function addedStep(isDue: () => boolean): WorkflowInterceptorsFactory {
  return () => {
    let order: unknown[] = [];
    const remember = (input: { activityType: string; args: unknown[] }) => {
      if (input.activityType === 'queryTradeOrder') order = input.args;
    };
    return {
      outbound: [
        {
          scheduleLocalActivity(input, next) {
            remember(input);
            return next(input);
          },
          async scheduleActivity(input, next) {
            remember(input);
            if (input.activityType === 'applyRefund' && isDue()) await activities.queryTradeOrder?.(...order);
            return next(input);
          },
        },
      ],
    };
  };
}

/** For refunds that start after the change. */
export const sincePatch = () => patched('look-again');
