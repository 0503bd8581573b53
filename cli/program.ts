import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { decideCommand } from './decide.js';
import { devCommand } from './dev.js';
import { codecServerCommand, encryptionKeyCommand } from './encryption.js';
import { EXIT } from './failure.js';
import { listCommand } from './list.js';
import { notificationsCommand } from './notifications.js';
import { checkCommand, escalateCommand, resumeCommand, showCommand } from './one-refund.js';
import { Output } from './output.js';
import { refundCommand } from './refund.js';
import { sandboxCommand } from './sandbox.js';
import { setupCommand } from './setup.js';
import { workerCommand } from './worker.js';

const { version } = createRequire(import.meta.url)('worldfirst-refunds/package.json') as { version: string };

/** The whole command line. */
export function createProgram(): Command {
  const program = new Command('worldfirst-refunds')
    .description('One WorldFirst refund as one Temporal workflow.')
    .version(version)
    .enablePositionalOptions()
    .exitOverride()
    .addHelpText('after', EXIT_CODES);
  const commands = [
    refundCommand(),
    showCommand(),
    listCommand(),
    decideCommand(),
    checkCommand(),
    escalateCommand(),
    resumeCommand(),
    workerCommand(),
    notificationsCommand(),
    setupCommand(),
    encryptionKeyCommand(),
    codecServerCommand(),
    sandboxCommand(),
    devCommand(),
  ];
  for (const command of commands) program.addCommand(command);
  return program;
}

const EXIT_CODES = `
Exit codes:
  0  done; with --wait: succeeded or accepted
  1  with --wait: failed or cancelled; a decision was refused
  2  bad input or configuration: nothing was started
  3  with --wait: the refund needs an operator; the workflow of the refund was terminated or failed
  4  the same id is in use with another content, or the order has another refund: nothing was started
  5  Temporal cannot be reached, no worker answers, or there is no such refund
  70  a mistake of this program: whether anything was done is not known (\`show ID\` says it)
  130  left with Ctrl-C or Esc, or a question was answered with no
  143  ended by a second SIGTERM, before what was under way was finished

Example:
  $ worldfirst-refunds dev`;

/** Runs one command line to its end, and sets the exit code of the process. */
export async function runProgram(args: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.badInput;
    // Commander has printed it as text.
    if (error.exitCode !== 0 && args.some((word) => word === '--json' || word === '--json-lines'))
      new Output('json').document({
        error: { code: 'USAGE', message: error.message.replace(/^error: /, '') },
      });
  }
}
