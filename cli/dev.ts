import type { Command } from 'commander';
import { defineCommand, type Invocation } from './command.js';
import { CliError } from './failure.js';
import { type SandboxFlags, sandboxFailure, sandboxOptions, withSandboxFlags } from './sandbox.js';
import { exportLines } from './shell.js';
import { aborted, stopSignal } from './stop-signal.js';

/** `dev`: all that is needed to try things, in one process. */
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
  const local = await startAll(options, env, (line) => output.note(line));
  const { temporal, sandbox } = local;
  const { uiUrl } = temporal;
  output.note(
    `ready: Temporal at ${temporal.address}, sandbox at ${sandbox.url}, worker. Ctrl-C ends them all.`,
  );
  if (uiUrl) output.note(`Web UI:  ${uiUrl}`);
  output.note(`journal: ${sandbox.url}/journal`);
  const connection = { TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace };
  output.result({ env: { ...connection, ...sandbox.env }, ...(uiUrl && { ui: uiUrl }) }, () =>
    ['# in another terminal:', exportLines(connection), ...TRY].join('\n'),
  );
  await aborted(stop);
  await local.stop();
  return undefined;
}

const TRY = [
  'worldfirst-refunds refund worldtrade --request-id R-1 --trade-id trade-1 --wait',
  'worldfirst-refunds refund worldtrade --request-id R-2 --trade-id trade-unknown-3 --inquire-after 10s,10s,10s',
  'worldfirst-refunds list',
];

async function startAll(flags: SandboxFlags, env: NodeJS.ProcessEnv, onProgress: (line: string) => void) {
  const { installQuietRuntime } = await import('./quiet-runtime.js');
  const { startLocalRefunds } = await import('../testing/local-refunds.js');
  // The flags take effect as environment variables.
  Object.assign(process.env, env);
  installQuietRuntime();
  try {
    const { REFUND_TASK_QUEUE = '' } = env;
    return await startLocalRefunds({
      temporal: { useTemporalAddress: true, ui: true, onProgress },
      sandbox: sandboxOptions(flags),
      env: { REFUND_TASK_QUEUE },
    });
  } catch (error) {
    throw sandboxFailure(error, flags) ?? new CliError('NO_TEMPORAL_SERVER', (error as Error).message);
  }
}
