import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { expect, test } from 'vitest';
import { awaitedWorker, whenItContinues } from '../../client/awaited-worker.js';

const build = (buildId: string) => ({ deploymentName: 'refunds', buildId });
const [PINNED, AUTO_UPGRADE] = [1, 2];
const [UNVERSIONED, VERSIONED] = [1, 2];

/** What Temporal says of a refund and of its task queue; without a queue it refuses to say. */
function sentence(versioningInfo: object | undefined, queue?: object): Promise<string> {
  const describeTaskQueue = async () => queue ?? Promise.reject(new Error('not allowed'));
  const client = { options: { namespace: 'default' }, workflowService: { describeTaskQueue } };
  const description = { taskQueue: 'q', raw: { workflowExecutionInfo: { versioningInfo } } };
  return awaitedWorker(
    client as unknown as Client,
    description as unknown as WorkflowExecutionDescription,
  ).then(whenItContinues);
}

const routed = (current?: string, ramping?: string) => ({
  pollers: [{ deploymentOptions: { workerVersioningMode: VERSIONED } }],
  versioningInfo: {
    ...(current && { currentDeploymentVersion: build(current) }),
    ...(ramping && { rampingDeploymentVersion: build(ramping), rampingVersionPercentage: 10 }),
  },
});
const onAnyWorker = 'The refund continues when a worker runs: `worldfirst-refunds worker`.';
const onCurrent = 'when there is a worker of the build "1" of the deployment "refunds".';
const onOwn =
  'is pinned to the build "1" of the deployment "refunds", and continues when a worker of that build';
const onOther =
  'is pinned to the build "2" of the deployment "refunds", and continues when a worker of that build';
const pinned = { behavior: PINNED, deploymentVersion: build('1') };

test.each([
  ['Temporal says nothing', undefined, undefined, onAnyWorker],
  ['no deployment is there', undefined, { pollers: [{}] }, onAnyWorker],
  [
    'workers without a deployment poll',
    undefined,
    { pollers: [{ deploymentOptions: { workerVersioningMode: UNVERSIONED } }] },
    onAnyWorker,
  ],
  ['no build is current', undefined, routed(), 'No build of a worker deployment is current or ramping.'],
  ['a build is current', undefined, routed('1'), onCurrent],
  [
    'the refund has had another build',
    { behavior: AUTO_UPGRADE, deploymentVersion: build('0') },
    routed('1'),
    onCurrent,
  ],
  [
    'a build is ramping',
    undefined,
    routed('1', '2'),
    'a worker of the build "1" of the deployment "refunds" or a worker of the build "2" of the deployment "refunds".',
  ],
  [
    'the first build is ramping',
    undefined,
    routed(undefined, '1'),
    'a worker without a deployment or a worker of the build "1"',
  ],
  ['the refund is pinned', pinned, routed('2'), onOwn],
  [
    'an operator pinned it',
    { ...pinned, versioningOverride: { pinned: { version: build('2') } } },
    routed('1'),
    onOther,
  ],
  [
    'an operator moves it once',
    { ...pinned, versioningOverride: { oneTime: { targetDeploymentVersion: build('2') } } },
    routed('1'),
    onOther,
  ],
  [
    'an operator unpinned it',
    { ...pinned, versioningOverride: { autoUpgrade: true } },
    routed('1'),
    onCurrent,
  ],
])('which workers a refund waits for where %s', async (_, versioningInfo, queue, expected) => {
  expect(await sentence(versioningInfo, queue)).toContain(expected);
});
