import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowExecutionDescription,
  WorkflowFailedError,
  type WorkflowHandle,
} from '@temporalio/client';
import { rootCause } from '@temporalio/common';
import type { DecisionName } from '../refund/decide.js';
import { workflowIdOf } from '../refund/ids.js';
import { type Decision, type Read, type Remark, readDecision, readRemark } from '../refund/messages.js';
import type { RefundOutcome } from '../refund/outcome.js';
import type { RefundRequest } from '../refund/request.js';
import { checkOptions, type RefundOptions, withDefaults } from '../refund/schedule.js';
import { DEFAULT_TASK_QUEUE } from '../refund/task-queue.js';
import type { RefundView } from '../refund/view.js';
import type { refund } from '../workflows/index.js';
import {
  DecisionRefusedError,
  InvalidRefundRequestError,
  RefundConflictError,
  RefundNotRunError,
} from './errors.js';
import { fingerprint } from './fingerprint.js';
import { listQuery, type RefundFilter, type RefundSummary, summaryOf } from './list.js';
import { parseRequest } from './schema.js';
import { firstAttributes, statusOf } from './search-attributes.js';
import { startRequestOf } from './start-request.js';
import { translated } from './translate.js';

/** How refunds are started by a {@link RefundClient}. */
export interface RefundClientSettings {
  /** {@link DEFAULT_TASK_QUEUE} by default. */
  taskQueue?: string;
  /** The options of each refund that brings none of its own. */
  defaults?: RefundOptions;
}

/** A refund that was started, or was there already. */
export interface StartedRefund {
  refundRequestId: string;
  workflowId: string;
  runId: string;
  /** False when that same refund was already there: nothing new was started. */
  started: boolean;
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
 * Every method throws errors of this package, each with a `code`: {@link RefundErrorCode}.
 */
export class RefundClient {
  readonly #client: Client;
  readonly #taskQueue: string;
  readonly #defaults: RefundOptions;

  constructor(client: Client, { taskQueue = DEFAULT_TASK_QUEUE, defaults = {} }: RefundClientSettings = {}) {
    this.#client = client;
    this.#taskQueue = taskQueue;
    this.#defaults = defaults;
  }

  /**
   * Starts a refund. Starting the same one twice is harmless, for as long as Temporal remembers it (its retention);
   * beyond that WorldFirst's own idempotency field protects.
   * @throws {InvalidRefundRequestError} with every mistake of the request
   * @throws {RefundConflictError} where the id is in use with another content
   */
  async start(request: RefundRequest, options: RefundOptions = {}): Promise<StartedRefund> {
    const parsed = parseRequest(request);
    const chosen = { ...this.#defaults, ...options };
    const issues = [...('issues' in parsed ? parsed.issues : []), ...checkOptions(chosen)];
    if (issues.length > 0) throw new InvalidRefundRequestError(issues);
    const { refundRequestId } = request;
    const workflowId = workflowIdOf(refundRequestId);
    try {
      const handle = await translated(refundRequestId, () =>
        this.#client.workflow.start<typeof refund>('refund', {
          workflowId,
          taskQueue: this.#taskQueue,
          args: [request, withDefaults(chosen)],
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          workflowIdConflictPolicy: 'FAIL',
          memo: { fingerprint: fingerprint(request) },
          typedSearchAttributes: firstAttributes(request),
          staticSummary: `${request.product} refund ${refundRequestId}`,
        }),
      );
      return { refundRequestId, workflowId, runId: handle.firstExecutionRunId, started: true };
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      return { refundRequestId, workflowId, runId: await this.#runOfTheSame(request), started: false };
    }
  }

  /** The handle of a refund's workflow, for all that Temporal's client can do. */
  get(refundRequestId: string): WorkflowHandle<typeof refund> {
    return this.#client.workflow.getHandle<typeof refund>(workflowIdOf(refundRequestId));
  }

  /**
   * Waits for the end of a refund, which can take days.
   * @throws {RefundNotRunError} where the workflow came to no outcome
   */
  async result(refundRequestId: string): Promise<RefundOutcome> {
    try {
      return await translated(refundRequestId, () => this.get(refundRequestId).result());
    } catch (error) {
      if (!(error instanceof WorkflowFailedError)) throw error;
      throw new RefundNotRunError(
        `The refund "${refundRequestId}" came to no outcome: ${rootCause(error) ?? error.message}. ` +
          'What was sent before is told by its history in Temporal.',
        { cause: error },
      );
    }
  }

  /** The whole view of a refund. A worker must be running: it answers. */
  async show(refundRequestId: string): Promise<RefundView> {
    return translated(refundRequestId, () =>
      this.#soon(() => this.get(refundRequestId).query<RefundView>('refund')),
    );
  }

  /** Waits until a refund has ended or needs a person, and resolves to its view then. */
  async untilItRests(
    refundRequestId: string,
    { signal }: { signal?: AbortSignal } = {},
  ): Promise<RefundView> {
    for (let pause = 200; ; pause = Math.min(pause * 1.5, 2000)) {
      const description = await this.#describe(refundRequestId);
      if (description.status.name === 'COMPLETED' || statusOf(description) === 'needs-attention') {
        const view = await this.show(refundRequestId);
        // The list lags behind the refund: it may have gone on already.
        if (view.outcome || view.attention) return view;
      } else if (description.status.name !== 'RUNNING') {
        await this.result(refundRequestId);
      }
      await sleep(pause, undefined, { signal });
    }
  }

  /** The refunds that a filter lets through, newest first. The list lags behind by moments. */
  async *list(filter: RefundFilter = {}): AsyncIterable<RefundSummary> {
    let left = filter.limit ?? Number.POSITIVE_INFINITY;
    if (left <= 0) return;
    const found = this.#client.workflow.list({ query: listQuery(filter) })[Symbol.asyncIterator]();
    for (;;) {
      const { value, done } = await translated(undefined, () => found.next());
      if (done) return;
      yield summaryOf(value);
      left -= 1;
      if (left <= 0) return;
    }
  }

  /**
   * Decides how a refund that waits for a person goes on. A repeated identical decision is harmless.
   * @returns the view after it
   * @throws {DecisionRefusedError} where the decision does not apply now
   */
  async decide(refundRequestId: string, decision: Decision): Promise<RefundView> {
    const checked = checkedMessage(readDecision(decision));
    try {
      return await this.#update(refundRequestId, 'decide', checked);
    } catch (error) {
      if (!(error instanceof DecisionRefusedError && error.refusal === 'ENDED')) throw error;
      const view = await this.show(refundRequestId);
      if (endedBy(view, checked)) return view;
      throw new DecisionRefusedError('ENDED', `the refund has ended as ${view.status}`);
    }
  }

  /**
   * Runs the next planned inquiry now; it counts as that inquiry.
   * @returns the view after its answer
   * @throws {CheckRefusedError} where no inquiry is planned
   */
  async checkNow(refundRequestId: string, remark: Remark): Promise<RefundView> {
    return this.#update(refundRequestId, 'checkNow', checkedMessage(readRemark(remark)));
  }

  /** Stops the automatic work of a refund, so that a person can decide. Returns the view after it. */
  async escalate(refundRequestId: string, remark: Remark): Promise<RefundView> {
    const checked = checkedMessage(readRemark(remark));
    await translated(refundRequestId, () => this.get(refundRequestId).signal('escalate', checked));
    return this.show(refundRequestId);
  }

  async #update(refundRequestId: string, name: string, message: Decision | Remark): Promise<RefundView> {
    return translated(refundRequestId, async () => {
      // Temporal answers an update of a workflow that has ended as if there were no such workflow.
      const description = await this.get(refundRequestId).describe();
      if (description.status.name !== 'RUNNING')
        throw new DecisionRefusedError('ENDED', 'the refund has ended');
      return this.#soon(() =>
        this.get(refundRequestId).executeUpdate<RefundView, [typeof message]>(name, { args: [message] }),
      );
    });
  }

  async #describe(refundRequestId: string): Promise<WorkflowExecutionDescription> {
    return translated(refundRequestId, () => this.get(refundRequestId).describe());
  }

  /** The run of the refund that is there already, if it is the same one. */
  async #runOfTheSame(request: RefundRequest): Promise<string> {
    const description = await this.#describe(request.refundRequestId);
    const known =
      description.memo?.fingerprint ?? fingerprint(await startRequestOf(this.#client, description));
    if (known !== fingerprint(request)) throw new RefundConflictError(request.refundRequestId);
    return description.runId;
  }

  /** With a limit for the time in which a worker must answer. */
  #soon<T>(call: () => Promise<T>): Promise<T> {
    return this.#client.withDeadline(Date.now() + WORKER_ANSWERS_WITHIN, call);
  }
}

// Longer than one call to WorldFirst may take, since a check is answered after its inquiry.
const WORKER_ANSWERS_WITHIN = 70_000;

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
