import type { Command } from 'commander';
import { SEARCH_ATTRIBUTES } from '../refund/search-attributes.js';
import { readWorkerConfig } from '../worker/config.js';
import { defineCommand, type Invocation } from './command.js';
import { CliError } from './failure.js';
import type { Output } from './output.js';
import { openSandbox, type SandboxFlags, withSandboxFlags } from './sandbox.js';
import { exportLines } from './shell.js';
import { aborted, stopSignal } from './stop-signal.js';

/** `dev`: all that is needed to try things, in one process. */
export function devCommand(): Command {
  const command = defineCommand<SandboxFlags>('dev', {
    description:
      'run a Temporal server, a sandbox and a worker together until SIGINT or SIGTERM, to try everything',
    example: 'dev',
    run: runDev,
  });
  return withSandboxFlags(command);
}

async function runDev({ options, output, env }: Invocation<SandboxFlags>): Promise<undefined> {
  const stop = stopSignal();
  const ends: (() => Promise<void>)[] = [];
  try {
    const server = await openTemporal(env, output);
    ends.push(() => server.stop());
    const sandbox = await openSandbox(options);
    ends.push(() => sandbox.stop());
    const temporal = { TEMPORAL_ADDRESS: server.address, TEMPORAL_NAMESPACE: server.namespace };
    const { temporalConfig } = await import('../client/config.js');
    const { runWorker } = await import('./run-worker.js');
    const inDev = { ...env, ...temporal, ...withoutKeys(env), ...sandbox.env };
    const worker = await runWorker(temporalConfig(inDev), readWorkerConfig(inDev));
    ends.push(async () => {
      worker.stop();
      await worker.ended;
    });
    const { uiUrl } = server;
    output.note(
      `ready: Temporal at ${server.address}, sandbox at ${sandbox.url}, worker. Ctrl-C ends them all.`,
    );
    if (uiUrl) output.note(`Web UI:  ${uiUrl}`);
    output.note(`journal: ${sandbox.url}/journal`);
    output.note('In another terminal:');
    output.result({ env: { ...temporal, ...sandbox.env }, ...(uiUrl && { ui: uiUrl }) }, () =>
      [exportLines(temporal), ...TRY].join('\n'),
    );
    await Promise.race([aborted(stop), worker.ended]);
    return undefined;
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

const TRY = [
  'worldfirst-refunds refund worldtrade --request-id R-1 --trade-id trade-1 --wait',
  'worldfirst-refunds refund worldtrade --request-id R-2 --trade-id trade-unknown-3 --inquire-after 10s,10s,10s',
  'worldfirst-refunds list',
];

async function openTemporal(env: NodeJS.ProcessEnv, output: Output) {
  const { startTemporalServer } = await import('../testing/temporal-server.js');
  // It looks for TEMPORAL_ADDRESS by itself, where the flags are not.
  Object.assign(process.env, env);
  try {
    return await startTemporalServer({
      ui: true,
      searchAttributes: SEARCH_ATTRIBUTES,
      onProgress: (line) => output.note(line),
    });
  } catch (error) {
    throw new CliError('NO_TEMPORAL_SERVER', (error as Error).message);
  }
}

/** The user's keys are for the real WorldFirst; the sandbox has its own. */
function withoutKeys(env: NodeJS.ProcessEnv): Record<string, string> {
  const names = Object.keys(env).filter((name) => name.startsWith('WORLDFIRST_'));
  return Object.fromEntries(names.map((name) => [name, '']));
}
