import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import type { VersioningBehavior } from '@temporalio/common';
import proto from '@temporalio/proto';
import { NativeConnection, type WorkerOptions } from '@temporalio/worker';
import { onTestFinished } from 'vitest';
import { workflowIdOf } from '../../client/index.js';
import { NO_CODE_LIMIT } from '../../testing/no-code-limit.js';
import { createRefundWorker } from '../../worker/index.js';
import type { Environment } from '../support/environment.js';
import { worldFirstOf } from '../support/environment.js';
import type { RunningWorker } from '../support/workers.js';

const { RoutingConfigUpdateState, VersionDrainageStatus } = proto.temporal.api.enums.v1;
const IN_PROGRESS = RoutingConfigUpdateState.ROUTING_CONFIG_UPDATE_STATE_IN_PROGRESS;
const OVERRIDE_PINNED =
  proto.temporal.api.workflow.v1.VersioningOverride.PinnedOverrideBehavior.PINNED_OVERRIDE_BEHAVIOR_PINNED;

/** One worker deployment on the task queue of a test, and what an operator does with it. */
export class Deployment {
  readonly name: string;
  readonly #refunds: Environment;
  readonly #behavior: VersioningBehavior;

  constructor(refunds: Environment, name: string, behavior: VersioningBehavior) {
    this.name = name;
    this.#refunds = refunds;
    this.#behavior = behavior;
    // The next test has the same task queue.
    onTestFinished(() => this.setCurrent(undefined));
  }

  /** Starts a worker of a build. It is stopped at the end of the test. */
  async start(buildId: string, options: Partial<WorkerOptions> = {}): Promise<RunningWorker> {
    const { client, sandbox, taskQueue } = this.#refunds;
    const { address } = (client.connection as Connection).options;
    const connection = await NativeConnection.connect({ address });
    const worldfirst = worldFirstOf(sandbox, 30_000);
    const worker = await createRefundWorker({
      ...NO_CODE_LIMIT,
      connection,
      taskQueue,
      worldfirst,
      localActivitiesDisabled: true,
      stickyQueueScheduleToStartTimeout: '1s',
      workerDeploymentOptions: {
        useWorkerVersioning: true,
        version: { deploymentName: this.name, buildId },
        defaultVersioningBehavior: this.#behavior,
      },
      ...options,
    });
    const running = worker.run();
    let isStopped = false;
    const stop = async () => {
      if (isStopped) return;
      isStopped = true;
      worker.shutdown();
      await running;
      worldfirst.close();
      await connection.close();
    };
    onTestFinished(stop);
    return { stop };
  }

  /** `temporal worker deployment set-current-version`; undefined is `--unversioned`. A build is known once its worker polls. */
  async setCurrent(buildId: string | undefined): Promise<void> {
    const { workflowService } = this.#refunds.client;
    const target = { ...this.#target, buildId: buildId ?? '' };
    await eventually(() => workflowService.setWorkerDeploymentCurrentVersion(target));
    await this.#untilRouted();
  }

  /** `temporal worker deployment set-ramping-version` */
  async ramp(buildId: string, percentage: number): Promise<void> {
    const { workflowService } = this.#refunds.client;
    const target = { ...this.#target, buildId, percentage };
    await eventually(() => workflowService.setWorkerDeploymentRampingVersion(target));
    await this.#untilRouted();
  }

  /** `temporal workflow update-options --versioning-override-behavior pinned` */
  async pin(refundRequestId: string, buildId: string): Promise<void> {
    const version = { deploymentName: this.name, buildId };
    await this.#refunds.client.workflowService.updateWorkflowExecutionOptions({
      namespace: this.#target.namespace,
      workflowExecution: { workflowId: workflowIdOf(refundRequestId) },
      workflowExecutionOptions: { versioningOverride: { pinned: { behavior: OVERRIDE_PINNED, version } } },
      updateMask: { paths: ['versioning_override'] },
    });
  }

  get #target(): { namespace: string; deploymentName: string } {
    return { namespace: this.#refunds.client.options.namespace, deploymentName: this.name };
  }

  /** The server tells its task queues after it has answered. */
  async #untilRouted(): Promise<void> {
    const { workflowService } = this.#refunds.client;
    for (;;) {
      const { workerDeploymentInfo } = await workflowService.describeWorkerDeployment(this.#target);
      if (workerDeploymentInfo?.routingConfigUpdateState !== IN_PROGRESS) return;
      await sleep(100);
    }
  }

  /** Whether a build still has pinned refunds, as `temporal worker deployment describe-version` shows it. */
  async drainageOf(buildId: string): Promise<'draining' | 'drained' | undefined> {
    const { workerDeploymentVersionInfo: info } =
      await this.#refunds.client.workflowService.describeWorkerDeploymentVersion({
        namespace: this.#target.namespace,
        deploymentVersion: { deploymentName: this.name, buildId },
      });
    switch (info?.drainageInfo?.status) {
      case VersionDrainageStatus.VERSION_DRAINAGE_STATUS_DRAINING:
        return 'draining';
      case VersionDrainageStatus.VERSION_DRAINAGE_STATUS_DRAINED:
        return 'drained';
      default:
        return undefined;
    }
  }
}

/** The build that completed the last task of a refund; undefined for a worker without a deployment. */
export async function buildOf({ refunds }: Environment, id: string): Promise<string | undefined> {
  const { raw } = await refunds.getHandle(id).describe();
  return raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId ?? undefined;
}

async function eventually(call: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await call();
      return;
    } catch (error) {
      if (attempt === 50) throw error;
      await sleep(200);
    }
  }
}
