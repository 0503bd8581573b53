import { Command, CommanderError } from 'commander';
import { batchCommand } from './batch/command.js';
import { decideCommand } from './decide.js';
import { devCommand } from './dev.js';
import { codecServerCommand, encryptionKeyCommand } from './encryption.js';
import { exportCommand } from './export/command.js';
import { EXIT } from './failure.js';
import { listCommand } from './list.js';
import { notificationsCommand } from './notifications.js';
import { checkCommand, escalateCommand, resumeCommand, showCommand } from './one-refund.js';
import { Output } from './output.js';
import { reconcileCommand } from './reconcile/command.js';
import { refundCommand } from './refund.js';
import { sandboxCommand } from './sandbox.js';
import { setupCommand } from './setup.js';
import { version } from './version.js';
import { workerCommand } from './worker.js';

/** The whole command line. */
export function createProgram(): Command {
  const program = new Command('worldfirst-refunds')
    .description('Start WorldFirst refunds, follow them, and decide what an operator must decide.')
    .version(version)
    .enablePositionalOptions()
    .exitOverride()
    .addHelpText('after', EXIT_CODES);
  const commands = [
    refundCommand(),
    batchCommand(),
    showCommand(),
    listCommand(),
    decideCommand(),
    checkCommand(),
    escalateCommand(),
    resumeCommand(),
    reconcileCommand(),
    exportCommand(),
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
  0  done; with --wait: succeeded, or accepted without confirmation that the money arrived
  1  with --wait: failed or cancelled; without: a decision or a check was refused;
     batch: some refunds of the file were refused, the others started; batch status: some failed;
     reconcile: there are differences; export: the webhook answered 410 Gone
  2  invalid input or configuration: nothing was done
  3  the refund needs an operator, or its workflow was terminated or failed: the money may have moved
  4  the id belongs to a refund with different data, or the order has another refund: nothing was started
  5  no Temporal, no worker or no such refund; a refund may be started: repeat with the SAME id;
     reconcile: WorldFirst gave no answer about some refunds; export: the webhook
     did not accept an event
  6  batch status: some refunds were not started or have not ended
  70  internal error: a refund or a decision may have taken effect; check with \`show ID\`
  130  Ctrl-C, Esc or an answer of no; a refund that was started continues
  143  ended by a second SIGTERM: the result of a running call is unknown

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
