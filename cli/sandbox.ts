import { type Command, InvalidArgumentError } from 'commander';
import type { Sandbox, SandboxOptions } from '../testing/sandbox/index.js';
import { formatScenarios } from '../testing/sandbox/scenario-table.js';
import { defineCommand } from './command.js';
import { CliError } from './failure.js';
import { portNumber } from './http-server.js';
import { exportLines } from './shell.js';
import { aborted, stopSignal } from './stop-signal.js';

/** The flags of commands that run a sandbox. */
export interface SandboxFlags {
  port?: number;
  keys?: string;
  notifyUrl?: string;
  state?: string;
  faultShare?: number;
  faultSeed?: number;
}

const KEYS = '.worldfirst-sandbox';

/** `sandbox`: a WorldFirst on this machine. */
export function sandboxCommand(): Command {
  const command = defineCommand<SandboxFlags>('sandbox', {
    description:
      'run a local WorldFirst on loopback until SIGINT or SIGTERM, and print the environment that connects to it',
    details: formatScenarios(),
    examples: ['sandbox --port 8089'],
    run: async ({ options, output }) => {
      const stop = stopSignal();
      const sandbox = await open(options);
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
    .option('--keys <folder>', `where its keys are kept for the next start: ${KEYS} when absent`)
    .option('--notify-url <url>', 'where it sends closure notifications; nowhere when absent', httpUrl)
    .option('--state <file>', 'where it keeps what happens for the next start; in memory only when absent')
    .option(
      '--fault-share <share>',
      'the share of calls that get a fault, from 0 to 1; none when absent',
      share,
    )
    .option('--fault-seed <number>', 'decides which calls get which fault; 1 when absent', wholeNumber);
}

/** The sandbox's options from the flags. */
export function sandboxOptions(flags: SandboxFlags): SandboxOptions {
  const { port = 0, keys = KEYS, notifyUrl, state, faultShare, faultSeed = 1 } = flags;
  return {
    port,
    keysDir: keys,
    ...(notifyUrl !== undefined && { notifyUrl }),
    ...(state !== undefined && { stateFile: state }),
    ...(faultShare !== undefined && { faults: { seed: faultSeed, share: faultShare } }),
  };
}

/** The error of a sandbox that did not start because of its flags. */
export function sandboxFailure(error: unknown, { port }: SandboxFlags): CliError | undefined {
  const { code, syscall, name, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return new CliError(
      'CONFIGURATION',
      `Port ${port} is in use. Choose another --port, or 0 for any free one.`,
    );
  if (syscall !== undefined || name === 'SandboxFileError')
    return new CliError('CONFIGURATION', `The sandbox cannot start: ${message}`);
  return undefined;
}

async function open(flags: SandboxFlags): Promise<Sandbox> {
  const { startSandbox } = await import('../testing/sandbox/index.js');
  try {
    return await startSandbox(sandboxOptions(flags));
  } catch (error) {
    throw sandboxFailure(error, flags) ?? error;
  }
}

function share(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !(number >= 0 && number <= 1))
    throw new InvalidArgumentError('It must be a number from 0 to 1.');
  return number;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

function httpUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError('It must be a URL such as http://127.0.0.1:8090/worldfirst/notifications.');
}
