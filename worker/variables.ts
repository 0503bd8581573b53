import type { DataConverter, VersioningBehavior } from '@temporalio/common';
import type { ReferenceHash } from '../client/reference-hash.js';
import { loadConverterModule } from '../encryption/converter-module.js';
import { type EncryptionKey, parseKeys } from '../encryption/keys.js';
import { referenceHash } from '../encryption/reference-hash.js';
import {
  checkOptions,
  DOCUMENTED_INQUIRY_INTERVALS,
  parseInterval,
  type RefundInterval,
} from '../rules/schedule.js';
import { DEFAULT_TASK_QUEUE } from '../rules/task-queue.js';
import type { WorldFirstClientOptions } from '../worldfirst/options.js';
import { DEFAULT_CACHE_MEGABYTES } from './cache.js';
import { checkBehavior, checkBuildId, checkDeploymentName } from './deployment.js';
import { checkWebhookSecret, checkWebhookUrl } from './standard-webhook.js';

/** One variable of the environment. */
export interface Variable<T = unknown> {
  /** The table of docs/configuration.md in which it stands. */
  table: 'worldfirst' | 'refunds' | 'encryption' | 'deployment';
  /** What it is, for docs/configuration.md. */
  about: string;
  /** The text that counts while it is not set. */
  default?: string;
  /** What applies while it is not set, where that is not a text of this table. */
  otherwise?: string;
  /** What to do when it is not set, although it must be. */
  required?: string;
  /** The other variable that has no meaning without this one, and what to do when only that one is set. */
  together?: { with: string; remedy: string };
  /** Whether its value is never printed. */
  isSecret?: true;
  /** Whether `…_FILE` may name a file that contains it, or several files, separated by commas. */
  file?: 'one' | 'several';
  /** The option of the WorldFirst client that it sets; the client checks it. */
  option?: keyof WorldFirstClientOptions;
  /**
   * Reads the text.
   * @throws {@link VariableError} when that is not possible
   */
  parse(text: string): T;
}

/** A text that a variable cannot have. */
export class VariableError extends Error {
  /** What is wrong with it, each in words that follow the variable's name. */
  readonly mistakes: readonly string[];

  constructor(...mistakes: string[]) {
    super(mistakes.join('; '));
    this.mistakes = mistakes;
  }
}

/** Every variable that workers and clients read: what is read, what the documentation says, what a misspelt name may have meant. */
export const VARIABLES = {
  WORLDFIRST_BASE_URL: {
    table: 'worldfirst',
    about:
      "Scheme, host and port: `https://open-sea.worldfirst.com`, `open-eu`, `open-na`. WorldFirst names the testing environment's.",
    required: 'set it to scheme, host and port, such as https://open-sea.worldfirst.com',
    option: 'baseUrl',
    parse: asItIs,
  },
  WORLDFIRST_PATH_PREFIX: {
    table: 'worldfirst',
    about: 'The path before the name of an operation; it is signed.',
    default: '/amsin/api/v1/business',
    option: 'pathPrefix',
    parse: asItIs,
  },
  WORLDFIRST_CLIENT_ID: {
    table: 'worldfirst',
    about: 'The client id that WorldFirst gave you.',
    required: 'set it to the client id that WorldFirst gave you',
    option: 'clientId',
    parse: asItIs,
  },
  WORLDFIRST_PRIVATE_KEY: {
    table: 'worldfirst',
    about: 'Your RSA private key: PEM (PKCS#8 or PKCS#1), or base64 as the portal shows it.',
    required: 'set it to your RSA private key, or WORLDFIRST_PRIVATE_KEY_FILE to the file that contains it',
    isSecret: true,
    file: 'one',
    option: 'privateKey',
    parse: asItIs,
  },
  WORLDFIRST_PUBLIC_KEY: {
    table: 'worldfirst',
    about:
      "WorldFirst's RSA public key. During a rotation several: PEM blocks one after the other, or files separated by commas.",
    required:
      "set it to WorldFirst's RSA public key, or WORLDFIRST_PUBLIC_KEY_FILE to the file that contains it",
    file: 'several',
    option: 'publicKeys',
    parse: asItIs,
  },
  WORLDFIRST_KEY_VERSION: {
    table: 'worldfirst',
    about: 'The version of your key, as WorldFirst numbers it.',
    default: '2',
    option: 'keyVersion',
    parse: asItIs,
  },
  WORLDFIRST_TIMEOUT: {
    table: 'worldfirst',
    about: 'The time limit of a whole call, from `100ms` to `50s`.',
    default: '30s',
    option: 'timeout',
    // Longer than the activity's own limit, and a call under way would be taken for a worker that died.
    parse: interval({
      from: 100,
      to: 50_000,
      must: 'must be an interval from 100ms to 50s, such as 30s (the activity that makes the call may take one minute)',
    }),
  },
  WORLDFIRST_MAX_CLOCK_SKEW: {
    table: 'worldfirst',
    about:
      "How far the time of an answer may differ from the worker's clock. An answer to a refund request that differs by more counts as [unknown](unknown-results.md).",
    default: '15m',
    option: 'maxClockSkew',
    parse: interval({
      from: 1,
      must: 'must be an interval such as 15m (an answer to a refund request that differs by more counts as unknown)',
    }),
  },
  WORLDFIRST_CALLS_PER_SECOND: {
    table: 'worldfirst',
    about:
      'The most calls in any second, of all workers of the task queue together; 1 to 1000, the same for all of them.',
    otherwise: 'no limit',
    parse: callsPerSecond,
  },
  REFUND_TASK_QUEUE: {
    table: 'refunds',
    about: 'The task queue; the same for workers and clients.',
    default: DEFAULT_TASK_QUEUE,
    parse: asItIs,
  },
  REFUND_CACHE_MEGABYTES: {
    table: 'refunds',
    about:
      "The memory of a worker for refunds that wait for their next step, in megabytes; 1 to 10000. A refund takes some 200 kB; those that don't fit are replayed when they continue, in some milliseconds.",
    default: String(DEFAULT_CACHE_MEGABYTES),
    parse: megabytes,
  },
  REFUND_INQUIRY_INTERVALS: {
    table: 'refunds',
    about: 'How long to wait before each inquiry after an unknown result; at most seven.',
    otherwise: `\`${DOCUMENTED_INQUIRY_INTERVALS.join(',')}\`, as WorldFirst documents them`,
    parse: intervals('inquiryIntervals'),
  },
  REFUND_SETTLEMENT_INTERVALS: {
    table: 'refunds',
    about: 'How long to wait before each inquiry after an accepted refund.',
    otherwise: '`0s`, the seven above, `24h` eleven times',
    parse: intervals('settlementIntervals'),
  },
  REFUND_ATTENTION_WEBHOOK_URL: {
    table: 'refunds',
    about: 'Where the [attention webhook](attention-webhook.md) goes when a refund needs an operator.',
    otherwise: 'no notices',
    together: { with: 'REFUND_ATTENTION_WEBHOOK_SECRET', remedy: 'set it to the URL of the webhook' },
    isSecret: true,
    parse: checkedBy(checkWebhookUrl),
  },
  REFUND_ATTENTION_WEBHOOK_SECRET: {
    table: 'refunds',
    about: 'The secret that signs the notices: `whsec_`, then 24 to 64 bytes in base64.',
    otherwise: 'no notices',
    together: { with: 'REFUND_ATTENTION_WEBHOOK_URL', remedy: 'set it to the secret that signs the notices' },
    isSecret: true,
    parse: checkedBy(checkWebhookSecret),
  },
  REFUND_ATTENTION_REMINDER: {
    table: 'refunds',
    about: 'The wait before a notice is repeated, once; `0s`: never.',
    otherwise: '`24h`',
    parse: reminder,
  },
  REFUND_ENDED_WEBHOOK_URL: {
    table: 'refunds',
    about:
      'Where `export --webhook` sends [an event for each refund that ended](export.md#events-for-your-own-systems).',
    otherwise: 'no events',
    together: { with: 'REFUND_ENDED_WEBHOOK_SECRET', remedy: 'set it to the URL of the webhook' },
    isSecret: true,
    parse: checkedBy(checkWebhookUrl),
  },
  REFUND_ENDED_WEBHOOK_SECRET: {
    table: 'refunds',
    about: 'The secret that signs these events: `whsec_`, then 24 to 64 bytes in base64.',
    otherwise: 'no events',
    together: { with: 'REFUND_ENDED_WEBHOOK_URL', remedy: 'set it to the secret that signs the events' },
    isSecret: true,
    parse: checkedBy(checkWebhookSecret),
  },
  REFUND_WEB_UI_URL: {
    table: 'refunds',
    about:
      "The address of Temporal's Web UI, for the links in notices and of `list`: `https://temporal.example.com`.",
    otherwise: 'no links',
    parse: httpUrl('https://temporal.example.com'),
  },
  REFUND_ENCRYPTION_KEYS: {
    table: 'encryption',
    about:
      'The keys, each `id:base64` as `worldfirst-refunds encryption-key` prints it, the newest first, separated by commas (in a file also by line breaks).',
    otherwise: 'no encryption',
    isSecret: true,
    file: 'one',
    parse: encryptionKeys,
  },
  REFUND_DATA_CONVERTER: {
    table: 'encryption',
    about:
      'A module of your own instead of keys: a file from the working directory, or a package, that exports `dataConverter`.',
    otherwise: 'none',
    parse: dataConverterModule,
  },
  TEMPORAL_CODEC_ENDPOINT: {
    table: 'encryption',
    about:
      "A codec server instead of keys, as Temporal's command line uses it; with keys or a module it is not used.",
    otherwise: 'none',
    together: { with: 'TEMPORAL_CODEC_AUTH', remedy: 'set it to the address of the codec server' },
    parse: httpUrl('https://codec.example.com'),
  },
  TEMPORAL_CODEC_AUTH: {
    table: 'encryption',
    about: 'The `Authorization` header for that codec server.',
    otherwise: 'none',
    isSecret: true,
    parse: headerValue,
  },
  REFUND_REFERENCE_KEYS: {
    table: 'encryption',
    about:
      'Keys that [hide `RefundReference`](encryption.md#hide-the-reference) in the list, in the form of the others, the newest first; the word `plain` at the end also finds refunds with a visible reference. Read by clients.',
    otherwise: 'the reference is listed as it is',
    isSecret: true,
    file: 'one',
    parse: referenceKeys,
  },
  REFUND_CODEC_TOKEN: {
    table: 'encryption',
    about:
      'The token that callers of `worldfirst-refunds codec-server` must send (`Authorization: Bearer …`); at least 20 characters.',
    otherwise: 'none, on loopback only',
    isSecret: true,
    parse: codecToken,
  },
  TEMPORAL_DEPLOYMENT_NAME: {
    table: 'deployment',
    about: 'The name of the deployment: the same for all builds of this worker.',
    otherwise: 'no Worker Versioning',
    together: {
      with: 'TEMPORAL_WORKER_BUILD_ID',
      remedy: 'set it to the name of the deployment, such as refunds',
    },
    parse: checkedBy(checkDeploymentName),
  },
  TEMPORAL_WORKER_BUILD_ID: {
    table: 'deployment',
    about: 'The build, such as `1.4.0` or a commit: another one for each change of the code.',
    otherwise: 'no Worker Versioning',
    together: {
      with: 'TEMPORAL_DEPLOYMENT_NAME',
      remedy: 'set it to the name of the build, such as 1.4.0 or a commit',
    },
    parse: checkedBy(checkBuildId),
  },
  REFUND_VERSIONING_BEHAVIOR: {
    table: 'deployment',
    about:
      '`AUTO_UPGRADE`: a refund moves to the current build with its next task. `PINNED`: it stays with the build that started it.',
    otherwise: '`AUTO_UPGRADE`',
    parse: versioningBehavior,
  },
} as const satisfies Record<string, Variable>;

/** The name of a variable. */
export type VariableName = keyof typeof VARIABLES;

function asItIs(text: string): string {
  return text;
}

function interval({ from, to, must }: { from: number; to?: number; must: string }) {
  return (text: string): number => {
    const milliseconds = parseInterval(text);
    if (milliseconds !== undefined && milliseconds >= from && milliseconds <= (to ?? milliseconds))
      return milliseconds;
    throw new VariableError(`${must}, and is ${JSON.stringify(text)}`);
  };
}

function callsPerSecond(text: string): number {
  const limit = Number(text);
  if (limit >= 1 && limit <= 1_000) return limit;
  throw new VariableError(`must be a number from 1 to 1000, and is ${JSON.stringify(text)}`);
}

function megabytes(text: string): number {
  const size = Number(text);
  if (size >= 1 && size <= 10_000) return size;
  throw new VariableError(`must be a number from 1 to 10000, and is ${JSON.stringify(text)}`);
}

function intervals(option: 'inquiryIntervals' | 'settlementIntervals') {
  return (text: string): RefundInterval[] => {
    const list = splitIntervals(text);
    const issues = checkOptions({ [option]: list });
    if (issues.length === 0) return list;
    const must = 'must be intervals separated by commas, such as 5m,10m,20m';
    throw new VariableError(...issues.map(({ message }) => `${must}: ${message}`));
  };
}

/** `5m, 10m` as a list; whether each is an interval is not checked. */
export function splitIntervals(text: string): RefundInterval[] {
  return text.split(',').map((part) => part.trim() as RefundInterval);
}

function reminder(text: string): RefundInterval {
  if (parseInterval(text) !== undefined) return text as RefundInterval;
  throw new VariableError(`must be an interval such as 24h, or 0s for none, and is ${JSON.stringify(text)}`);
}

function encryptionKeys(text: string): EncryptionKey[] {
  const read = parseKeys(text);
  if ('keys' in read) return read.keys;
  throw new VariableError(...read.mistakes.map((mistake) => `cannot be used: ${mistake}`));
}

function referenceKeys(text: string): ReferenceHash {
  const entries = text.split(/[\s,]+/).filter(Boolean);
  const plainToo = entries.at(-1) === 'plain';
  const keys = encryptionKeys((plainToo ? entries.slice(0, -1) : entries).join(','));
  if (keys.length === 0) throw new VariableError('must contain a key');
  return referenceHash({ keys, plainToo });
}

function dataConverterModule(file: string): DataConverter {
  const loaded = loadConverterModule(file);
  if ('dataConverter' in loaded) return loaded.dataConverter;
  throw new VariableError(`names ${loaded.mistake}`);
}

function httpUrl(example: string) {
  return (text: string): string => {
    if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
    throw new VariableError(`must be an address such as ${example}`);
  };
}

function headerValue(text: string): string {
  if (/^[ -~]+$/.test(text)) return text;
  throw new VariableError('must be visible ASCII characters on one line, such as Bearer and a token');
}

function versioningBehavior(text: string): VersioningBehavior {
  return checkedBy(checkBehavior)(text) as VersioningBehavior;
}

function codecToken(text: string): string {
  if (/^[!-~]{20,}$/.test(text)) return text;
  throw new VariableError('must have at least 20 visible ASCII characters, without spaces');
}

function checkedBy(mistakeIn: (text: string) => string | undefined) {
  return (text: string): string => {
    const mistake = mistakeIn(text);
    if (mistake === undefined) return text;
    throw new VariableError(mistake);
  };
}
