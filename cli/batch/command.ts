import { type Command, InvalidArgumentError } from 'commander';
import { InvalidRefundRequestError } from '../../client/errors.js';
import { defineCommand } from '../command.js';
import { CliError } from '../failure.js';
import { fileName } from '../file-error.js';
import { type StartOptions, scheduleFrom, scheduleIssues } from '../start-refund.js';
import { type BatchStatusOptions, batchStatus } from './batch-status.js';
import { idTemplate } from './id-template.js';
import type { BatchFile } from './rows.js';
import type { BatchOptions } from './run.js';
import { nameOf, Spool } from './spool.js';
import { startBatch } from './start-batch.js';

/** `batch`: starts the refunds of a file, thousands of them. */
export function batchCommand(): Command {
  return defineCommand<BatchOptions & StartOptions>('batch [FILE]', {
    description:
      'start all refunds in a CSV or NDJSON file ("-" reads stdin), after all of them were checked; running it again continues',
    examples: [
      "batch recall.csv --id-template 'recall-2026-{tradeId}' --dry-run",
      "batch recall.csv --id-template 'recall-2026-{tradeId}'",
    ],
    run: async (invocation) => {
      const { allowAnother = false, alreadySent = false } = invocation.options;
      const schedule = await scheduleFrom(invocation.options);
      const issues = scheduleIssues(schedule);
      if (issues.length > 0) throw new InvalidRefundRequestError(issues);
      return withFile(invocation.args[0], invocation.options, (file) =>
        startBatch(invocation, file, { ...schedule, allowAnother, alreadySent }),
      );
    },
  })
    .option(
      '--id-template <template>',
      "makes each refundRequestId from columns, such as 'recall-2026-{tradeId}'",
    )
    .option('--dry-run', 'check everything, show what would be started, and start nothing')
    .option('--yes', 'start without asking')
    .option('--skip-refused', 'start the other refunds although some are invalid or refused')
    .option(
      '--results <file>',
      'where the result of each line is written; default: FILE.results.ndjson',
      fileName,
    )
    .option('--concurrency <count>', 'how many starts are under way at a time', wholeNumber, 20)
    .option('--starts-per-second <count>', 'how many starts begin within a second', rate, 20)
    .option('--allow-another', 'start refunds although their orders have other ones: may pay customers twice')
    .option('--already-sent', 'use it if another system may have sent these refunds: inquire before sending')
    .option(
      '--inquire-after <intervals>',
      'the wait before each inquiry while the result is unknown, such as 5m,10m,20m',
    )
    .option('--settle-after <intervals>', 'the wait before each settlement inquiry, such as 0s,5m,24h')
    .enablePositionalOptions()
    .addCommand(statusCommand());
}

/** `batch status`: how far the refunds of a file are. */
function statusCommand(): Command {
  return defineCommand<BatchStatusOptions>('status [FILE]', {
    description: 'show how far the refunds of a batch file are',
    details:
      'Exit codes, the first that applies: 3 some need an operator or were stopped; 4 some ids belong to refunds with different data;\n6 some were not started or have not ended; 1 some have failed or were cancelled, or their lines are invalid; 0 all have succeeded or were accepted.',
    examples: [
      "batch status recall.csv --id-template 'recall-2026-{tradeId}' --outcomes recall.outcomes.ndjson",
    ],
    run: (invocation) =>
      withFile(invocation.args[0], invocation.options, (file) => batchStatus(invocation, file)),
  })
    .option('--id-template <template>', 'the one that the batch was started with')
    .option(
      '--outcomes <file>',
      'write the status of each refund there, and the outcome of those that ended',
      fileName,
    );
}

async function withFile<T>(
  name: string | undefined,
  { idTemplate: template }: { idTemplate?: string },
  use: (file: BatchFile) => Promise<T>,
): Promise<T> {
  if (name === undefined)
    throw new CliError('USAGE', 'give a CSV or NDJSON file, or "-" for stdin. Nothing was done.');
  const ids = template === undefined ? undefined : idTemplate(template);
  const spool = await Spool.of(name);
  try {
    return await use({ spool, name: nameOf(name), template: ids });
  } finally {
    await spool.close();
  }
}

const MOST = 1000;

function wholeNumber(text: string): number {
  if (!/^\d{1,4}$/.test(text) || Number(text) < 1 || Number(text) > MOST)
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${MOST}.`);
  return Number(text);
}

function rate(text: string): number {
  if (!/^\d{1,4}(\.\d+)?$/.test(text) || Number(text) <= 0 || Number(text) > MOST)
    throw new InvalidArgumentError(`It must be a number above 0, at most ${MOST}.`);
  return Number(text);
}
