import { createPublicKey } from 'node:crypto';
import type { DataConverter } from '@temporalio/common';
import type { WorkerDeploymentOptions } from '@temporalio/worker';
import type { AttentionNotifier, ReconciliationNotifier } from '../activities/index.js';
import { isReadableOnTheWay } from '../internal/plain-http.js';
import { ConfigurationError } from '../rules/configuration-error.js';
import { issuesOf } from '../worldfirst/errors.js';
import { clientOptions, type WorldFirstClientOptions } from '../worldfirst/options.js';
import { attentionWebhook } from './attention-webhook.js';
import { cachedRefunds } from './cache.js';
import { dataConverterOf } from './data-converter.js';
import { Environment, misspeltNames } from './environment.js';
import { refundConfig } from './refund-config.js';
import { VARIABLES, type Variable, type VariableName } from './variables.js';

/** The configuration of a worker, for `createRefundWorker` and `RefundPlugin`. */
export interface WorkerConfig {
  worldfirst: WorldFirstClientOptions;
  /** Notifies the webhook that the environment names; absent where it names none. */
  notifyAttention?: AttentionNotifier;
  notifyReconciliation?: ReconciliationNotifier;
  /** The address of Temporal's Web UI; absent for none. */
  webUiUrl?: string;
  taskQueue: string;
  /** The most calls to WorldFirst in any second, of all workers together; absent for no limit. */
  callsPerSecond?: number;
  /** How many refunds it keeps in memory between their steps; the others are replayed when they continue. */
  maxCachedWorkflows: number;
  /** What encrypts payloads; Temporal's default where the environment sets nothing. */
  dataConverter: DataConverter;
  /** The deployment and the build of this worker; absent where the environment names none. */
  workerDeploymentOptions?: WorkerDeploymentOptions;
  /** One line for each thing that is allowed, but probably a mistake. */
  warnings: string[];
}

/**
 * Reads `WORLDFIRST_*`, `REFUND_*` and the deployment (`TEMPORAL_DEPLOYMENT_NAME`, `TEMPORAL_WORKER_BUILD_ID`) for a worker.
 *
 * @example
 * ```ts
 * const worker = await createRefundWorker({ connection, namespace, ...readWorkerConfig(process.env) });
 * ```
 *
 * @param env the variables, usually `process.env`
 * @throws {@link ConfigurationError} that names every mistake at once, and repeats no secret
 */
export function readWorkerConfig(env: NodeJS.ProcessEnv): WorkerConfig {
  const environment = new Environment(env);
  const worldfirst = readWorldFirst(environment);
  const attention = readAttention(environment);
  const webUiUrl = environment.get('REFUND_WEB_UI_URL');
  const callsPerSecond = environment.get('WORLDFIRST_CALLS_PER_SECOND');
  const cacheMegabytes = environment.get('REFUND_CACHE_MEGABYTES');
  const dataConverter = dataConverterOf(environment);
  const deployment = readDeployment(environment);
  const { taskQueue } = refundConfig(environment);
  if (environment.issues.length > 0 || !worldfirst) throw new ConfigurationError(environment.issues);
  return {
    worldfirst,
    ...attention,
    ...(webUiUrl !== undefined && { webUiUrl }),
    ...(callsPerSecond !== undefined && { callsPerSecond }),
    maxCachedWorkflows: cachedRefunds(cacheMegabytes),
    dataConverter,
    ...deployment,
    taskQueue,
    warnings: [...doubts(worldfirst), ...environment.warnings, ...misspeltNames(env)],
  };
}

const OPTIONS = Object.entries<Variable>(VARIABLES).flatMap(([name, { option }]) =>
  option ? [{ name: name as VariableName, option }] : [],
);

function readWorldFirst(environment: Environment): WorldFirstClientOptions | undefined {
  const given = Object.fromEntries(
    OPTIONS.flatMap(({ name, option }) => {
      const value = environment.get(name);
      return value === undefined ? [] : [[option, value]];
    }),
  );
  const checked = clientOptions.safeParse(given);
  if (checked.success) return checked.data;
  for (const { path, message } of issuesOf(checked.error)) {
    const variable = OPTIONS.find(({ option }) => path.split('.')[0] === option);
    // What is not set, or could not be read, has been noted.
    if (variable && variable.option in given) environment.mistake(variable.name, inWordsOfVariables(message));
  }
  return undefined;
}

/** The client speaks of its options, and of keys in whole sentences. */
function inWordsOfVariables(message: string): string {
  const words = message.replace('the pathPrefix', 'WORLDFIRST_PATH_PREFIX');
  return /^[A-Z]/.test(words) ? `cannot be used: ${words.charAt(0).toLowerCase()}${words.slice(1)}` : words;
}

function readAttention(
  environment: Environment,
): Pick<WorkerConfig, 'notifyAttention' | 'notifyReconciliation'> {
  const url = environment.get('REFUND_ATTENTION_WEBHOOK_URL');
  const secret = environment.get('REFUND_ATTENTION_WEBHOOK_SECRET');
  if (url === undefined || secret === undefined) return {};
  if (isReadableOnTheWay(url)) {
    environment.warnings.push(
      'REFUND_ATTENTION_WEBHOOK_URL is plain http: anyone on the network can read the notices.',
    );
  }
  const webhook = attentionWebhook({ url, secret });
  return { notifyAttention: webhook, notifyReconciliation: webhook };
}

function readDeployment(environment: Environment): Pick<WorkerConfig, 'workerDeploymentOptions'> {
  const deploymentName = environment.get('TEMPORAL_DEPLOYMENT_NAME');
  const buildId = environment.get('TEMPORAL_WORKER_BUILD_ID');
  const behavior = environment.get('REFUND_VERSIONING_BEHAVIOR');
  if (deploymentName !== undefined && buildId !== undefined) {
    // A refund may wait for an operator for weeks, and each release continues the refunds of earlier ones.
    const defaultVersioningBehavior = behavior ?? 'AUTO_UPGRADE';
    const version = { deploymentName, buildId };
    return { workerDeploymentOptions: { useWorkerVersioning: true, version, defaultVersioningBehavior } };
  }
  if (behavior !== undefined && deploymentName === undefined && buildId === undefined)
    environment.mistake(
      'REFUND_VERSIONING_BEHAVIOR',
      'has no effect without a deployment: set TEMPORAL_DEPLOYMENT_NAME and TEMPORAL_WORKER_BUILD_ID, or remove it',
    );
  return {};
}

function doubts({ baseUrl, privateKey, publicKeys }: WorldFirstClientOptions): string[] {
  const own = createPublicKey(privateKey);
  const isMine = [publicKeys]
    .flat()
    .some((key) => typeof key === 'object' && 'equals' in key && key.equals(own));
  return [
    ...(isReadableOnTheWay(baseUrl)
      ? ['WORLDFIRST_BASE_URL is plain http: anyone on the network can read the refunds.']
      : []),
    ...(isMine
      ? [
          "WORLDFIRST_PUBLIC_KEY is your own public key. Set WorldFirst's: with yours, the result of every call is unknown.",
        ]
      : []),
  ];
}
