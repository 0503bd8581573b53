import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { type AuditPlace, comparePlaces } from './audit-cursor.js';
import { allExecutionsOf, executionsOf, latestOf, listQuery, quoted } from './list-refunds.js';
import { pacer, withRetries } from './pace.js';
import { attributeOf } from './refund-attributes.js';

/** A time range: `since` is in it, `until` is not. */
export interface TimeRange {
  since: Date;
  until: Date;
}

/** A refund that has an audit record: it ended, its workflow was stopped, or an operator decided about it. */
export interface AuditedRun extends AuditPlace {
  /** `closed`: its workflow closed then. `decided`: the list showed then that an operator had decided, and that the refund continued. */
  kind: 'closed' | 'decided';
  /** The run that closed; of a decision the latest run, whatever has become of it since. */
  run: WorkflowExecutionInfo;
  /** The runs before a reset, a resume or a continue-as-new that Temporal still has, the first one first. */
  earlier: WorkflowExecutionInfo[];
}

// What is held in memory at a time: a range with more is read in parts.
const MOST_RUNS = 1000;
// A query is a text of bounded length.
const REFUNDS_PER_QUERY = 100;
// Temporal limits the list queries of a namespace: 10 a second by default, of all its clients.
const QUERIES_PER_SECOND = 4;

/**
 * The refunds whose workflow closed within a time range, and those that an operator decided about within it, sorted by time, then
 * by workflow id. A run that a later run followed (a reset, a resume, a continue-as-new) is no end of the refund, and is left out.
 * The list lags behind: what happened a moment ago may be missing.
 *
 * Temporal sorts only where its store can, so the range is read in parts, each so short that its runs fit into memory.
 * @param signal ends it between two queries
 * @param turn resolves when the next query may be made
 */
export async function* auditedRuns(
  client: Client,
  { since, until }: TimeRange,
  signal?: AbortSignal,
  turn = pacer(QUERIES_PER_SECOND),
): AsyncGenerator<AuditedRun, void, undefined> {
  const query = async <T>(call: () => Promise<T>): Promise<T> => {
    await turn(signal);
    return withRetries(call, signal);
  };
  const end = until.getTime();
  let [from, length] = [since.getTime(), end - since.getTime()];
  let last: AuditPlace | undefined;
  while (from < end && !signal?.aborted) {
    const to = Math.min(from + length, end);
    const most = to - from > 1 ? MOST_RUNS : Number.POSITIVE_INFINITY;
    const found = await query(() => listedBetween(client, from, to, most));
    if (!found) {
      length = Math.floor((to - from) / 2);
      continue;
    }
    for (let first = 0; first < found.length && !signal?.aborted; first += REFUNDS_PER_QUERY) {
      const listed = found.slice(first, first + REFUNDS_PER_QUERY);
      for (const audited of auditedAmong(listed, await query(() => runsOf(client, listed)))) {
        // The run after a reset has the decision of the run before it, too.
        if (!last || comparePlaces(last, audited) < 0) yield audited;
        last = audited;
      }
    }
    from = to;
    if (found.length < MOST_RUNS / 4) length *= 2;
  }
}

/** A refund as the list has it. */
type Listed = Omit<AuditedRun, 'earlier'>;

/** In the order of the records. Undefined where there are more than `most`. */
async function listedBetween(
  client: Client,
  from: number,
  to: number,
  most: number,
): Promise<Listed[] | undefined> {
  const within = (name: string) => `(${name} >= ${timeOf(from)} AND ${name} < ${timeOf(to)})`;
  const query = `${listQuery({})} AND (${within('CloseTime')} OR ${within('RefundDecidedAt')})`;
  const found: Listed[] = [];
  for await (const run of executionsOf(client, query)) {
    // A store that cuts times off differently may show a few more.
    found.push(...placesOf(run).filter(({ at }) => at >= from && at < to));
    if (found.length > most) return undefined;
  }
  return found.sort((a, b) => comparePlaces(a, b) || a.kind.localeCompare(b.kind));
}

function placesOf(run: WorkflowExecutionInfo): Listed[] {
  const { workflowId, closeTime } = run;
  const decidedAt = attributeOf(run, 'RefundDecidedAt');
  const isClosed = closeTime && run.status.name !== 'CONTINUED_AS_NEW';
  return [
    ...(isClosed ? [{ kind: 'closed' as const, at: closeTime.getTime(), workflowId, run }] : []),
    ...(decidedAt ? [{ kind: 'decided' as const, at: Date.parse(decidedAt), workflowId, run }] : []),
  ];
}

/** All runs of these refunds. */
function runsOf(client: Client, refunds: readonly Listed[]): Promise<WorkflowExecutionInfo[]> {
  const ids = [...new Set(refunds.map(({ workflowId }) => quoted(workflowId)))];
  return allExecutionsOf(client, `WorkflowType = 'refund' AND WorkflowId IN (${ids.join(', ')})`);
}

function* auditedAmong(listed: readonly Listed[], runs: readonly WorkflowExecutionInfo[]) {
  const latest = new Map(latestOf(runs).map((run) => [run.workflowId, run]));
  for (const { run: found, ...place } of listed) {
    // Temporal may have deleted all runs since.
    const run = latest.get(place.workflowId) ?? found;
    if (place.kind === 'closed' && run.runId !== found.runId) continue;
    yield { ...place, run, earlier: otherRuns(run, runs) };
  }
}

/** The other runs of a refund, the first one first. */
function otherRuns(run: WorkflowExecutionInfo, runs: readonly WorkflowExecutionInfo[]) {
  return runs
    .filter(({ workflowId, runId }) => workflowId === run.workflowId && runId !== run.runId)
    .sort((a, b) => a.startTime.getTime() - b.startTime.getTime());
}

function timeOf(milliseconds: number): string {
  return quoted(new Date(milliseconds).toISOString());
}
