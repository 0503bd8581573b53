import { type WorkflowInterceptorsFactory, workflowInfo } from '@temporalio/workflow';

/**
 * A workflow reset replays the history up to a point and goes on from there; what the run did after that point is gone
 * from the history, and may have sent the refund. Temporal's SDK gives workflow code a new random seed exactly at that
 * point, also in each replay, and this interceptor sees it.
 */
export const interceptors: WorkflowInterceptorsFactory = () => {
  scope.worldfirstRefundResets ??= { count: 0 };
  return {
    internals: [
      {
        activate(input, next) {
          for (const job of input.activation.jobs ?? []) if (job.updateRandomSeed) detected();
          return next(input);
        },
      },
    ],
  };
};

interface Resets {
  count: number;
  listener?: () => void;
}

// The SDK keeps the globals of each workflow apart, and all workflows share this module.
const scope = globalThis as { worldfirstRefundResets?: Resets };

function detected(): void {
  scope.worldfirstRefundResets ??= { count: 0 };
  scope.worldfirstRefundResets.count += 1;
  scope.worldfirstRefundResets.listener?.();
}

/** Calls `listener` once for the resets before the workflow's first line ran, and at each later one. */
export function onReset(listener: () => void): void {
  const resets = scope.worldfirstRefundResets;
  if (resets) resets.listener = listener;
  if (resets ? resets.count > 0 : isResetRun()) listener();
}

/**
 * For a worker without the interceptor. It does not know the point of the reset: a reset to a later point than the first
 * task then stops with a nondeterminism error instead of going on with a wrong certainty.
 */
function isResetRun(): boolean {
  const { runId, originalExecutionRunId } = workflowInfo();
  return runId !== originalExecutionRunId;
}
