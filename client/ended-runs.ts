import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { allExecutionsOf, executionsOf, latestOf, listQuery, quoted } from './list-refunds.js';
import { pacer, withRetries } from './pace.js';

/** A time range: `since` is in it, `until` is not. */
export interface TimeRange {
  since: Date;
  until: Date;
}

/** A refund that ended, or whose workflow was stopped, with its last run. */
export interface EndedRun {
  run: ClosedExecution;
  /** The runs before a reset, a resume or a continue-as-new that Temporal still has, the first one first. */
  earlier: WorkflowExecutionInfo[];
}

/** A workflow that is closed. */
type ClosedExecution = WorkflowExecutionInfo & { closeTime: Date };

// What is held in memory at a time: a range with more is read in parts.
const MOST_RUNS = 1000;
// A query is a text of bounded length.
const REFUNDS_PER_QUERY = 100;
// Temporal limits the list queries of a namespace: 10 a second by default, of all its clients.
const QUERIES_PER_SECOND = 4;

/**
 * The refunds whose workflow closed within a time range, sorted by close time, then by workflow id. A run that a later run followed
 * (a reset, a resume, a continue-as-new) is no end of the refund, and is left out. The list lags behind: what closed a moment
 * ago may be missing.
 *
 * Temporal sorts only where its store can, so the range is read in parts, each so short that its runs fit into memory.
 * @param signal ends it between two queries
 * @param turn resolves when the next query may be made
 */
export async function* endedRuns(
  client: Client,
  { since, until }: TimeRange,
  signal?: AbortSignal,
  turn = pacer(QUERIES_PER_SECOND),
): AsyncGenerator<EndedRun, void, undefined> {
  const query = async <T>(call: () => Promise<T>): Promise<T> => {
    await turn(signal);
    return withRetries(call, signal);
  };
  const end = until.getTime();
  let [from, length] = [since.getTime(), end - since.getTime()];
  while (from < end && !signal?.aborted) {
    const to = Math.min(from + length, end);
    const most = to - from > 1 ? MOST_RUNS : Number.POSITIVE_INFINITY;
    const found = await query(() => closedBetween(client, from, to, most));
    if (!found) {
      length = Math.floor((to - from) / 2);
      continue;
    }
    for (let first = 0; first < found.length && !signal?.aborted; first += REFUNDS_PER_QUERY) {
      const closed = found.slice(first, first + REFUNDS_PER_QUERY);
      yield* endsAmong(closed, await query(() => runsOf(client, closed)));
    }
    from = to;
    if (found.length < MOST_RUNS / 4) length *= 2;
  }
}

/** The same order whenever they are listed. */
function compareRuns(a: ClosedExecution, b: ClosedExecution): number {
  const later = a.closeTime.getTime() - b.closeTime.getTime();
  if (later !== 0) return later;
  return a.workflowId < b.workflowId ? -1 : 1;
}

/** Undefined where there are more than `most`. */
async function closedBetween(
  client: Client,
  from: number,
  to: number,
  most: number,
): Promise<ClosedExecution[] | undefined> {
  const query = `${listQuery({})} AND CloseTime >= ${timeOf(from)} AND CloseTime < ${timeOf(to)}`;
  const found: ClosedExecution[] = [];
  for await (const execution of executionsOf(client, query)) {
    const { closeTime, status } = execution;
    // A store that cuts times off differently may show a few more.
    if (!closeTime || closeTime.getTime() < from || closeTime.getTime() >= to) continue;
    if (status.name === 'CONTINUED_AS_NEW') continue;
    found.push(Object.assign(execution, { closeTime }));
    if (found.length > most) return undefined;
  }
  return found.sort(compareRuns);
}

/** All runs of these refunds. */
function runsOf(client: Client, refunds: readonly WorkflowExecutionInfo[]): Promise<WorkflowExecutionInfo[]> {
  const ids = [...new Set(refunds.map(({ workflowId }) => quoted(workflowId)))];
  return allExecutionsOf(client, `WorkflowType = 'refund' AND WorkflowId IN (${ids.join(', ')})`);
}

function* endsAmong(closed: readonly ClosedExecution[], runs: readonly WorkflowExecutionInfo[]) {
  const latest = new Set(latestOf(runs).map(({ runId }) => runId));
  for (const run of closed) {
    const earlier = otherRuns(run, runs);
    // Temporal may have deleted all of them since.
    if (latest.has(run.runId) || earlier.length === 0) yield { run, earlier };
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
