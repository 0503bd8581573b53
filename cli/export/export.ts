import { once } from 'node:events';
import type { AuditRecord } from '../../client/audit-record.js';
import type { AuditOptions } from '../../client/audit-records.js';
import type { NoWorkerError } from '../../client/errors.js';
import type { RefundClient } from '../../client/refund-client.js';
import { escapeInvisible } from '../../internal/sanitize.js';
import type { Invocation } from '../command.js';
import { CliError, EXIT, type ExitCode } from '../failure.js';
import { stopSignal } from '../stop-signal.js';
import { withRefunds } from '../temporal.js';
import { counted } from '../terminal.js';
import { ArchiveFile } from './archive-file.js';

/** The flags of `export`. */
export interface ExportOptions {
  since?: Date;
  until?: Date;
  after?: string;
  append?: string;
  /** Milliseconds. */
  lag?: number;
}

/** What was exported, as `--append --json` prints it. */
interface Exported {
  exported: number;
  /** The next export continues after it. */
  cursor?: string;
}

/** Writes the records of refunds that ended, one a line. */
export async function exportRecords({ options, output, env }: Invocation<ExportOptions>): Promise<ExitCode> {
  const { since, until, after, append, lag } = options;
  checkStart(options);
  const archive = append === undefined ? undefined : new ArchiveFile(append);
  const signal = stopSignal();
  try {
    const cursor = after ?? archive?.lastCursor();
    if (cursor === undefined && since === undefined)
      throw usage(`${append} has no record yet, so give --since as well.`);
    const range = {
      signal,
      ...(since && { since }),
      ...(until && { until }),
      ...(cursor !== undefined && { after: cursor }),
      ...(lag !== undefined && { lag }),
    };
    const write = archive ? async (record: AuditRecord) => archive.append(record) : print;
    const done = await withRefunds(env, (refunds) => writeAll(refunds, range, write));
    const next = done.cursor && append === undefined ? `; the next export: --after '${done.cursor}'` : '';
    const text = () => `exported ${counted(done.exported)}${append === undefined ? next : ` to ${append}`}`;
    if (append !== undefined) output.result({ file: append, ...done }, text);
    else output.note(text());
    if (signal.aborted) output.note('stopped: run the command again to continue');
    return signal.aborted ? EXIT.interrupted : EXIT.done;
  } finally {
    archive?.close();
  }
}

function checkStart({ since, until, after, append }: ExportOptions): void {
  if (append !== undefined && after !== undefined)
    throw usage('--append continues after the last record of its file, so it cannot have --after.');
  if (since === undefined && after === undefined && append === undefined)
    throw usage('Give --since, --after or --append.');
  if (since && until && until <= since) throw usage('--until must be later than --since.');
}

function usage(message: string): CliError {
  return new CliError('USAGE', `${message} Nothing was exported.`);
}

async function writeAll(
  refunds: RefundClient,
  range: AuditOptions,
  write: (record: AuditRecord) => Promise<void>,
): Promise<Exported> {
  const { isRefundError } = await import('../../client/errors.js');
  const done: Exported = { exported: 0, ...(range.after !== undefined && { cursor: range.after }) };
  try {
    for await (const record of refunds.auditRecords(range)) {
      await write(record);
      done.exported += 1;
      done.cursor = record.cursor;
    }
  } catch (error) {
    throw isRefundError(error) && error.code === 'NO_WORKER' ? withoutWorker(error, done) : error;
  }
  return done;
}

async function print(record: AuditRecord): Promise<void> {
  if (process.stdout.write(`${escapeInvisible(JSON.stringify(record))}\n`)) return;
  await once(process.stdout, 'drain');
}

function withoutWorker(
  { refundRequestId, taskQueue }: NoWorkerError,
  { exported, cursor }: Exported,
): CliError {
  const queue = taskQueue === undefined ? '' : ` on the task queue "${taskQueue}"`;
  const before = exported === 0 ? 'Nothing was exported' : `The ${counted(exported)} before it were exported`;
  const next = cursor === undefined ? '' : ` It continues with --append, or with --after '${cursor}'.`;
  return new CliError(
    'NO_WORKER',
    `No worker${queue} answered, and only a worker has the timeline of refund ${refundRequestId}. ${before}. ` +
      `Start a worker, and run the command again.${next}`,
  );
}
