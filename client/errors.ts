import type { ValidationIssue } from '../internal/check.js';
import type { DecisionRefusal } from '../rules/decision.js';
import { sentenceOf } from '../rules/messages.js';
import { type AwaitedWorker, type WorkerBuild, whenItContinues } from './awaited-worker.js';

/** What can go wrong for a program that starts refunds and sends them messages. The list is closed, so that `switch (error.code)` narrows. */
export type RefundErrorCode =
  | 'INVALID_REQUEST'
  | 'REFUND_CONFLICT'
  | 'ANOTHER_REFUND'
  | 'REFUND_NOT_FOUND'
  | 'REFUND_NOT_RUN'
  | 'REFUND_STOPPED'
  | 'REFUND_PAUSED'
  | 'MISSING_SEARCH_ATTRIBUTES'
  | 'TEMPORAL_BUSY'
  | 'TEMPORAL_REFUSED'
  | 'REFUND_ENDED'
  | 'DECISION_REFUSED'
  | 'CHECK_REFUSED'
  | 'TEMPORAL_UNREACHABLE'
  | 'NO_WORKER'
  | 'PAYLOAD_NOT_READABLE'
  | 'CODEC_FAILED';

/** The base of all errors of this package: what happened, what it means for the money, and what to do. */
export abstract class RefundError extends Error {
  abstract readonly code: RefundErrorCode;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The request, its options, a message or another argument is not valid. Nothing was started or sent. */
export class InvalidRefundRequestError extends RefundError {
  readonly code = 'INVALID_REQUEST';
  /** Every mistake, each with its path. */
  readonly issues: readonly ValidationIssue[];

  constructor(issues: readonly ValidationIssue[]) {
    super(`${sentenceOf(issues)}. Nothing was started or changed.`);
    this.issues = issues;
  }
}

/** The refund request id already belongs to a refund with different data. Nothing was started; that refund is unchanged. */
export class RefundConflictError extends RefundError {
  readonly code = 'REFUND_CONFLICT';
  readonly refundRequestId: string;

  constructor(refundRequestId: string) {
    super(
      `The refund request id "${refundRequestId}" already belongs to a refund with different data. Nothing was started, ` +
        'and that refund is unchanged. Use a new id only for a second refund: a refund under a new id can pay twice.',
    );
    this.refundRequestId = refundRequestId;
  }
}

/** The same WorldTrade order has another refund that is open or has succeeded. Nothing was started. */
export class AnotherRefundError extends RefundError {
  readonly code = 'ANOTHER_REFUND';
  /** The request id of the refund that was not started. */
  readonly refundRequestId: string;
  /** The request id of the other one. */
  readonly otherRefundRequestId: string;

  constructor(
    { refundRequestId, tradeId }: { refundRequestId: string; tradeId: string },
    other: { refundRequestId: string; status: string },
  ) {
    super(
      `The order "${tradeId}" already has the refund "${other.refundRequestId}" (${other.status}), and WorldTrade refunds only whole ` +
        'orders. Nothing was started. A second refund may pay the customer twice; to start it anyway, use allowAnother (--allow-another).',
    );
    this.refundRequestId = refundRequestId;
    this.otherRefundRequestId = other.refundRequestId;
  }
}

/** Temporal has no such refund: it was never started in this namespace, or Temporal has deleted it after its retention. */
export class RefundNotFoundError extends RefundError {
  readonly code = 'REFUND_NOT_FOUND';
  readonly refundRequestId: string;

  constructor(refundRequestId: string) {
    super(
      `Temporal has no refund "${refundRequestId}" in this namespace: it was never started here, or Temporal has deleted ` +
        'it. A deleted refund may have been sent.',
    );
    this.refundRequestId = refundRequestId;
  }
}

/** The workflow did not start a refund: its request was not valid. Nothing was sent. */
export class RefundNotRunError extends RefundError {
  readonly code = 'REFUND_NOT_RUN';
  readonly refundRequestId: string;

  constructor(refundRequestId: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.refundRequestId = refundRequestId;
  }
}

/**
 * The workflow was terminated, or failed, before the refund ended: its automatic work has ended, and the money may have
 * moved. `RefundClient.resume` resumes the refund.
 */
export class RefundStoppedError extends RefundError {
  readonly code = 'REFUND_STOPPED';
  readonly refundRequestId: string;

  /** @param how what happened to the workflow, as in "was terminated by Ana at 2026-11-22 08:00:00 UTC" */
  constructor(refundRequestId: string, how: string, options?: ErrorOptions) {
    super(
      `The workflow of the refund "${refundRequestId}" ${how}. Its automatic work has ended, and the money may have moved. ` +
        `Resume it with \`worldfirst-refunds resume ${refundRequestId}\`; do not start another refund before the result of this one is known.`,
      options,
    );
    this.refundRequestId = refundRequestId;
  }
}

/** An operator paused the workflow with Temporal's tools. It answers nothing and begins nothing new until it is unpaused. */
export class RefundPausedError extends RefundError {
  readonly code = 'REFUND_PAUSED';
  readonly refundRequestId: string;

  constructor(refundRequestId: string) {
    super(
      `The workflow of the refund "${refundRequestId}" is paused. It answers and begins nothing until it is unpaused, with ` +
        `\`temporal workflow unpause --workflow-id refund:${refundRequestId}\` or in Temporal's Web UI. Nothing changed.`,
    );
    this.refundRequestId = refundRequestId;
  }
}

/** The namespace lacks the search attributes of refunds. Nothing was started. */
export class NamespaceNotSetUpError extends RefundError {
  readonly code = 'MISSING_SEARCH_ATTRIBUTES';
}

/** Temporal's rate limit was exceeded (`RESOURCE_EXHAUSTED`). Whether a start took effect is not known; a repeat is harmless. */
export class TemporalBusyError extends RefundError {
  readonly code = 'TEMPORAL_BUSY';
}

/** Temporal refused a call for another reason, which the message has. */
export class TemporalRefusedError extends RefundError {
  readonly code = 'TEMPORAL_REFUSED';
}

/** The refund has ended and accepts no messages. Nothing changed. */
export class RefundEndedError extends RefundError {
  readonly code = 'REFUND_ENDED';
  readonly refundRequestId: string;

  constructor(refundRequestId: string) {
    super(`The refund "${refundRequestId}" has ended and accepts no messages. Nothing changed.`);
    this.refundRequestId = refundRequestId;
  }
}

/** A decision does not apply now. Nothing changed. */
export class DecisionRefusedError extends RefundError {
  readonly code = 'DECISION_REFUSED';
  readonly refundRequestId: string;
  readonly refusal: DecisionRefusal;

  constructor(refundRequestId: string, refusal: DecisionRefusal, sentence: string) {
    super(`The decision was refused: ${sentence}. Nothing changed.`);
    this.refundRequestId = refundRequestId;
    this.refusal = refusal;
  }
}

/** No inquiry is planned that could be run now. Nothing changed. */
export class CheckRefusedError extends RefundError {
  readonly code = 'CHECK_REFUSED';
  readonly refundRequestId: string;

  constructor(refundRequestId: string, sentence: string) {
    super(`The check was refused: ${sentence}. Nothing changed.`);
    this.refundRequestId = refundRequestId;
  }
}

/** Temporal cannot be reached. Whether the call took effect is not known. Refunds that run continue when Temporal answers again. */
export class TemporalUnreachableError extends RefundError {
  readonly code = 'TEMPORAL_UNREACHABLE';
}

/** No worker answered in time, or each worker fails at the refund. Whether the call takes effect is not known. The refund continues when a worker runs that may continue it: see {@link AwaitedWorker}. */
export class NoWorkerError extends RefundError {
  readonly code = 'NO_WORKER';
  readonly refundRequestId: string;
  /** The task queue on which the refund waits, where it is known. */
  readonly taskQueue?: string;
  /** The build that the refund is pinned to by Temporal's Worker Versioning. */
  readonly pinnedTo?: WorkerBuild;

  /**
   * @param options `failedTasks`: how often a worker had the refund's present workflow task, and did not complete it;
   *   `awaited`: which workers may continue the refund
   */
  constructor(
    refundRequestId: string,
    taskQueue?: string,
    options: ErrorOptions & { failedTasks?: number; awaited?: AwaitedWorker } = {},
  ) {
    const { failedTasks = 0, awaited = { kind: 'any' }, ...rest } = options;
    const queue = taskQueue === undefined ? '' : ` for the task queue "${taskQueue}"`;
    const times = failedTasks === 1 ? 'once' : `${failedTasks} times`;
    super(
      `No worker${queue} answered in time. Whether the call takes effect is not known; repeating it with the same id is harmless. ` +
        (failedTasks > 0
          ? `The refund’s workflow task failed or timed out ${times}: see the worker’s log. The refund continues when a worker completes the task.`
          : whenItContinues(awaited)),
      rest,
    );
    this.refundRequestId = refundRequestId;
    if (taskQueue !== undefined) this.taskQueue = taskQueue;
    if (awaited.kind === 'pinned') this.pinnedTo = awaited.build;
  }
}

/** A payload cannot be read here: the key or the codec is missing, or the payload was changed. Nothing of it was used. */
export class PayloadNotReadableError extends RefundError {
  readonly code = 'PAYLOAD_NOT_READABLE';
}

/** The codec that encodes and decodes payloads did not work. Nothing was sent to Temporal. */
export class CodecFailedError extends RefundError {
  readonly code = 'CODEC_FAILED';
}

/** Every error of a `RefundClient` and of its codec: `switch (error.code)` narrows it. */
export type AnyRefundError =
  | InvalidRefundRequestError
  | RefundConflictError
  | AnotherRefundError
  | RefundNotFoundError
  | RefundNotRunError
  | RefundStoppedError
  | RefundPausedError
  | RefundEndedError
  | DecisionRefusedError
  | CheckRefusedError
  | NamespaceNotSetUpError
  | TemporalUnreachableError
  | TemporalBusyError
  | TemporalRefusedError
  | PayloadNotReadableError
  | CodecFailedError
  | NoWorkerError;

/**
 * Whether an error is one of these, so that `switch (error.code)` narrows it.
 * @param error anything that was thrown
 *
 * @example
 * ```ts
 * if (isRefundError(error) && error.code === 'ANOTHER_REFUND') console.log(error.otherRefundRequestId);
 * ```
 */
export function isRefundError(error: unknown): error is AnyRefundError {
  return error instanceof RefundError;
}
