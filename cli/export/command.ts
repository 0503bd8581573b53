import type { Command } from 'commander';
import { defineCommand } from '../command.js';
import { type ExportOptions, exportRecords } from './export.js';
import { interval, pointInTime } from './time.js';

const DETAILS = `Each line is a record: the request, the outcome, the decisions with who and why, the ids, the timeline.
A record appears a minute after the end of its refund. Workers must run: they have the timelines.
Exit codes: 0 all were exported; 2 invalid input, or the file cannot be written; 5 no Temporal or no worker: what was
written before is complete, and running it again with --append continues; 130 stopped by Ctrl-C.`;

/** `export`: writes the records of refunds that ended, for an archive. */
export function exportCommand(): Command {
  return defineCommand<ExportOptions>('export', {
    description: 'write an audit record of each refund that ended, or whose workflow was stopped, as NDJSON',
    details: DETAILS,
    examples: ['export --since 7d > refunds.ndjson', 'export --since 30d --append archive.ndjson'],
    run: exportRecords,
  })
    .option(
      '--since <time>',
      'refunds that ended since then: 7d, 2026-11-01 or 2026-11-01T08:00:00Z',
      pointInTime,
    )
    .option('--until <time>', 'refunds that ended before then', pointInTime)
    .option('--after <cursor>', 'only the records after the one with this cursor')
    .option('--append <file>', 'append to this file, and continue after its last record')
    .option(
      '--lag <interval>',
      "how long ago a refund must have ended: Temporal's list lags behind; 1m by default",
      interval,
    );
}
