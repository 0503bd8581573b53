import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import type { ProviderIds } from '../rules/answer.js';
import { decisionText } from '../rules/decide.js';
import { refundRequestIdOf } from '../rules/ids.js';
import type { Decision } from '../rules/messages.js';
import type { Amount } from '../rules/money.js';
import type { RefundOutcome } from '../rules/outcome.js';
import type { Product, RefundRequest } from '../rules/request.js';
import { type LastAnswer, referenceOf, type TimelineEntry } from '../rules/state.js';
import type { SubmissionState } from '../rules/submission.js';
import type { RefundView } from '../rules/view.js';
import { refundQuery } from '../workflows/definitions.js';
import { cursorOf } from './audit-cursor.js';
import type { AuditedRun } from './audited-runs.js';
import { NoWorkerError, RefundNotFoundError, RefundNotRunError } from './errors.js';
import { type ListedStatus, summaryOf } from './list-refunds.js';
import { withRetries } from './pace.js';
import { type RunHistory, runHistory, type WorkflowStop } from './run-history.js';
import { isPaused } from './stopped.js';
import { A_QUERY, answeredByWorker } from './translate.js';

/** Everything that is known of one refund that ended, whose workflow was stopped, or that an operator decided about. Times are ISO 8601 in UTC. */
export interface AuditRecord {
  /** The version of this format. A version may add fields; it removes and changes none. */
  version: 1;
  /**
   * `ended`: the refund has an outcome. `stopped`: its workflow was terminated or failed, and the money may have moved; a
   * resumed refund has another record at its end. `decided`: an operator decided, and the refund continued. The record has
   * everything that is known when it is made, and the refund has another one at its end.
   */
  kind: 'ended' | 'stopped' | 'decided';
  /** The place of the record among all, which names it: the next export takes up `after` it. */
  cursor: string;
  /** When it ended or was stopped, or when the decision came into the list. */
  at: string;
  refundRequestId: string;
  workflowId: string;
  namespace: string;
  /** The run that ended; of a decision the latest run. */
  runId: string;
  product: Product;
  /** `tradeId` or `payToId`. */
  reference: string;
  status: ListedStatus;
  startedAt: string;
  /** Missing until it is known, and for several currencies. */
  amount?: Amount;
  /** The id in use towards WorldFirst, and WorldFirst's ids as far as they are known. */
  ids?: { providerRequestId: string } & ProviderIds;
  /** What is certain about the request under the id in use. Missing where the workflow never ran, and while it is paused. */
  submission?: SubmissionState;
  /** WorldFirst's last answer. */
  lastAnswer?: LastAnswer;
  /** As it was given. */
  request: RefundRequest;
  /** Only if the refund has ended. */
  outcome?: RefundOutcome;
  /** Only if the workflow was stopped. */
  stopped?: WorkflowStop;
  /** The decisions in all runs, as operators sent them. */
  decisions: AuditDecision[];
  /** What happened. Missing where the workflow never ran, and while an operator has paused it. */
  timeline?: TimelineEntry[];
  /** The runs before a reset, a resume or a continue-as-new that Temporal still had, the first one first. */
  earlierRuns: AuditRun[];
}

/** A decision with who, why and when. */
export interface AuditDecision extends Decision {
  at: string;
  /** Set where it is certain that it was applied. Missing for a signal that the timeline does not show: the refund refused it, or it was repeated. */
  applied?: true;
}

/** An earlier run of a refund's workflow. */
export interface AuditRun {
  runId: string;
  startedAt: string;
  endedAt?: string;
  how: WorkflowStop['how'] | 'completed' | 'continued-as-new';
  by?: string;
  reason?: string;
  /** If it had ended before the reset. */
  outcome?: RefundOutcome;
  /** Missing where the next run has it: after a continue-as-new. */
  timeline?: TimelineEntry[];
}

/**
 * Makes the record of one refund: from the histories of its runs, and from a worker, which has the timeline.
 * @throws NoWorkerError, and every error of a call to Temporal: nothing of a record is left out because it could not be read
 */
export async function auditRecord(
  client: Client,
  { kind, at, workflowId, run, earlier }: AuditedRun,
): Promise<AuditRecord> {
  const read = async (each: WorkflowExecutionInfo) => readRun(client, each);
  const { history, view } = await read(run);
  const before: Awaited<ReturnType<typeof readEarlier>>[] = [];
  for (const each of earlier) before.push(await readEarlier(each, read));
  const { request, outcome, stopped } = history;
  const { status, refundRequestId, startedAt } = summaryOf(run);
  const now = stopped ? status : view?.status;
  const ids = idsOf(outcome ?? view);
  const amount = outcome?.amount ?? view?.amount;
  return {
    version: 1,
    kind: kind === 'decided' ? kind : outcome ? 'ended' : 'stopped',
    cursor: cursorOf({ at, workflowId }),
    at: new Date(at).toISOString(),
    refundRequestId,
    workflowId,
    namespace: client.options.namespace,
    runId: run.runId,
    product: request.product,
    reference: referenceOf(request),
    status: outcome?.status ?? now ?? status,
    startedAt,
    ...(amount && { amount }),
    ...(ids && { ids }),
    ...(view && { submission: view.submission }),
    ...(view?.lastAnswer && { lastAnswer: view.lastAnswer }),
    request,
    ...(outcome && { outcome }),
    ...(stopped && { stopped }),
    decisions: decisionsOf([...before.flatMap((each) => each ?? []), { history, view }]),
    ...(view && { timeline: view.timeline }),
    earlierRuns: before.flatMap((each) => (each ? [each.summary] : [])),
  };
}

interface ReadRun {
  history: RunHistory;
  view: RefundView | undefined;
}

async function readRun(client: Client, run: WorkflowExecutionInfo): Promise<ReadRun> {
  const { workflowId, runId, status } = run;
  const history = await withRetries(() => runHistory(client, workflowId, runId));
  // The state, and so the timeline, of a run that continues as new goes on in the next one.
  const hasView = history.hasRun && status.name !== 'CONTINUED_AS_NEW' && !isPaused(run);
  return { history, view: hasView ? await withRetries(() => viewOf(client, run)) : undefined };
}

async function viewOf(
  client: Client,
  { workflowId, runId, taskQueue }: WorkflowExecutionInfo,
): Promise<RefundView | undefined> {
  const id = refundRequestIdOf(workflowId) ?? workflowId;
  const query = () => client.workflow.getHandle(workflowId, runId).query(refundQuery);
  try {
    return await answeredByWorker(id, () => client.withDeadline(Date.now() + A_QUERY, query));
  } catch (error) {
    if (error instanceof NoWorkerError) throw new NoWorkerError(id, taskQueue, { cause: error.cause });
    // Its request was not valid, so it never was a refund.
    if (error instanceof RefundNotRunError) return undefined;
    throw error;
  }
}

/** Undefined where Temporal has deleted the run meanwhile. */
async function readEarlier(
  run: WorkflowExecutionInfo,
  read: (run: WorkflowExecutionInfo) => Promise<ReadRun>,
): Promise<(ReadRun & { summary: AuditRun }) | undefined> {
  const { runId, startTime, closeTime, status } = run;
  try {
    const { history, view } = await read(run);
    const { outcome, stopped } = history;
    const { how = status.name === 'CONTINUED_AS_NEW' ? 'continued-as-new' : 'completed', ...why } =
      stopped ?? {};
    const summary = {
      runId,
      startedAt: startTime.toISOString(),
      ...(closeTime && { endedAt: closeTime.toISOString() }),
      how,
      ...why,
      ...(outcome && { outcome }),
      ...(view && { timeline: view.timeline }),
    } as const;
    return { history, view, summary };
  } catch (error) {
    if (error instanceof RefundNotFoundError) return undefined;
    throw error;
  }
}

function idsOf(source: RefundOutcome | RefundView | undefined): AuditRecord['ids'] {
  if (!source) return undefined;
  const { providerRequestId, refundId, refundOrderId, paymentOrderId } = source;
  return {
    providerRequestId,
    ...(refundId !== undefined && { refundId }),
    ...(refundOrderId !== undefined && { refundOrderId }),
    ...(paymentOrderId !== undefined && { paymentOrderId }),
  };
}

/** Each decision once: a run after a reset has those before the reset in its history, too. */
function decisionsOf(runs: readonly ReadRun[]): AuditDecision[] {
  const decisions = new Map<string, AuditDecision>();
  for (const { history, view } of runs) {
    for (const { via, ...decision } of history.decisions) {
      const key = JSON.stringify([decision.at, decision.by, decision.decision]);
      const isApplied = via === 'update' || (view?.timeline ?? []).some((entry) => isAbout(entry, decision));
      const known = decisions.get(key);
      decisions.set(key, { ...decision, ...((isApplied || known?.applied) && { applied: true }) });
    }
  }
  return [...decisions.values()];
}

function isAbout({ event, text, by }: TimelineEntry, decision: Decision): boolean {
  return event === 'decision' && by === decision.by && text === decisionText(decision);
}
