import { type Command, InvalidArgumentError } from 'commander';
import type { Sandbox } from '../sandbox/index.js';
import { formatScenarios } from '../sandbox/scenarios.js';
import { defineCommand } from './command.js';
import { CliError } from './failure.js';
import { exportLines } from './shell.js';
import { aborted, stopSignal } from './stop-signal.js';

/** The flags of what runs a sandbox. */
export interface SandboxFlags {
  port?: number;
  keys?: string;
}

const KEYS = '.worldfirst-sandbox';

/** `sandbox`: a WorldFirst on this machine. */
export function sandboxCommand(): Command {
  const command = defineCommand<SandboxFlags>('sandbox', {
    description:
      'run a local WorldFirst on loopback until SIGINT or SIGTERM, and print the environment that connects to it',
    details: formatScenarios(),
    example: 'sandbox --port 8089',
    run: async ({ options, output }) => {
      const stop = stopSignal();
      const sandbox = await openSandbox(options);
      output.note(`sandbox ready: ${sandbox.url}; what happened is at ${sandbox.url}/journal`);
      output.result({ env: sandbox.env }, () => exportLines(sandbox.env));
      await aborted(stop);
      await sandbox.stop();
      return undefined;
    },
  });
  return withSandboxFlags(command);
}

/** Adds the flags to a command. */
export function withSandboxFlags(command: Command): Command {
  return command
    .option('--port <port>', "the sandbox's port; 0, and so any free one, when absent", portNumber)
    .option('--keys <folder>', `where its keys are kept for the next start: ${KEYS} when absent`);
}

/** Starts a sandbox as the flags say. */
export async function openSandbox({ port = 0, keys = KEYS }: SandboxFlags): Promise<Sandbox> {
  const { startSandbox } = await import('../sandbox/index.js');
  try {
    return await startSandbox({ port, keysDir: keys });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason =
      code === 'EADDRINUSE' ? `port ${port} is in use; choose another one, or 0 for any` : message;
    throw new CliError('CONFIGURATION', `The sandbox cannot start: ${reason}`);
  }
}

function portNumber(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('It is no port number.');
  return Number(text);
}
