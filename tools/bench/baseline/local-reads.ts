// Asks all questions by local activities, also in a workflow that knows nothing of them.
import {
  type ActivityInterface,
  proxyLocalActivities,
  type WorkflowInterceptorsFactory,
} from '@temporalio/workflow';

const questions = proxyLocalActivities<ActivityInterface>({
  startToCloseTimeout: '1 minute',
  retry: { nonRetryableErrorTypes: ['RefusedError'] },
});
const QUESTIONS = ['queryTradeOrder', 'inquireRefund'];

export const interceptors: WorkflowInterceptorsFactory = () => ({
  outbound: [
    {
      scheduleActivity(input, next) {
        const { activityType, args } = input;
        if (!QUESTIONS.includes(activityType)) return next(input);
        return questions[activityType]?.(...args) as Promise<unknown>;
      },
    },
  ],
});
