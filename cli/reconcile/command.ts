import type { Command } from 'commander';
import { defineCommand } from '../command.js';
import { CliError } from '../failure.js';
import { fileName } from '../file-error.js';
import { type ReconcileOptions, withPeriodFlags } from './flags.js';
import { reconcile } from './reconcile.js';
import { scheduleCommand } from './schedule.js';
import { statementColumns } from './statement-columns.js';
import { readStatuses } from './statement-statuses.js';

const DETAILS = `It uses the worker's variables: WORLDFIRST_BASE_URL, WORLDFIRST_CLIENT_ID and the keys. It never changes a refund.
Exit codes: 0 all agree; 1 there are differences; 5 no difference, but WorldFirst gave no answer about some refunds.`;

/** `reconcile`: compares Temporal with WorldFirst, and with a statement. */
export function reconcileCommand(): Command {
  const command = defineCommand<ReconcileOptions>('reconcile', {
    description:
      'inquire again about refunds that have ended or wait for an operator, and report where WorldFirst and Temporal differ',
    details: DETAILS,
    examples: [
      'reconcile --since 7d --csv differences.csv',
      "reconcile --since 31d --statement november.csv --columns 'id=Merchant Ref,amount=Amount,currency=Ccy,date=Date'",
    ],
    run: async (invocation) => {
      const { statement, columns } = invocation.options;
      if ((statement === undefined) !== (columns === undefined))
        throw new CliError(
          'USAGE',
          '--statement and --columns belong together: give both, or neither. Nothing was compared.',
        );
      return reconcile(invocation, columns === undefined ? undefined : statementColumns(columns));
    },
  });
  return withPeriodFlags(command)
    .option(
      '--statement <file>',
      'compare with this statement too: a CSV file with a header; "-" reads stdin',
      fileName,
    )
    .option(
      '--columns <mapping>',
      "the statement's columns, such as 'id=Merchant Ref,amount=Amount,currency=Ccy'; also refundId, status, date",
    )
    .option(
      '--statuses <words>',
      "what other words of its status column mean, such as 'Gebucht=paid,Storno=unpaid,Offen=pending'",
      readStatuses,
    )
    .option('--csv <file>', 'write the report there as CSV', fileName)
    .enablePositionalOptions()
    .addCommand(scheduleCommand());
}
