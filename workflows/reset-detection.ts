import { type WorkflowInterceptorsFactory, workflowInfo } from '@temporalio/workflow';

/**
 * A workflow reset replays the history up to a point and goes on from there; what the run did after that point is gone
 * from the history, and may have sent the refund. Temporal's SDK gives the workflow a new random seed exactly at that
 * point, also in each replay. It has no public way to see that, so this factory, which the SDK calls when it creates the
 * workflow, listens to the SDK's own method. `test/workflows/reset.test.ts` fails where a version of the SDK has none.
 */
export const interceptors: WorkflowInterceptorsFactory = () => {
  const activator = scope.__TEMPORAL_ACTIVATOR__;
  const reseed = activator?.updateRandomSeed;
  if (activator && reseed) {
    scope.worldfirstRefundResets = { count: 0 };
    activator.updateRandomSeed = (job) => {
      detected();
      reseed.call(activator, job);
    };
  }
  return {};
};

interface Resets {
  count: number;
  listener?: () => void;
}

// The SDK keeps the globals of each workflow apart, and all workflows share this module.
const scope = globalThis as {
  worldfirstRefundResets?: Resets;
  __TEMPORAL_ACTIVATOR__?: { updateRandomSeed?(job: unknown): void };
};

function detected(): void {
  const resets = scope.worldfirstRefundResets;
  if (!resets) return;
  resets.count += 1;
  resets.listener?.();
}

/** Calls `listener` once for the resets before the workflow's first line ran, and at each later one. */
export function onReset(listener: () => void): void {
  const resets = scope.worldfirstRefundResets;
  if (resets) resets.listener = listener;
  if (resets ? resets.count > 0 : isResetRun()) listener();
}

/**
 * For a worker without this module's interceptors. It does not know the point of the reset: a reset to a later point than
 * the first task then stops with a nondeterminism error instead of going on with a wrong certainty.
 */
function isResetRun(): boolean {
  const { runId, originalExecutionRunId } = workflowInfo();
  return runId !== originalExecutionRunId;
}
