import {
  type Client,
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowStartOptions,
} from '@temporalio/client';
import type { ValidationIssue } from '../internal/check.js';
import { checkRequest } from '../rules/check-request.js';
import { workflowIdOf } from '../rules/ids.js';
import type { RefundRequest, WorldTradeRefundRequest } from '../rules/request.js';
import type { RefundOptions } from '../rules/schedule.js';
import { referenceOf } from '../rules/state.js';
import type { RefundView } from '../rules/view.js';
import { firstAnswerUpdate, type RefundWorkflow } from '../workflows/definitions.js';
import { startOptionsOf } from '../workflows/start-options.js';
import { anotherRefundOf } from './another-refund.js';
import { issuesOfStartOptions, refuse } from './check-arguments.js';
import { RefundConflictError, TemporalBusyError, TemporalUnreachableError } from './errors.js';
import { fingerprint } from './fingerprint.js';
import type { RefundSummary } from './list-refunds.js';
import { refuseUnreadable } from './readable-payloads.js';
import type { ReferenceHash } from './reference-hash.js';
import { knownFingerprint } from './start-request.js';
import { errorOfStopped, isStopped } from './stopped.js';
import { answeredByWorker, translated } from './translate.js';

/** How refunds are started by a `RefundClient`. */
export interface RefundClientOptions {
  /** {@link DEFAULT_TASK_QUEUE} by default, also for an empty text: `process.env.REFUND_TASK_QUEUE` can be given as it is. */
  taskQueue?: string | undefined;
  /** The options of each refund that brings none of its own. */
  defaults?: RefundOptions;
  /**
   * Lets a refund's first task come back with its start (Temporal's eager start): quicker, and less work for the server.
   * Only for a client on the `NativeConnection` of a worker in the same process; `start` throws on any other one. With
   * Worker Versioning the refund begins on the build of that worker, current or not. False by default.
   */
  eagerStart?: boolean;
  /** Hides references in Temporal's list; by default they are listed as they are. */
  referenceHash?: ReferenceHash | undefined;
  /** Lines of the configuration that `process.emitWarning` prints, such as a misspelt variable; none by default. */
  warnings?: readonly string[];
}

/** How one refund is started. */
export interface StartOptions extends RefundOptions {
  /** Starts a WorldTrade refund although the list shows another one of the same order that is open or has succeeded. */
  allowAnother?: boolean;
}

/** A refund that was started, or was there already. */
export interface StartedRefund {
  refundRequestId: string;
  workflowId: string;
  runId: string;
  /** False when that same refund was already there: nothing new was started. */
  started: boolean;
  /** Set by `resume` where an operator paused the workflow: nothing new begins until it is unpaused. */
  paused?: true;
  /** Set where Temporal did not say in time whether the WorldTrade order has another refund: it may have one. */
  unchecked?: true;
}

/** Finds all refunds of a trade or payment. */
type FindByReference = (reference: string) => Promise<RefundSummary[]>;

/** Starts refunds: one workflow for one refund request id, and none for a request that is a mistake. */
export class RefundStarter {
  readonly #client: Client;
  readonly #taskQueue: string;
  readonly #defaults: RefundOptions;
  readonly #eagerStart: boolean;
  readonly #referenceHash: ReferenceHash;
  readonly #findByReference: FindByReference;

  constructor(
    client: Client,
    {
      taskQueue,
      defaults,
      eagerStart,
      referenceHash,
      findByReference,
    }: Required<Omit<RefundClientOptions, 'warnings'>> & {
      taskQueue: string;
      referenceHash: ReferenceHash;
      findByReference: FindByReference;
    },
  ) {
    this.#client = client;
    this.#taskQueue = taskQueue;
    this.#defaults = defaults;
    this.#eagerStart = eagerStart;
    this.#referenceHash = referenceHash;
    this.#findByReference = findByReference;
  }

  /**
   * Starts a refund, or finds the same one.
   * @param mustCheck throws where Temporal does not say in time whether the order has another refund
   */
  async start(
    request: RefundRequest,
    options: StartOptions,
    { mustCheck = false } = {},
  ): Promise<StartedRefund> {
    const { unchecked, ...operation } = await this.#prepare(request, options, mustCheck);
    const { refundRequestId } = request;
    const { workflowId } = operation;
    try {
      const { firstExecutionRunId: runId } = await translated(refundRequestId, () =>
        this.#client.workflow.start<RefundWorkflow>('refund', {
          ...operation,
          workflowIdConflictPolicy: 'FAIL',
          requestEagerStart: this.#eagerStart,
        }),
      );
      return { refundRequestId, workflowId, runId, started: true, ...(unchecked && { unchecked }) };
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      return { refundRequestId, workflowId, runId: await this.#runOfTheSame(request), started: false };
    }
  }

  /** Every mistake of the options of a start. */
  issuesOf(options: StartOptions): ValidationIssue[] {
    return issuesOfStartOptions(options, this.#defaults);
  }

  /**
   * Starts a refund and gets WorldFirst's first answer in one round trip (Temporal's update-with-start).
   * @returns no view where the same refund has ended already
   */
  async firstAnswer(
    request: RefundRequest,
    options: StartOptions,
    deadline: number,
  ): Promise<{ view?: RefundView; unchecked?: true }> {
    const { unchecked, ...operation } = await this.#prepare(request, options);
    const startWorkflowOperation = new WithStartWorkflowOperation<RefundWorkflow>('refund', {
      ...operation,
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
    try {
      const view = await answeredByWorker(request.refundRequestId, () =>
        this.#client.withDeadline(deadline, () =>
          this.#client.workflow.executeUpdateWithStart(firstAnswerUpdate, {
            args: [request],
            startWorkflowOperation,
          }),
        ),
      );
      return { view, ...(unchecked && { unchecked }) };
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      await this.#runOfTheSame(request);
      return {};
    }
  }

  /** Starts a refund again whose workflow was stopped: the same workflow id, and only where no other run continues. */
  async resume(request: RefundRequest, options: RefundOptions): Promise<string> {
    const { unchecked: _, ...operation } = await this.#prepare(request, { ...options, allowAnother: true });
    const { firstExecutionRunId } = await translated(request.refundRequestId, () =>
      this.#client.workflow.start<RefundWorkflow>('refund', {
        ...operation,
        workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
        workflowIdConflictPolicy: 'FAIL',
      }),
    );
    return firstExecutionRunId;
  }

  /** The start as Temporal takes it, once everything that can be a mistake has been checked. */
  async #prepare(
    request: RefundRequest,
    startOptions: StartOptions,
    mustCheck = false,
  ): Promise<WorkflowStartOptions<RefundWorkflow> & Pick<StartedRefund, 'unchecked'>> {
    refuse([...checkRequest(request), ...this.issuesOf(startOptions)]);
    const { allowAnother = false, ...given } = startOptions;
    const options = { ...this.#defaults, ...given };
    await refuseUnreadable(this.#client);
    const isChecked =
      allowAnother || request.product !== 'worldtrade' || (await this.#refuseAnother(request, mustCheck));
    const [listedReference] = this.#referenceHash(referenceOf(request));
    const start = startOptionsOf(request, options, listedReference);
    const { alreadySent } = options;
    const earlier = typeof alreadySent === 'object' ? alreadySent : undefined;
    return {
      ...start,
      taskQueue: this.#taskQueue,
      memo: {
        fingerprint: fingerprint(request),
        // The list shows when the refund started, and Temporal knows the start of its last run only.
        ...(earlier && { startedAt: earlier.startedAt }),
        ...start.memo,
      },
      ...(!isChecked && { unchecked: true }),
    };
  }

  /**
   * WorldTrade refunds orders whole, so a second refund of an order is a mistake. The list lags, so this is no guarantee:
   * a start does not wait long for it.
   * @returns whether Temporal answered it
   */
  async #refuseAnother(request: WorldTradeRefundRequest, mustCheck: boolean): Promise<boolean> {
    let others: RefundSummary[];
    try {
      others = await this.#findByReference(request.tradeId);
    } catch (error) {
      const isUnanswered = error instanceof TemporalBusyError || error instanceof TemporalUnreachableError;
      if (isUnanswered && !mustCheck) return false;
      throw error;
    }
    const another = anotherRefundOf(request, others);
    if (another) throw another;
    return true;
  }

  /** The run of the refund that is there already, if it is the same one. */
  async #runOfTheSame(request: RefundRequest): Promise<string> {
    const { refundRequestId } = request;
    const handle = this.#client.workflow.getHandle(workflowIdOf(refundRequestId));
    const description = await translated(refundRequestId, () => handle.describe());
    if ((await knownFingerprint(this.#client, description)) !== fingerprint(request))
      throw new RefundConflictError(refundRequestId);
    // An answer that the refund exists already would be read as: it is running.
    if (isStopped(description)) throw await errorOfStopped(this.#client, description);
    return description.runId;
  }
}
