import type { VersioningBehavior } from '@temporalio/common';
import type { WorkerDeploymentOptions, WorkerOptions } from '@temporalio/worker';
import { quoted, type ValidationIssue } from '../internal/check.js';
import { ConfigurationError } from '../rules/configuration-error.js';

const BEHAVIORS: readonly string[] = ['AUTO_UPGRADE', 'PINNED'] satisfies VersioningBehavior[];

/** What is wrong with the name of a deployment. Temporal would refuse each poll of the worker, and the SDK would repeat it in silence. */
export function checkDeploymentName(name: unknown): string | undefined {
  if (isText(name) && !/[.:]|^__/.test(name)) return undefined;
  return 'must be a name without dots and colons that does not begin with "__", such as refunds';
}

/** What is wrong with a build id, for the same reason. */
export function checkBuildId(id: unknown): string | undefined {
  if (isText(id) && !id.startsWith('__')) return undefined;
  return 'must be the name of a build, such as 1.4.0 or a commit, and must not begin with "__"';
}

/** What is wrong with a versioning behavior. */
export function checkBehavior(behavior: unknown): string | undefined {
  if (BEHAVIORS.includes(String(behavior))) return undefined;
  return `must be ${BEHAVIORS.join(' or ')}, and is ${quoted(String(behavior))}`;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

/**
 * The options of a worker with the deployment that is configured for refunds. A deployment of the worker's own has
 * priority.
 * @param warn receives a line where that is another one than the configured deployment
 * @throws ConfigurationError for a deployment that Temporal would refuse
 */
export function withDeployment(
  worker: WorkerOptions,
  configured: WorkerDeploymentOptions | undefined,
  warn: (line: string) => void,
): WorkerOptions {
  const { workerDeploymentOptions = configured } = worker;
  if (workerDeploymentOptions === undefined) return worker;
  const options = { ...worker, workerDeploymentOptions };
  const issues = mistakesIn(options);
  if (issues.length > 0) throw new ConfigurationError(issues);
  const [used, ignored] = [workerDeploymentOptions, configured ?? workerDeploymentOptions].map(
    deploymentText,
  );
  if (used !== ignored)
    warn(
      `This worker has a deployment of its own (${used}), so the one configured for refunds (${ignored}) is not used.`,
    );
  return options;
}

function mistakesIn({
  workerDeploymentOptions: given,
  buildId,
  useVersioning,
}: WorkerOptions): ValidationIssue[] {
  const { version, useWorkerVersioning, defaultVersioningBehavior } = given as WorkerDeploymentOptions;
  const mistakes = {
    'workerDeploymentOptions.version.deploymentName': checkDeploymentName(version?.deploymentName),
    'workerDeploymentOptions.version.buildId': checkBuildId(version?.buildId),
    'workerDeploymentOptions.defaultVersioningBehavior':
      useWorkerVersioning && checkBehavior(defaultVersioningBehavior),
    buildId:
      (buildId !== undefined || useVersioning) &&
      'and useVersioning are of an older kind of versioning: remove them, and keep workerDeploymentOptions',
  };
  return Object.entries(mistakes).flatMap(([path, message]) => (message ? [{ path, message }] : []));
}

/** A deployment in one line. */
export function deploymentText({ version, defaultVersioningBehavior }: WorkerDeploymentOptions): string {
  const { deploymentName, buildId } = version;
  return `deployment ${deploymentName}, build ${buildId}, ${defaultVersioningBehavior ?? 'not versioned'}`;
}
