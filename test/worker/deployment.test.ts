import type { WorkerOptions } from '@temporalio/worker';
import { expect, test } from 'vitest';
import { ConfigurationError } from '../../rules/configuration-error.js';
import { startSandbox } from '../../testing/sandbox/index.js';
import { withDeployment } from '../../worker/deployment.js';
import { readWorkerConfig } from '../../worker/index.js';

const sandbox = await startSandbox();
await sandbox.stop();

const NAMES = { TEMPORAL_DEPLOYMENT_NAME: 'payments/refunds', TEMPORAL_WORKER_BUILD_ID: '1.4.0' };
const version = { deploymentName: 'payments/refunds', buildId: '1.4.0' };
const read = (env: NodeJS.ProcessEnv) => readWorkerConfig({ ...sandbox.env, ...env }).workerDeploymentOptions;

function mistakes(call: () => unknown): string[] {
  try {
    call();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.issues.map(({ path, message }) => `${path} ${message}`);
  }
  return [];
}

test('a worker without a deployment in its environment is not versioned', () => {
  expect(readWorkerConfig(sandbox.env)).not.toHaveProperty('workerDeploymentOptions');
});

test('refunds move to the current build unless the environment pins them', () => {
  const options = { useWorkerVersioning: true, version };
  expect(read(NAMES)).toEqual({ ...options, defaultVersioningBehavior: 'AUTO_UPGRADE' });
  expect(read({ ...NAMES, REFUND_VERSIONING_BEHAVIOR: 'PINNED' })).toEqual({
    ...options,
    defaultVersioningBehavior: 'PINNED',
  });
});

test.each([
  [{ TEMPORAL_WORKER_BUILD_ID: '1' }, ['TEMPORAL_DEPLOYMENT_NAME is not set: set it to the name']],
  [{ TEMPORAL_DEPLOYMENT_NAME: 'refunds' }, ['TEMPORAL_WORKER_BUILD_ID is not set: set it to the name']],
  [
    { REFUND_VERSIONING_BEHAVIOR: 'PINNED' },
    ['REFUND_VERSIONING_BEHAVIOR has no effect without a deployment'],
  ],
  [
    { TEMPORAL_WORKER_BUILD_ID: '1', REFUND_VERSIONING_BEHAVIOR: 'PINNED' },
    ['TEMPORAL_DEPLOYMENT_NAME is not set'],
  ],
  [
    { ...NAMES, REFUND_VERSIONING_BEHAVIOR: 'pinned' },
    ['REFUND_VERSIONING_BEHAVIOR must be AUTO_UPGRADE or PINNED, and is "pinned"'],
  ],
  [{ ...NAMES, TEMPORAL_DEPLOYMENT_NAME: 'refunds.v1' }, ['TEMPORAL_DEPLOYMENT_NAME must be a name without']],
  [{ ...NAMES, TEMPORAL_DEPLOYMENT_NAME: 'a:b' }, ['TEMPORAL_DEPLOYMENT_NAME must be a name without']],
  [{ ...NAMES, TEMPORAL_WORKER_BUILD_ID: '__1' }, ['TEMPORAL_WORKER_BUILD_ID must be the name of a build']],
])('%j is refused', (env, expected) => {
  const found = mistakes(() => read(env));
  expect(found).toEqual(expected.map((start) => expect.stringContaining(start)));
});

const own = { useWorkerVersioning: true, version, defaultVersioningBehavior: 'PINNED' } as const;

test('a worker keeps its own deployment, and a warning names the one that is not used', () => {
  const warnings: string[] = [];
  const warn = (line: string) => void warnings.push(line);
  const worker: WorkerOptions = { taskQueue: 'refunds', workerDeploymentOptions: own };
  expect(withDeployment(worker, undefined, warn)).toEqual(worker);
  expect(withDeployment(worker, { ...own }, warn)).toEqual(worker);
  expect(warnings).toEqual([]);
  const other = { ...own, version: { ...version, buildId: '1.5.0' } };
  expect(withDeployment(worker, other, warn)).toEqual(worker);
  expect(withDeployment({ taskQueue: 'refunds' }, other, warn).workerDeploymentOptions).toBe(other);
  expect(warnings).toEqual([
    'This worker has a deployment of its own (deployment payments/refunds, build 1.4.0, PINNED), so the one configured ' +
      'for refunds (deployment payments/refunds, build 1.5.0, PINNED) is not used.',
  ]);
});

test.each([
  [{ version: { deploymentName: 'a.b', buildId: '' } }, ['version.deploymentName', 'version.buildId']],
  [{ version: undefined }, ['version.deploymentName', 'version.buildId']],
  [{ defaultVersioningBehavior: undefined }, ['defaultVersioningBehavior']],
])('a deployment in code with %j is refused: Temporal would refuse each poll', (change, paths) => {
  const workerDeploymentOptions = { ...own, ...change } as WorkerOptions['workerDeploymentOptions'];
  const found = mistakes(() =>
    withDeployment({ taskQueue: 'q', workerDeploymentOptions }, undefined, () => {}),
  );
  expect(found).toEqual(
    paths.map((path) => expect.stringContaining(`workerDeploymentOptions.${path} must be`)),
  );
});

test.each([{ buildId: '1' }, { useVersioning: true }])('%j beside a deployment is refused', (older) => {
  const found = mistakes(() => withDeployment({ taskQueue: 'q', ...older }, own, () => {}));
  expect(found).toEqual([expect.stringContaining('keep workerDeploymentOptions')]);
});
