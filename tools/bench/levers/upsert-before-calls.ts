// Keeps the list of workflows exact at each step, as one would at first: the status is set before each call.
import { defineSearchAttributeKey } from '@temporalio/common';
import { upsertSearchAttributes, type WorkflowInterceptorsFactory } from '@temporalio/workflow';

const STATUS = defineSearchAttributeKey('RefundStatus', 'KEYWORD');

export const interceptors: WorkflowInterceptorsFactory = () => ({
  outbound: [
    {
      scheduleActivity(input, next) {
        upsertSearchAttributes([{ key: STATUS, value: 'applying' }]);
        return next(input);
      },
      scheduleLocalActivity(input, next) {
        upsertSearchAttributes([{ key: STATUS, value: 'applying' }]);
        return next(input);
      },
    },
  ],
});
