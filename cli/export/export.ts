import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseCursor } from '../../client/audit-cursor.js';
import type { AuditRecord } from '../../client/audit-record.js';
import type { AuditOptions } from '../../client/audit-records.js';
import type { NoWorkerError } from '../../client/errors.js';
import type { RefundClient } from '../../client/refund-client.js';
import { escapeInvisible } from '../../internal/sanitize.js';
import type { Invocation } from '../command.js';
import { CliError, EXIT, type ExitCode } from '../failure.js';
import { lockFile } from '../file-lock.js';
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
  /** The file with the cursor. */
  webhook?: string;
  follow?: true;
  /** Milliseconds. */
  lag?: number;
}

/** What was exported, as `--append --json` prints it. */
interface Exported {
  exported: number;
  /** The next export continues after it. */
  cursor?: string;
}

/** Where records go. */
interface Sink {
  /** Of the last record that is there. */
  lastCursor?(namespace: string): string | undefined;
  write(record: AuditRecord): Promise<void> | void;
  close?(): void;
}

const DEFAULT_LAG = 60_000;
// The times in cursors are those of Temporal's clock.
const CLOCKS_DIFFER_MS = 3_600_000;

/** Writes the records of refunds that ended, or that an operator decided about. */
export async function exportRecords(invocation: Invocation<ExportOptions>): Promise<ExitCode> {
  const { options } = invocation;
  checkFlags(options);
  const signal = stopSignal();
  const file = options.append ?? options.webhook;
  const unlock = file === undefined ? undefined : lockFile(file);
  let sink: Sink | undefined;
  try {
    sink = await sinkOf(invocation, signal);
    return await exportTo(sink, invocation, signal);
  } finally {
    sink?.close?.();
    unlock?.();
  }
}

async function exportTo(
  sink: Sink,
  { options, output, env }: Invocation<ExportOptions>,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { since, until, after, append, webhook, follow, lag = DEFAULT_LAG } = options;
  const file = append ?? webhook;
  const { temporalConfig } = await import('../../client/temporal-config.js');
  const cursor = after ?? sink.lastCursor?.(temporalConfig(env).namespace);
  if (cursor !== undefined && (parseCursor(cursor)?.at ?? 0) > Date.now() + CLOCKS_DIFFER_MS)
    throw usage(`The cursor ${cursor} is in the future, so no record would come after it.`);
  if (cursor === undefined && since === undefined)
    throw usage(`${file} has no record yet, so give --since as well.`);
  const range = { signal, lag, ...(since && { since }), ...(until && { until }) };
  const done: Exported = { exported: 0, ...(cursor !== undefined && { cursor }) };
  const warn = (message: string) => output.warn(`${message} It is tried again.`);
  await withRefunds(env, (refunds) =>
    follow ? followAll(refunds, range, sink, done, warn) : writeAll(refunds, range, sink, done),
  );
  const next = done.cursor && !file ? `; the next export: --after '${done.cursor}'` : '';
  const text = () =>
    `exported ${counted(done.exported, 'record')}${append === undefined ? next : ` to ${append}`}`;
  if (file !== undefined) output.result({ file, ...done }, text);
  else output.note(text());
  if (!signal.aborted || follow) return EXIT.done;
  output.note('stopped: run the command again to continue');
  return EXIT.interrupted;
}

async function sinkOf(
  { options: { since, append, webhook }, env, output }: Invocation<ExportOptions>,
  signal: AbortSignal,
): Promise<Sink> {
  if (append !== undefined) return new ArchiveFile(append, { create: since !== undefined });
  if (webhook === undefined) return { write: print };
  const { EndedWebhook } = await import('./webhook.js');
  return new EndedWebhook(env, webhook, { signal, output });
}

function checkFlags({ since, until, after, append, webhook, follow }: ExportOptions): void {
  if (append !== undefined && webhook !== undefined)
    throw usage('Run one export with --append, and another one with --webhook.');
  const file = append === undefined ? webhook : append;
  if (file !== undefined && after !== undefined)
    throw usage('--append and --webhook continue at the cursor in their file, so they cannot have --after.');
  if (since === undefined && after === undefined && file === undefined)
    throw usage('Give --since, --after, --append or --webhook.');
  if (after !== undefined && !parseCursor(after))
    throw usage('--after must be the cursor of a record, such as 2026-11-22T08:00:00.000Z/refund:R-1.');
  if (since && since >= new Date()) throw usage(`--since ${since.toISOString()} is in the future.`);
  if (follow && until) throw usage('--follow has no end, so it cannot have --until.');
  if (since && until && until <= since) throw usage('--until must be later than --since.');
}

function usage(message: string): CliError {
  return new CliError('USAGE', `${message} Nothing was exported.`);
}

/** Writes what there is, and notes in `done` how far it came. */
async function writeAll(
  refunds: RefundClient,
  range: AuditOptions,
  sink: Sink,
  done: Exported,
): Promise<void> {
  const { isRefundError } = await import('../../client/errors.js');
  const { cursor } = done;
  try {
    for await (const record of refunds.auditRecords({ ...range, ...(cursor && { after: cursor }) })) {
      await sink.write(record);
      done.exported += 1;
      done.cursor = record.cursor;
    }
  } catch (error) {
    throw isRefundError(error) && error.code === 'NO_WORKER' ? withoutWorker(error, done) : error;
  }
}

// These pass without a change of the command.
const PASSING = ['NO_WORKER', 'TEMPORAL_UNREACHABLE', 'TEMPORAL_BUSY', 'WEBHOOK_FAILED'];
// Between two looks.
const LONGEST_PAUSE = 10_000;
const SHORTEST_PAUSE = 1_000;

/** Writes records as refunds end and are decided about, until it is stopped. */
async function followAll(
  refunds: RefundClient,
  range: AuditOptions & { lag: number; signal: AbortSignal },
  sink: Sink,
  done: Exported,
  warn: (message: string) => void,
): Promise<void> {
  const { lag, signal } = range;
  const pause = Math.max(SHORTEST_PAUSE, Math.min(lag, LONGEST_PAUSE));
  while (!signal.aborted) {
    try {
      await writeAll(refunds, range, sink, done);
    } catch (error) {
      const { code = '', message } = error as { code?: string; message: string };
      if (signal.aborted) return;
      if (!PASSING.includes(code)) throw error;
      warn(message);
    }
    await sleep(pause, undefined, { signal }).catch(() => {});
  }
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
  const before =
    exported === 0 ? 'Nothing was exported' : `The ${counted(exported, 'record')} before it were exported`;
  const next =
    cursor === undefined
      ? ''
      : ` Run again, it continues with --append or --webhook, or with --after '${cursor}'.`;
  return new CliError(
    'NO_WORKER',
    `No worker${queue} answered, and only a worker has the timeline of refund ${refundRequestId}. ${before}. ` +
      `Start a worker.${next}`,
  );
}
