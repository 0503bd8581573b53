import { type WorkflowInterceptorsFactory, workflowInfo } from '@temporalio/workflow';

/**
 * A workflow reset replays the history up to a point and continues from there; what the run did after that point is gone
 * from the history, and may have sent the refund. Temporal's SDK gives the workflow a new random seed exactly at that
 * point, also in each replay. It has no public way to see that, so this factory, which the SDK calls when it creates the
 * workflow, listens to the SDK's own method. `test/workflows/reset.test.ts` fails where a version of the SDK has none.
 */
export const interceptors: WorkflowInterceptorsFactory = () => {
  const activator = scope.__TEMPORAL_ACTIVATOR__;
  const reseed = activator?.updateRandomSeed;
  if (!activator || !reseed) return {};
  const resets: Resets = { count: 0, delivered: 0, isActivating: false };
  scope.worldfirstRefundResets = resets;
  // The SDK calls it outside the workflow's activation, where the globals are those of another workflow: count only.
  activator.updateRandomSeed = (job) => {
    reseed.call(activator, job);
    resets.count += 1;
    if (resets.isActivating) deliver(resets);
  };
  return {
    internals: [
      {
        activate(input, next) {
          deliver(resets);
          resets.isActivating = true;
          try {
            next(input);
          } finally {
            resets.isActivating = false;
          }
        },
      },
    ],
  };
};

interface Resets {
  count: number;
  /** How many of them the workflow has handled. */
  delivered: number;
  isActivating: boolean;
  listener?: () => void;
}

// The SDK keeps the globals of each workflow apart, and all workflows share this module.
const scope = globalThis as {
  worldfirstRefundResets?: Resets;
  __TEMPORAL_ACTIVATOR__?: { updateRandomSeed?(job: unknown): void };
};

function deliver(resets: Resets): void {
  if (!resets.listener || resets.delivered === resets.count) return;
  resets.delivered = resets.count;
  resets.listener();
}

/** Calls `listener` for the resets before the workflow's first line ran, and at each later one. */
export function onReset(listener: () => void): void {
  const resets = scope.worldfirstRefundResets;
  if (resets) {
    resets.listener = listener;
    deliver(resets);
  } else if (isResetRun()) listener();
}

/**
 * For a worker without this module's interceptors. It does not know the point of the reset: a reset to a later point than
 * the first task then stops with a nondeterminism error instead of going on with a wrong certainty.
 */
function isResetRun(): boolean {
  const { runId, originalExecutionRunId } = workflowInfo();
  return runId !== originalExecutionRunId;
}
