import { createPublicKey } from 'node:crypto';
import type { AttentionNotifier } from '../activities/index.js';
import { ConfigurationError } from '../rules/configuration-error.js';
import { parseInterval } from '../rules/schedule.js';
import { issuesOf } from '../worldfirst/errors.js';
import { clientOptions, type WorldFirstClientOptions } from '../worldfirst/options.js';
import { attentionNotifier } from './attention-variables.js';
import { keyText } from './key-variables.js';
import { isReadableOnTheWay } from './plain-http.js';
import { refundConfig } from './refund-config.js';
import { typos } from './typos.js';
import { Variables } from './variables.js';

/** What a worker needs to know. */
export interface WorkerConfig {
  worldfirst: WorldFirstClientOptions;
  /** Tells the webhook that the environment names; absent where it names none. */
  notifyAttention?: AttentionNotifier;
  taskQueue: string;
  /** The most calls to WorldFirst in any second, of all workers together; absent for no limit. */
  callsPerSecond?: number;
  /** One line for each thing that is allowed, and hardly meant. */
  warnings: string[];
}

/**
 * Reads `WORLDFIRST_*` and `REFUND_*` for a worker.
 * @throws {@link ConfigurationError} that names every mistake at once, and repeats no secret
 */
export function readWorkerConfig(env: NodeJS.ProcessEnv): WorkerConfig {
  const variables = new Variables(env);
  const worldfirst = worldFirstOptions(variables);
  const { warnings, ...notifier } = attentionNotifier(variables);
  const limit = callsPerSecond(variables);
  const { taskQueue } = refundConfig(variables);
  if (variables.issues.length > 0 || !worldfirst) throw new ConfigurationError(variables.issues);
  return {
    worldfirst,
    ...notifier,
    ...limit,
    taskQueue,
    warnings: [...doubts(worldfirst), ...variables.warnings, ...warnings, ...typos(env)],
  };
}

const VARIABLE_OF: Record<string, string> = {
  baseUrl: 'WORLDFIRST_BASE_URL',
  pathPrefix: 'WORLDFIRST_PATH_PREFIX',
  clientId: 'WORLDFIRST_CLIENT_ID',
  keyVersion: 'WORLDFIRST_KEY_VERSION',
};

function worldFirstOptions(variables: Variables): WorldFirstClientOptions | undefined {
  const baseUrl = variables.required(
    'WORLDFIRST_BASE_URL',
    'set it to scheme, host and port, such as https://open-sea.worldfirst.com',
  );
  const clientId = variables.required(
    'WORLDFIRST_CLIENT_ID',
    'set it to the client id that WorldFirst gave you',
  );
  const privateKey = keyText(variables, 'WORLDFIRST_PRIVATE_KEY', {
    what: 'your RSA private key',
    isSecret: true,
  });
  const publicKey = keyText(variables, 'WORLDFIRST_PUBLIC_KEY', {
    what: "WorldFirst's RSA public key",
    isSecret: false,
  });
  const [pathPrefix, keyVersion] = [
    variables.get('WORLDFIRST_PATH_PREFIX'),
    variables.get('WORLDFIRST_KEY_VERSION'),
  ];
  const given = {
    ...(baseUrl !== undefined && { baseUrl }),
    ...(clientId !== undefined && { clientId }),
    ...(pathPrefix !== undefined && { pathPrefix }),
    ...(keyVersion !== undefined && { keyVersion }),
    ...(privateKey && { privateKey: privateKey.text }),
    ...(publicKey && { publicKeys: publicKey.text }),
    timeout: timeout(variables),
    ...maxClockSkew(variables),
  };
  const checked = clientOptions.safeParse(given);
  if (checked.success) return checked.data;
  const variableOf: Record<string, string | undefined> = {
    ...VARIABLE_OF,
    privateKey: privateKey?.variable,
    publicKeys: publicKey?.variable,
  };
  for (const { path, message } of issuesOf(checked.error)) {
    const [option = ''] = path.split('.');
    // What is not set at all has been noted by name.
    const variable = option in given ? variableOf[option] : undefined;
    if (variable) variables.mistake(variable, inWordsOf(option, message));
  }
  return undefined;
}

/** The client's words speak of its options; those of a key are whole sentences. */
function inWordsOf(option: string, message: string): string {
  if (option === 'baseUrl') return message.replace('the pathPrefix', 'WORLDFIRST_PATH_PREFIX');
  return option in VARIABLE_OF
    ? message
    : `cannot be used: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
}

const DEFAULT_TIMEOUT = 30_000;

function timeout(variables: Variables): number {
  const text = variables.get('WORLDFIRST_TIMEOUT');
  if (text === undefined) return DEFAULT_TIMEOUT;
  const milliseconds = parseInterval(text);
  if (milliseconds !== undefined && milliseconds >= 100 && milliseconds <= 50_000) return milliseconds;
  variables.mistake(
    'WORLDFIRST_TIMEOUT',
    // Longer than the activity's own limit, and a call under way would be taken for a worker that died.
    `must be an interval from 100ms to 50s, such as 30s (the activity that makes the call may take one minute), and is ${JSON.stringify(text)}`,
  );
  return DEFAULT_TIMEOUT;
}

function maxClockSkew(variables: Variables): Pick<WorldFirstClientOptions, 'maxClockSkew'> {
  const text = variables.get('WORLDFIRST_MAX_CLOCK_SKEW');
  if (text === undefined) return {};
  const milliseconds = parseInterval(text);
  if (milliseconds) return { maxClockSkew: milliseconds };
  variables.mistake(
    'WORLDFIRST_MAX_CLOCK_SKEW',
    `must be an interval such as 15m (an answer to a sending whose time differs by more counts as unknown), and is ${JSON.stringify(text)}`,
  );
  return {};
}

function callsPerSecond(variables: Variables): Pick<WorkerConfig, 'callsPerSecond'> {
  const text = variables.get('WORLDFIRST_CALLS_PER_SECOND');
  if (text === undefined) return {};
  const limit = Number(text);
  if (!(limit >= 1 && limit <= 1_000)) {
    variables.mistake(
      'WORLDFIRST_CALLS_PER_SECOND',
      `must be a number from 1 to 1000, and is ${JSON.stringify(text)}`,
    );
  }
  return { callsPerSecond: limit };
}

function doubts({ baseUrl, privateKey, publicKeys }: WorldFirstClientOptions): string[] {
  const plain = isReadableOnTheWay(baseUrl);
  const own = createPublicKey(privateKey);
  const mine = [publicKeys]
    .flat()
    .some((key) => typeof key === 'object' && 'equals' in key && key.equals(own));
  return [
    ...(plain ? ['WORLDFIRST_BASE_URL is plain http: everyone on the way can read the refunds.'] : []),
    ...(mine
      ? [
          "WORLDFIRST_PUBLIC_KEY is your own public key. WorldFirst's is needed, or no answer will be trusted.",
        ]
      : []),
  ];
}
