import type { Client, WorkflowExecutionDescription } from '@temporalio/client';

/** One build of a worker deployment (Temporal's Worker Versioning). */
export interface WorkerBuild {
  deploymentName: string;
  buildId: string;
}

/**
 * Which workers may continue a refund:
 * `pinned`: those of one build; `routed`: those of the current and the ramping build of the task queue, where undefined is
 * workers without a deployment; `none-current`: workers of builds poll, and none of them is current or ramping; `any`: no build counts.
 */
export type AwaitedWorker =
  | { kind: 'pinned'; build: WorkerBuild }
  | { kind: 'routed'; builds: readonly (WorkerBuild | undefined)[] }
  | { kind: 'none-current' }
  | { kind: 'any' };

/** Which workers a refund waits for; `any` where Temporal does not say it. It makes one call unless the refund is pinned. */
export async function awaitedWorker(
  client: Client,
  { raw, taskQueue: name }: WorkflowExecutionDescription,
): Promise<AwaitedWorker> {
  const build = pinnedTo(raw.workflowExecutionInfo?.versioningInfo);
  if (build) return { kind: 'pinned', build };
  const { namespace } = client.options;
  const queue = await client.workflowService
    .describeTaskQueue({ namespace, taskQueue: { name }, taskQueueType: WORKFLOW_TASKS })
    .catch(() => undefined);
  const { currentDeploymentVersion, rampingDeploymentVersion, rampingVersionPercentage } =
    queue?.versioningInfo ?? {};
  const current = buildOf(currentDeploymentVersion);
  const ramping = buildOf(rampingDeploymentVersion);
  if (rampingVersionPercentage) return { kind: 'routed', builds: [current, ramping] };
  if (current) return { kind: 'routed', builds: [current] };
  const modes = (queue?.pollers ?? []).map(
    ({ deploymentOptions }) => deploymentOptions?.workerVersioningMode,
  );
  return { kind: modes.includes(VERSIONED) ? 'none-current' : 'any' };
}

type VersioningInfo = NonNullable<
  WorkflowExecutionDescription['raw']['workflowExecutionInfo']
>['versioningInfo'];

/** An override by an operator counts more than what the worker declared. */
function pinnedTo(info: VersioningInfo): WorkerBuild | undefined {
  const override = info?.versioningOverride;
  if (override?.oneTime) return buildOf(override.oneTime.targetDeploymentVersion);
  if (override?.pinned) return buildOf(override.pinned.version);
  if (override?.autoUpgrade) return undefined;
  return info?.behavior === PINNED ? buildOf(info.deploymentVersion) : undefined;
}

function buildOf(
  version: { deploymentName?: string | null; buildId?: string | null } | null | undefined,
): WorkerBuild | undefined {
  const { deploymentName, buildId } = version ?? {};
  return deploymentName && buildId ? { deploymentName, buildId } : undefined;
}

/** When a refund continues, as a sentence. */
export function whenItContinues(awaited: AwaitedWorker): string {
  switch (awaited.kind) {
    case 'pinned':
      return `The refund is pinned to ${nameOf(awaited.build)}, and continues when a worker of that build runs, or when you move it to another build.`;
    case 'routed':
      return `The refund continues when there is ${awaited.builds.map(workerOf).join(' or ')}.`;
    case 'none-current':
      return 'No build of a worker deployment is current or ramping. The refund continues when a worker without a deployment runs, or when you make a build current: `temporal worker deployment set-current-version`.';
    case 'any':
      return 'The refund continues when a worker runs: `worldfirst-refunds worker`.';
  }
}

function workerOf(build: WorkerBuild | undefined): string {
  return build ? `a worker of ${nameOf(build)}` : 'a worker without a deployment';
}

function nameOf({ buildId, deploymentName }: WorkerBuild): string {
  return `the build "${buildId}" of the deployment "${deploymentName}"`;
}

// Of temporal.api.enums.v1: TaskQueueType, WorkerVersioningMode, VersioningBehavior.
const WORKFLOW_TASKS = 1;
const VERSIONED = 2;
const PINNED = 1;
