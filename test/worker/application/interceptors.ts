import { upsertMemo, type WorkflowInterceptorsFactory } from '@temporalio/workflow';

/** Workflow interceptors of an application: each workflow that runs with them says so in its memo. */
export const interceptors: WorkflowInterceptorsFactory = () => ({
  inbound: [
    {
      execute(input, next) {
        upsertMemo({ intercepted: true });
        return next(input);
      },
    },
  ],
});
