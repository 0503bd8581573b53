import type { Client } from '@temporalio/client';
import { type AuditPlace, comparePlaces, parseCursor } from './audit-cursor.js';
import { type AuditRecord, auditRecord } from './audit-record.js';
import { type AuditedRun, auditedRuns, type TimeRange } from './audited-runs.js';
import { inOrder } from './in-order.js';

/** Which records {@link RefundClient.auditRecords} yields; `since` or `after` is required. */
export interface AuditOptions {
  /** From this time on. */
  since?: Date;
  /** Until before this time, and until `lag` ago at the latest. */
  until?: Date;
  /** Only what comes after the record with this `cursor`. */
  after?: string;
  /**
   * How far behind the present the records end, in milliseconds; a minute by default. Temporal's list lags behind: a refund
   * that it shows later than that would be missing. It must be longer than the difference of the clocks, too.
   */
  lag?: number;
  /** When it is aborted no more records are yielded. */
  signal?: AbortSignal | undefined;
}

const DEFAULT_LAG = 60_000;

// A record takes two calls or more.
const AT_ONCE = 10;

/** The records of a time range, sorted by `at`, then by workflow id. */
export async function* auditRecords(
  client: Client,
  { since, until, after, lag = DEFAULT_LAG, signal }: AuditOptions,
): AsyncGenerator<AuditRecord, void, undefined> {
  const latest = Date.now() - lag;
  const start = after === undefined ? undefined : parseCursor(after);
  const range = {
    since: new Date(Math.max(start?.at ?? 0, since?.getTime() ?? 0)),
    until: new Date(Math.min(latest, until?.getTime() ?? latest)),
  };
  const runs = auditedAfter(client, range, start, signal);
  for await (const record of inOrder(runs, AT_ONCE, (each) => auditRecord(client, each))) {
    if (signal?.aborted) return;
    yield record;
  }
}

async function* auditedAfter(
  client: Client,
  range: TimeRange,
  start: AuditPlace | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<AuditedRun, void, undefined> {
  for await (const audited of auditedRuns(client, range, signal))
    if (start === undefined || comparePlaces(start, audited) < 0) yield audited;
}
