import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from '@temporalio/worker';
import { type ListedStatus, type RefundClient, type RefundView, workflowIdOf } from 'worldfirst-refunds';
import type { Journal, JournalEntry, Movement } from 'worldfirst-refunds/testing';
import { refundWorkflowBundlePath } from 'worldfirst-refunds/worker';
import { type History, type Runs, runsOfInquiries } from './history.js';
import { type ChaosRefund, referenceOf } from './refunds.js';
import type { Stage } from './stage.js';

/** The end of one refund in a run. */
export interface Ended {
  refund: ChaosRefund;
  /** Absent when it did not become idle; `problem` says why. */
  view?: RefundView;
  problem?: string;
  /** From its start until it was idle for the last time. */
  seconds: number;
}

/** Everything that is known about one refund in the end: from Temporal, from WorldFirst's journal, and from its view. */
export interface Evidence extends Ended {
  /** Its status in Temporal's list. */
  listed?: ListedStatus;
  history?: History;
  /** Why the history does not replay. */
  replayError?: string;
  inquiries: Runs;
  /** Every request that WorldFirst received for it. */
  calls: JournalEntry[];
  movements: Movement[];
}

/** WorldFirst's journal, as the sandbox serves it. */
export type JournalRecord = ReturnType<Journal['toJSON']>;

/** Reads WorldFirst's journal. */
export async function readJournal(stage: Stage): Promise<JournalRecord> {
  await stage.sandbox.ready();
  const response = await fetch(`${stage.env.WORLDFIRST_BASE_URL}/journal`);
  return (await response.json()) as JournalRecord;
}

/** Gathers the evidence of all refunds. */
export async function gather(
  stage: Stage,
  refunds: RefundClient,
  journal: JournalRecord,
  ended: readonly Ended[],
): Promise<Evidence[]> {
  const calls = callsByReference(journal.entries, ended);
  const histories = await historiesOf(stage, ended);
  const [replayErrors, listed] = [await replay(histories), await listedStatuses(refunds, ended)];
  return ended.map((each) => {
    const { request } = each.refund;
    const history = histories.get(request.refundRequestId);
    const status = listed.get(request.refundRequestId);
    const replayError = replayErrors.get(workflowIdOf(request.refundRequestId));
    return {
      ...each,
      ...(status && { listed: status }),
      ...(history && { history }),
      ...(replayError !== undefined && { replayError }),
      inquiries: history ? runsOfInquiries(history) : { unknown: 0, accepted: 0 },
      calls: calls.get(referenceOf(request)) ?? [],
      movements: journal.movements.filter(({ reference }) => reference === referenceOf(request)),
    };
  });
}

/** The requests by their trade or payment. An inquiry names only the request id. */
function callsByReference(
  entries: readonly JournalEntry[],
  ended: readonly Ended[],
): Map<string, JournalEntry[]> {
  const references = new Map(
    ended.map(({ refund: { request } }) => [request.refundRequestId, referenceOf(request)]),
  );
  for (const { id, reference } of entries) if (id && reference) references.set(id, reference);
  const calls = new Map<string, JournalEntry[]>();
  for (const entry of entries) {
    const reference = entry.reference ?? references.get(entry.id ?? '') ?? '';
    calls.set(reference, [...(calls.get(reference) ?? []), entry]);
  }
  return calls;
}

async function historiesOf({ client }: Stage, ended: readonly Ended[]): Promise<Map<string, History>> {
  const histories = new Map<string, History>();
  for (const { refund } of ended) {
    const id = refund.request.refundRequestId;
    const handle = client.workflow.getHandle(workflowIdOf(id));
    const history = await handle.fetchHistory().catch(() => undefined);
    if (history) histories.set(id, history);
  }
  return histories;
}

async function replay(histories: ReadonlyMap<string, History>): Promise<Map<string, string>> {
  const errors = new Map<string, string>();
  const all = [...histories].map(([id, history]) => ({ workflowId: workflowIdOf(id), history }));
  const workflowBundle = { codePath: refundWorkflowBundlePath };
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle }, all)) {
    if (error) errors.set(workflowId, error.message);
  }
  return errors;
}

const LIST_LAGS_MS = 10_000;

/** The statuses in Temporal's list, once they agree with the views or the list had its time. */
async function listedStatuses(
  refunds: RefundClient,
  ended: readonly Ended[],
): Promise<Map<string, ListedStatus>> {
  const deadline = Date.now() + LIST_LAGS_MS;
  for (;;) {
    const statuses = new Map<string, ListedStatus>();
    for await (const { refundRequestId, status } of refunds.list()) statuses.set(refundRequestId, status);
    const agrees = ({ refund, view }: Ended) =>
      view === undefined || statuses.get(refund.request.refundRequestId) === view.status;
    if (ended.every(agrees) || Date.now() > deadline) return statuses;
    await sleep(500);
  }
}
