// Switches local activities off: each becomes an activity of its own.
import {
  type ActivityInterface,
  proxyActivities,
  type WorkflowInterceptorsFactory,
} from '@temporalio/workflow';

export const interceptors: WorkflowInterceptorsFactory = () => ({
  outbound: [
    {
      scheduleLocalActivity({ activityType, args, options }) {
        const summary = options.summary === undefined ? {} : { summary: options.summary };
        const activities = proxyActivities<ActivityInterface>({
          startToCloseTimeout: '1 minute',
          ...summary,
        });
        return activities[activityType]?.(...args) as Promise<unknown>;
      },
    },
  ],
});
