import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Client,
  type WorkflowExecutionDescription,
  WorkflowFailedError,
  type WorkflowHandle,
  WorkflowNotFoundError,
} from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import { checkRequest } from '../rules/check-request.js';
import type { DecisionName } from '../rules/decision.js';
import { workflowIdOf } from '../rules/ids.js';
import {
  type AuditNote,
  type Decision,
  type Read,
  readAuditNote,
  readDecision,
  readSignedNotification,
  type SignedNotification,
} from '../rules/messages.js';
import type { RefundOutcome } from '../rules/outcome.js';
import type { RefundRequest } from '../rules/request.js';
import { DEFAULT_TASK_QUEUE } from '../rules/task-queue.js';
import type { RefundView } from '../rules/view.js';
import {
  checkNowUpdate,
  decideUpdate,
  escalateSignal,
  notificationSignal,
  type RefundWorkflow,
  refundQuery,
} from '../workflows/definitions.js';
import type { AuditRecord } from './audit-record.js';
import { type AuditOptions, auditRecords } from './audit-records.js';
import { awaitedWorker } from './awaited-worker.js';
import {
  checkAuditOptions,
  checkDeadline,
  checkFilter,
  checkReference,
  checkRefundRequestId,
  checkWatchOptions,
  issuesOfManyOptions,
  issuesOfWait,
  refuse,
} from './check-arguments.js';
import { type CheckManyItem, type CheckManyOptions, checkMany } from './check-many.js';
import { earlierRun } from './earlier-workflow.js';
import {
  InvalidRefundRequestError,
  NoWorkerError,
  RefundEndedError,
  RefundNotFoundError,
  RefundPausedError,
} from './errors.js';
import { answerOf, type FirstAnswer } from './first-answer.js';
import { listQuery, listRefunds, type RefundFilter, type RefundSummary, refundsOf } from './list-refunds.js';
import { ReferenceFinder } from './reference-finder.js';
import { plainReference, type ReferenceHash, requireEncryption } from './reference-hash.js';
import { statusOf } from './refund-attributes.js';
import {
  type RefundClientOptions,
  RefundStarter,
  type StartedRefund,
  type StartOptions,
} from './refund-starter.js';
import { refusalFor } from './refusal.js';
import { type StartManyItem, type StartManyOptions, startMany } from './start-many.js';
import { errorOfStopped, isPaused, isStopped } from './stopped.js';
import { A_QUERY, answeredByWorker, isDropped, translated } from './translate.js';

/** What {@link RefundClient.startAndWait} waits for. */
export interface WaitOptions extends StartOptions {
  until: 'answer' | 'idle';
  /** Milliseconds, at most 24 days; 30,000 by default. */
  timeout?: number;
}

/**
 * Starts refunds, shows them, and steers them by messages.
 *
 * @example
 * ```ts
 * import { Client, Connection } from '@temporalio/client';
 * import { RefundClient } from 'worldfirst-refunds';
 *
 * const refunds = new RefundClient(new Client({ connection: await Connection.connect() }));
 * await refunds.start({ product: 'worldtrade', refundRequestId: 'r-1', tradeId: 't-1' });
 * const outcome = await refunds.result('r-1');
 * ```
 *
 * Every method throws errors of this package, each with a `code`: {@link RefundErrorCode}. An argument that is not valid is an
 * {@link InvalidRefundRequestError}, before any call to Temporal.
 */
export class RefundClient {
  readonly #client: Client;
  readonly #starter: RefundStarter;
  readonly #referenceHash: ReferenceHash;
  readonly #finder: ReferenceFinder;

  /** @param client Temporal's client, of the namespace in which the refunds are */
  constructor(client: Client, settings: RefundClientOptions = {}) {
    const { taskQueue, defaults = {}, eagerStart = false, referenceHash = plainReference } = settings;
    for (const warning of settings.warnings ?? []) process.emitWarning(warning, 'RefundConfigWarning');
    if (referenceHash !== plainReference) requireEncryption(client);
    this.#client = client;
    this.#referenceHash = referenceHash;
    this.#finder = new ReferenceFinder(client, referenceHash);
    this.#starter = new RefundStarter(client, {
      taskQueue: taskQueue || DEFAULT_TASK_QUEUE,
      defaults,
      eagerStart,
      referenceHash,
      findByReference: (reference) => this.findByReference(reference),
    });
  }

  /**
   * Starts a refund. Starting the same one twice is harmless, for as long as Temporal remembers it (its retention);
   * beyond that WorldFirst's own idempotency field protects.
   * @throws {@link InvalidRefundRequestError} with every mistake of the request
   * @throws {@link RefundConflictError} where the id is in use with another content
   * @throws {@link PayloadNotReadableError} where the refunds of the namespace cannot be read here, so that this one would be written otherwise
   * @throws {@link AnotherRefundError} where the same WorldTrade order has another refund, see {@link StartOptions.allowAnother}
   */
  async start(request: RefundRequest, options: StartOptions = {}): Promise<StartedRefund> {
    return this.#starter.start(request, options);
  }

  /**
   * Starts many refunds, so many at a time, and yields each one as its start ends; `index` is its place among the requests.
   * Requests are taken only as fast as they are started. Giving the same ones again is harmless. A start that Temporal did
   * not answer is repeated under the same id for about half a minute, and none is made before Temporal said whether the
   * order has another refund. The orders of the call are remembered, so that it starts no two refunds of one WorldTrade order.
   * @param requests of either product; a stream is read as the refunds start
   *
   * @example
   * ```ts
   * for await (const { request, result } of refunds.startMany(requests, { startsPerSecond: 50 }))
   *   console.log(request.refundRequestId, result);
   * ```
   * @throws {@link RefundError} where Temporal does not answer or refuses a call, after the results of all starts under way
   */
  startMany(
    requests: Iterable<RefundRequest> | AsyncIterable<RefundRequest>,
    options: StartManyOptions = {},
  ): AsyncIterable<StartManyItem> {
    const { concurrency, startsPerSecond, signal, ...startOptions } = options;
    refuse([
      ...issuesOfManyOptions({ concurrency, startsPerSecond, signal }),
      ...this.#starter.issuesOf(startOptions),
    ]);
    const start = (request: RefundRequest) => this.#starter.start(request, startOptions, { mustCheck: true });
    return startMany(start, requests, options);
  }

  /**
   * What {@link RefundClient.startMany} would meet, by a list query for a hundred requests and in their order. It starts
   * nothing, and the list lags behind by moments. Requests are compared with Temporal's list, not with each other.
   * @param requests of either product; a stream is read as it is compared
   */
  checkMany(
    requests: Iterable<RefundRequest> | AsyncIterable<RefundRequest>,
    options: CheckManyOptions = {},
  ): AsyncIterable<CheckManyItem> {
    return checkMany(this.#client, requests, options, this.#referenceHash);
  }

  /**
   * Starts a refund, and waits for its answer: `until: 'answer'` for WorldFirst's first firm answer, in one round trip;
   * `until: 'idle'` until the refund has ended or needs an operator.
   *
   * When the time is over the answer is `pending`: the refund is started, and continues.
   * @throws as {@link RefundClient.start} does
   */
  async startAndWait(request: RefundRequest, options: WaitOptions): Promise<FirstAnswer> {
    refuse([...checkRequest(request), ...issuesOfWait(options)]);
    const { until, timeout = 30_000, ...startOptions } = options;
    const { refundRequestId } = request;
    const workflowId = workflowIdOf(refundRequestId);
    const deadline = Date.now() + timeout;
    try {
      const { view = await this.describe(refundRequestId), ...check } =
        until === 'answer'
          ? await this.#starter.firstAnswer(request, startOptions, deadline)
          : await this.#startUntilIdle(request, startOptions, deadline);
      return { refundRequestId, workflowId, answer: answerOf(view), view, ...check };
    } catch (error) {
      if (!(error instanceof NoWorkerError)) throw error;
      // Whether the start itself came through in time is not known, and a second one is harmless.
      await this.start(request, { ...startOptions, allowAnother: true });
      return { refundRequestId, workflowId, answer: 'pending' };
    }
  }

  /**
   * The handle of a refund's workflow, for all that Temporal's client can do.
   * @param refundRequestId the id under which the refund was started
   */
  getHandle(refundRequestId: string): WorkflowHandle<RefundWorkflow> {
    checkRefundRequestId(refundRequestId);
    return this.#client.workflow.getHandle<RefundWorkflow>(workflowIdOf(refundRequestId));
  }

  /**
   * Waits for the end of a refund, which can take days.
   * @param refundRequestId the id under which the refund was started
   * @throws {@link RefundNotRunError} where the workflow came to no outcome
   */
  async result(refundRequestId: string): Promise<RefundOutcome> {
    for (;;) {
      try {
        return await translated(refundRequestId, () => this.getHandle(refundRequestId).result());
      } catch (error) {
        if (!(error instanceof WorkflowFailedError)) throw error;
        const description = await this.#describe(refundRequestId);
        // A reset ends the run that was waited for, and the refund continues in a later run.
        if (isStopped(description)) throw await errorOfStopped(this.#client, description);
      }
    }
  }

  /**
   * The whole view of a refund. A worker must be running: it answers.
   * @param refundRequestId the id under which the refund was started
   * @throws {@link RefundStoppedError} where the workflow was terminated or failed: the view would show it as running
   * @throws {@link RefundPausedError} where an operator paused it: it answers nothing
   */
  async describe(refundRequestId: string): Promise<RefundView> {
    const description = await this.#describeUnlessStopped(refundRequestId);
    if (isPaused(description)) throw new RefundPausedError(refundRequestId);
    return this.#view(refundRequestId);
  }

  #view(refundRequestId: string): Promise<RefundView> {
    return this.#answeredByWorker(refundRequestId, () =>
      this.#within(A_QUERY, () => this.getHandle(refundRequestId).query(refundQuery)),
    );
  }

  /**
   * Resumes a refund whose workflow was terminated or failed, under the same workflow id. It begins with an inquiry, and
   * sends the identical request only where WorldFirst does not know it: the money moves at most once.
   * @param refundRequestId the id under which the refund was started
   * @throws {@link RefundEndedError} where the refund has ended
   * @throws {@link RefundNotFoundError} where Temporal has no such refund
   */
  async resume(refundRequestId: string): Promise<StartedRefund> {
    const description = await this.#describe(refundRequestId);
    const { workflowId, runId, status } = description;
    if (status.name === 'COMPLETED') throw new RefundEndedError(refundRequestId);
    if (!isStopped(description)) {
      const paused = isPaused(description) && { paused: true as const };
      return { refundRequestId, workflowId, runId, started: false, ...paused };
    }
    const { request, options, ...earlier } = await translated(refundRequestId, () =>
      earlierRun(this.#client, workflowId, runId),
    );
    const next = await this.#starter.resume(request, { ...options, alreadySent: earlier });
    return { refundRequestId, workflowId, runId: next, started: true };
  }

  /**
   * The views of a refund while it runs: the present one, then one after each change, until it has ended. A worker must
   * answer the first time; later a view comes once a worker is there again, such as after a deployment.
   * @param refundRequestId the id under which the refund was started
   * @param options `signal` ends the waiting; the refund continues
   */
  async *watch(refundRequestId: string, options: { signal?: AbortSignal } = {}): AsyncIterable<RefundView> {
    checkWatchOptions(options);
    let isFirst = true;
    let isDue = false;
    for await (const { description, hasChanged } of this.#descriptions(refundRequestId, options.signal)) {
      isDue ||= hasChanged;
      if (!isDue || isPaused(description)) continue;
      const view = await this.#view(refundRequestId).catch((error: unknown) => {
        if (isFirst || !(error instanceof NoWorkerError)) throw error;
      });
      if (!view) continue;
      yield view;
      if (view.outcome) return;
      isFirst = false;
      isDue = false;
    }
  }

  /**
   * Waits until a refund has ended or needs an operator, and resolves to its view then.
   * @param refundRequestId the id under which the refund was started
   * @param options `signal` ends the waiting; the refund continues
   */
  async waitUntilIdle(refundRequestId: string, options: { signal?: AbortSignal } = {}): Promise<RefundView> {
    checkWatchOptions(options);
    for await (const { description } of this.#descriptions(refundRequestId, options.signal)) {
      const isIdle = description.status.name === 'COMPLETED' || statusOf(description) === 'needs-attention';
      if (!isIdle || isPaused(description)) continue;
      const view = await this.#view(refundRequestId);
      // The list lags behind the refund: it may have gone on already.
      if (view.outcome || view.attention) return view;
    }
    throw new Error('unreachable: the descriptions never end');
  }

  /** The workflow as Temporal describes it, again and again without an end: soon after a change, less often without one. */
  async *#descriptions(refundRequestId: string, signal: AbortSignal | undefined) {
    let seen = '';
    for (let pause = SHORTEST_PAUSE; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
      const description = await this.#describeUnlessStopped(refundRequestId);
      const { runId, historyLength, status } = description;
      const current = `${runId} ${historyLength} ${status.name}`;
      const hasChanged = current !== seen;
      if (hasChanged) pause = SHORTEST_PAUSE;
      seen = current;
      yield { description, hasChanged };
      await sleep(pause, undefined, { signal });
    }
  }

  /**
   * The refunds that a filter lets through, newest first. The list lags behind by moments. 50 refunds that have ended take one
   * more list query, which finds those that continue in a later run.
   */
  list(filter: RefundFilter = {}): AsyncIterable<RefundSummary> {
    checkFilter(filter);
    return listRefunds(this.#client, filter, this.#referenceHash);
  }

  /** The filter as Temporal's list query, for the Web UI and Temporal's command line. */
  listQuery(filter: RefundFilter = {}): string {
    checkFilter(filter);
    return listQuery(filter, this.#referenceHash);
  }

  /**
   * The records of all refunds that ended, whose workflow was stopped, or that an operator decided about, for an archive beyond
   * Temporal's retention. They come sorted by `at`, in bounded memory. Calls that continue `after` the `cursor` of the last
   * record have each record once. Workers must be running: they have the timelines.
   *
   * @example
   * ```ts
   * for await (const record of refunds.auditRecords({ since: new Date('2026-11-01') }))
   *   console.log(JSON.stringify(record));
   * ```
   * @throws {@link NoWorkerError} where no worker has a timeline, and every other error of a call to Temporal. No record is
   *   left out: all up to the one that could not be read were yielded
   */
  auditRecords(options: AuditOptions): AsyncIterable<AuditRecord> {
    checkAuditOptions(options);
    return auditRecords(this.#client, options);
  }

  /**
   * All refunds of one trade or payment, newest first. Searches at the same time share a list query, because Temporal limits
   * those (10 a second in a namespace by default).
   * @param reference `tradeId` or `payToId`
   * @throws {@link TemporalBusyError} where Temporal limits list queries, or too many searches wait
   */
  async findByReference(reference: string): Promise<RefundSummary[]> {
    checkReference(reference);
    const executions = await this.#finder.find(reference);
    return refundsOf(reference, executions);
  }

  /**
   * Takes a decision for a refund that waits for an operator. A repeated identical decision is harmless.
   * @param refundRequestId the id under which the refund was started
   * @returns the view after it
   * @throws {@link DecisionRefusedError} where the decision does not apply now
   */
  async decide(refundRequestId: string, decision: Decision): Promise<RefundView> {
    const checked = checkedMessage(readDecision(decision));
    try {
      return await this.#update(refundRequestId, decideUpdate, checked, A_QUERY);
    } catch (error) {
      if (!(error instanceof RefundEndedError)) throw error;
      const view = await this.describe(refundRequestId);
      if (endedBy(view, checked)) return view;
      throw refusalFor(view, checked.decision) ?? error;
    }
  }

  /**
   * Runs the next planned inquiry now; it counts as that inquiry.
   * @param refundRequestId the id under which the refund was started
   * @returns the view after its answer
   * @throws {@link CheckRefusedError} where no inquiry is planned
   * @throws {@link RefundEndedError} where the refund has ended
   */
  async checkNow(refundRequestId: string, remark: AuditNote): Promise<RefundView> {
    return this.#update(refundRequestId, checkNowUpdate, checkedMessage(readAuditNote(remark)), AN_INQUIRY);
  }

  /**
   * Halts the automatic work of a refund until an operator decides.
   * @param refundRequestId the id under which the refund was started
   * @returns the view after it
   * @throws {@link RefundEndedError} where the refund has ended
   */
  async escalate(refundRequestId: string, remark: AuditNote): Promise<RefundView> {
    const checked = checkedMessage(readAuditNote(remark));
    await this.#whileItRuns(refundRequestId, () =>
      this.getHandle(refundRequestId).signal(escalateSignal, checked),
    );
    return this.describe(refundRequestId);
  }

  /**
   * Bounds all that `call` asks of Temporal by a point in time, as Temporal's own client does.
   * @param deadline the point in time, or its milliseconds since 1970
   * @param call makes the calls
   */
  async withDeadline<T>(deadline: number | Date, call: () => Promise<T>): Promise<T> {
    checkDeadline(deadline);
    return this.#client.withDeadline(deadline, call);
  }

  /**
   * Passes WorldFirst's closure notification on to a refund of its order, as WorldFirst signed it: the refund verifies it.
   * @param refundRequestId the id under which the refund was started
   * @throws {@link RefundNotFoundError} where there is no such refund, or it has ended
   */
  async notifyOrderClosed(refundRequestId: string, notification: SignedNotification): Promise<void> {
    const checked = checkedMessage(readSignedNotification(notification));
    await translated(refundRequestId, () =>
      this.getHandle(refundRequestId).signal(notificationSignal, checked),
    );
  }

  async #startUntilIdle(
    request: RefundRequest,
    options: StartOptions,
    deadline: number,
  ): Promise<{ view: RefundView; unchecked?: true }> {
    const { refundRequestId, unchecked } = await this.start(request, options);
    const check = unchecked && { unchecked };
    const signal = AbortSignal.timeout(Math.max(0, deadline - Date.now()));
    try {
      return { view: await this.waitUntilIdle(refundRequestId, { signal }), ...check };
    } catch (error) {
      if (!signal.aborted) throw error;
      return { view: await this.describe(refundRequestId), ...check };
    }
  }

  async #update<Message extends AuditNote>(
    refundRequestId: string,
    definition: UpdateDefinition<RefundView, [Message]>,
    message: Message,
    limit: number,
  ): Promise<RefundView> {
    const update = () =>
      this.#within(limit, () =>
        this.getHandle(refundRequestId).executeUpdate(definition, { args: [message] }),
      );
    return this.#whileItRuns(refundRequestId, () =>
      update().catch(async (error) => {
        // Temporal drops an update that meets another event in one workflow task, and one that meets the end of the run in
        // which a refund is, although the refund continues in another. A repeated message is harmless.
        if (
          isDropped(error) ||
          (error instanceof WorkflowNotFoundError && (await this.#isRunning(refundRequestId)))
        )
          return update();
        throw error;
      }),
    );
  }

  async #isRunning(refundRequestId: string): Promise<boolean> {
    return (await this.#describe(refundRequestId)).status.name === 'RUNNING';
  }

  /** Temporal answers a message to a workflow that has ended as if there were no such workflow. It can end meanwhile, too. */
  async #whileItRuns<T>(refundRequestId: string, send: () => Promise<T>): Promise<T> {
    const description = await this.#describeUnlessStopped(refundRequestId);
    if (isPaused(description)) throw new RefundPausedError(refundRequestId);
    if (description.status.name === 'COMPLETED') throw new RefundEndedError(refundRequestId);
    try {
      return await this.#answeredByWorker(refundRequestId, send);
    } catch (error) {
      throw error instanceof RefundNotFoundError ? new RefundEndedError(refundRequestId) : error;
    }
  }

  /** Runs a call that a worker answers: where none does, the error names the task queue on which the refund waits. */
  async #answeredByWorker<T>(refundRequestId: string, call: () => Promise<T>): Promise<T> {
    try {
      return await answeredByWorker(refundRequestId, call);
    } catch (error) {
      if (!(error instanceof NoWorkerError)) throw error;
      const description = await this.#describe(refundRequestId).catch(() => undefined);
      // The attempt that is under way counts, too.
      const failedTasks = (description?.raw.pendingWorkflowTask?.attempt ?? 1) - 1;
      const awaited = description && { awaited: await awaitedWorker(this.#client, description) };
      throw new NoWorkerError(refundRequestId, description?.taskQueue, {
        cause: error.cause,
        failedTasks,
        ...awaited,
      });
    }
  }

  async #describe(refundRequestId: string): Promise<WorkflowExecutionDescription> {
    return translated(refundRequestId, () => this.getHandle(refundRequestId).describe());
  }

  /** @throws {@link RefundStoppedError} where the workflow was stopped: what it says would show the refund as running */
  async #describeUnlessStopped(refundRequestId: string): Promise<WorkflowExecutionDescription> {
    const description = await this.#describe(refundRequestId);
    if (isStopped(description)) throw await errorOfStopped(this.#client, description);
    return description;
  }

  /** Bounds the time in which a worker must answer. */
  #within<T>(milliseconds: number, call: () => Promise<T>): Promise<T> {
    return this.#client.withDeadline(Date.now() + milliseconds, call);
  }
}

// Between two looks at a refund, in milliseconds.
const SHORTEST_PAUSE = 200;
const LONGEST_PAUSE = 2_000;
// A check is answered after its inquiry, which may take as long as a call to WorldFirst may.
const AN_INQUIRY = 70_000;

function checkedMessage<Message>(read: Read<Message>): Message {
  if (read.ok) return read.message;
  throw new InvalidRefundRequestError(read.issues);
}

/** Whether it was this very decision that ended the refund. */
function endedBy({ outcome }: RefundView, { decision, by, reason, evidence }: Decision): boolean {
  const status: Partial<Record<DecisionName, RefundOutcome['status']>> = {
    'mark-succeeded': 'succeeded',
    'mark-failed': 'failed',
  };
  return (
    outcome !== undefined &&
    'evidence' in outcome &&
    outcome.status === status[decision] &&
    outcome.by === by &&
    outcome.reason === reason &&
    outcome.evidence === evidence
  );
}
