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

/** `sandbox`: a simulated WorldFirst on this machine. */
export function sandboxCommand(): Command {
  const command = defineCommand<SandboxFlags>('sandbox', {
    description:
      'run the sandbox, a simulated WorldFirst on this machine, until SIGINT or SIGTERM, and print its variables',
    details: formatScenarios(),
    examples: ['sandbox --port 8089'],
    run: async ({ options, output }) => {
      const stop = stopSignal();
      const sandbox = await open(options);
      output.note(`sandbox ready: ${sandbox.url}; journal: ${sandbox.url}/journal`);
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
    .option('--port <port>', "the sandbox's port; default: any free port", portNumber)
    .option('--keys <folder>', `the folder for its keys; default: ${KEYS}`)
    .option('--notify-url <url>', 'the URL for closure notifications; default: none are sent', httpUrl)
    .option('--state <file>', 'the file for its state; default: memory only')
    .option(
      '--fault-share <share>',
      'the share of calls that fail on purpose, from 0 to 1; default: 0',
      share,
    )
    .option('--fault-seed <number>', 'decides which calls get which fault; default: 1', wholeNumber);
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
