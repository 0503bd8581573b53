import type { Command } from 'commander';
import { ConfigurationError } from '../rules/configuration-error.js';
import { savedViewLink, WAITING_REFUNDS, WORK_QUEUE } from '../rules/links.js';
import { defineCommand, type Invocation } from './command.js';
import { CliError } from './failure.js';
import { type SandboxFlags, sandboxFailure, sandboxOptions, withSandboxFlags } from './sandbox.js';
import { exportLines, programName } from './shell.js';
import { aborted, stopSignal } from './stop-signal.js';

/** `dev`: everything that is needed to try refunds, in one process. */
export function devCommand(): Command {
  const command = defineCommand<SandboxFlags>('dev', {
    description:
      'run a Temporal server, a sandbox and a worker together until SIGINT or SIGTERM, to try everything',
    examples: ['dev'],
    run: runDev,
  });
  return withSandboxFlags(command);
}

async function runDev({ options, output, env }: Invocation<SandboxFlags>): Promise<undefined> {
  const stop = stopSignal();
  for (const [why, variables] of ignoredVariables(env))
    output.note(`ignored, because ${why}: ${variables.join(', ')}`);
  const local = await startAll(options, env, (line) => output.note(line));
  const { temporal, sandbox } = local;
  const { uiUrl } = temporal;
  output.note(
    `ready: Temporal at ${temporal.address}, sandbox at ${sandbox.url}, worker. Ctrl-C stops all three.`,
  );
  if (uiUrl) {
    output.note(`Web UI:  ${uiUrl}`);
    const { namespace } = temporal;
    output.note(
      `refunds that need an operator: ${savedViewLink(uiUrl, namespace, WORK_QUEUE, WAITING_REFUNDS)}`,
    );
  }
  output.note(`journal: ${sandbox.url}/journal`);
  const encryption = Object.keys(env).filter((name) => env[name] && SETS_ENCRYPTION.test(name));
  if (encryption.length > 0)
    output.note(`refunds are encrypted: the other terminal needs ${encryption.join(', ')} too`);
  const variables = {
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    ...sandbox.env,
    ...settingsOfClients(env),
  };
  output.result({ env: variables, ...(uiUrl && { ui: uiUrl }) }, () =>
    [
      '# in another terminal:',
      exportLines(variables),
      ...TRY.map((words) => `${programName()} ${words}`),
    ].join('\n'),
  );
  await aborted(stop);
  await local.stop();
  return undefined;
}

const TRY = [
  'refund worldtrade --request-id R-1 --trade-id trade-1 --wait',
  'refund worldtrade --request-id R-2 --trade-id trade-unknown-3 --inquire-after 10s,10s,10s',
  'list',
];

async function startAll(flags: SandboxFlags, env: NodeJS.ProcessEnv, onProgress: (line: string) => void) {
  const server = await chosenServer(env);
  const { installQuietRuntime } = await import('./run-worker.js');
  const { startLocalRefunds } = await import('../testing/local-refunds.js');
  const runtime = installQuietRuntime();
  try {
    return await startLocalRefunds({
      temporal: { ...server, ui: true, usualPorts: true, onProgress },
      sandbox: sandboxOptions(flags),
      env: workerVariables(env),
    });
  } catch (error) {
    await runtime.shutdown();
    if (error instanceof ConfigurationError) throw error;
    throw sandboxFailure(error, flags) ?? new CliError('NO_TEMPORAL_SERVER', (error as Error).message);
  }
}

/**
 * The server of `TEMPORAL_ADDRESS` or `--address`, and the namespace. Without an address, a new server is started.
 * @throws TemporalUnreachableError where the server does not answer
 */
async function chosenServer(env: NodeJS.ProcessEnv): Promise<{ address?: string; namespace?: string }> {
  if (!env.TEMPORAL_ADDRESS) return env.TEMPORAL_NAMESPACE ? { namespace: env.TEMPORAL_NAMESPACE } : {};
  const { temporalConfig } = await import('../client/temporal-config.js');
  const { address, namespace, tls, apiKey, metadata } = temporalConfig(env);
  if (tls || apiKey || metadata) {
    const message =
      'names a server with TLS or an API key. Use `sandbox` and `worker` with it instead of `dev`';
    throw new ConfigurationError([{ path: 'TEMPORAL_ADDRESS', message }]);
  }
  const { connectToTemporal } = await import('../client/temporal-connection.js');
  await (await connectToTemporal({ address, namespace })).connection.close();
  return { address, namespace };
}

/** The variables that have no effect, by the reason. */
function ignoredVariables(env: NodeJS.ProcessEnv): [why: string, names: string[]][] {
  const set = (pattern: RegExp) => Object.keys(env).filter((name) => env[name] && pattern.test(name));
  const reasons: [string, string[]][] = [
    ['the sandbox has its own', set(SET_BY_SANDBOX)],
    ['there is one build', set(NAMES_A_BUILD)],
    ['a new Temporal server is started', env.TEMPORAL_ADDRESS ? [] : set(CONNECTS_ELSEWHERE)],
  ];
  return reasons.filter(([, names]) => names.length > 0);
}

const NAMES_A_BUILD = /^(TEMPORAL_DEPLOYMENT_NAME|TEMPORAL_WORKER_BUILD_ID|REFUND_VERSIONING_BEHAVIOR)$/;

const CONNECTS_ELSEWHERE = /^TEMPORAL_(PROFILE|CONFIG_FILE|API_KEY|TLS(_\w+)?|GRPC_META_\w+)$/;

/** What the commands in the other terminal read, and the worker does not. */
function settingsOfClients(env: NodeJS.ProcessEnv): Record<string, string> {
  const names = [
    'REFUND_TASK_QUEUE',
    'REFUND_INQUIRY_INTERVALS',
    'REFUND_SETTLEMENT_INTERVALS',
    'REFUND_ATTENTION_REMINDER',
  ];
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}

const SETS_ENCRYPTION = /^(REFUND_(ENCRYPTION_KEYS(_FILE)?|DATA_CONVERTER)|TEMPORAL_CODEC_(ENDPOINT|AUTH))$/;

const SET_BY_SANDBOX =
  /^WORLDFIRST_(BASE_URL|PATH_PREFIX|CLIENT_ID|(PRIVATE|PUBLIC)_KEY(_FILE)?|KEY_VERSION)$/;

/** The variables of the worker, without those that connect it to WorldFirst. */
function workerVariables(env: NodeJS.ProcessEnv): Record<string, string> {
  const entries = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      /^(WORLDFIRST|REFUND|TEMPORAL_CODEC)_/.test(entry[0]) &&
      !SET_BY_SANDBOX.test(entry[0]) &&
      !NAMES_A_BUILD.test(entry[0]) &&
      entry[1] !== undefined,
  );
  return Object.fromEntries(entries);
}
