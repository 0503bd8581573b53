import type { Command } from 'commander';
import { defineCommand } from '../command.js';
import { fileName } from '../file-error.js';
import { interval, pointInTime } from '../time.js';
import { type ExportOptions, exportRecords } from './export.js';

const DETAILS = `Each line is a record: the request, the outcome, the decisions with who and why, the ids, the timeline.
A record appears a minute after the end of its refund, or after the decision. Workers must run: they have the timelines.
Exit codes: 0 all were exported; 1 the webhook answered 410 Gone; 2 invalid input, or the file cannot be written;
5 no Temporal, no worker, or the webhook did not accept an event: what was written before is complete, and running it
again continues; 130 stopped by Ctrl-C (with --follow: 0).`;

/** `export`: writes the records of refunds that ended, or that an operator decided about, for an archive. */
export function exportCommand(): Command {
  return defineCommand<ExportOptions>('export', {
    description:
      'write an audit record of each refund that ended, was stopped, or was decided about, as NDJSON',
    details: DETAILS,
    examples: [
      'export --since 7d > refunds.ndjson',
      'export --since 30d --append archive.ndjson',
      'export --since 1d --webhook cursor.txt --follow',
    ],
    run: exportRecords,
  })
    .option('--since <time>', 'what happened since then: 7d, 2026-11-01 or 2026-11-01T08:00:00Z', pointInTime)
    .option('--until <time>', 'what happened before then', pointInTime)
    .option('--after <cursor>', 'only the records after the one with this cursor')
    .option('--append <file>', 'append to this file, and continue after its last record', fileName)
    .option(
      '--webhook <file>',
      'send each record as an event to REFUND_ENDED_WEBHOOK_URL; the file keeps the cursor of the last one',
      fileName,
    )
    .option('--follow', 'go on until it is stopped, and write records as they come')
    .option(
      '--lag <interval>',
      "how long ago the end or the decision must be: Temporal's list lags behind; 1m by default",
      interval,
    );
}
