import {
  isGrpcDeadlineError,
  isGrpcServiceError,
  QueryNotRegisteredError,
  ServiceError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure, ValueError, WorkflowNotFoundError } from '@temporalio/common';
import { quoted } from '../internal/check.js';
import type { DecisionRefusal } from '../rules/decision.js';
import {
  CheckRefusedError,
  DecisionRefusedError,
  NamespaceNotSetUpError,
  NoWorkerError,
  PayloadNotReadableError,
  RefundConflictError,
  RefundError,
  RefundNotFoundError,
  RefundNotRunError,
  TemporalBusyError,
  TemporalRefusedError,
  TemporalUnreachableError,
} from './errors.js';

/** Runs a call to Temporal; what goes wrong is thrown as an error of this package. */
export async function translated<T>(refundRequestId: string | undefined, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw meaningOf(error, refundRequestId);
  }
}

/** The milliseconds in which a worker must answer; it may have to replay the whole history first. */
export const A_QUERY = 10_000;

/** Runs a call that a worker answers, such as a query: no answer in time then means that no worker runs. */
export async function answeredByWorker<T>(refundRequestId: string, call: () => Promise<T>): Promise<T> {
  return translated(refundRequestId, () =>
    call().catch((error) => {
      // Temporal also refuses queries of a workflow whose last tasks failed, because the workers that had them died.
      const isUnanswered =
        isOutOfTime(error) || error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isDropped(error);
      throw isUnanswered ? new NoWorkerError(refundRequestId, undefined, { cause: error }) : error;
    }),
  );
}

function meaningOf(error: unknown, refundRequestId: string | undefined): unknown {
  if (error instanceof RefundError) return error;
  if (error instanceof ValueError && error.message.startsWith('Unknown encoding')) {
    const [, encoding = ''] = error.message.split(': ');
    return new PayloadNotReadableError(
      `The payloads in this namespace have the encoding ${quoted(encoding)}, which this process cannot read. Give it the keys, ` +
        'the data converter or the codec server of the workers: REFUND_ENCRYPTION_KEYS, REFUND_DATA_CONVERTER or TEMPORAL_CODEC_ENDPOINT. Nothing was changed.',
      { cause: error },
    );
  }
  if (error instanceof WorkflowNotFoundError && refundRequestId !== undefined) {
    return new RefundNotFoundError(refundRequestId);
  }
  if (
    error instanceof WorkflowUpdateFailedError &&
    error.cause instanceof ApplicationFailure &&
    refundRequestId !== undefined
  )
    return refusalOf(error.cause, refundRequestId);
  // The SDK has this class for every invalid argument, an answer that is too large among them.
  if (
    error instanceof QueryNotRegisteredError &&
    refundRequestId !== undefined &&
    /did not register|no registered|not registered/i.test(error.message)
  ) {
    return new RefundNotRunError(
      refundRequestId,
      `The workflow "refund:${refundRequestId}" was not started: its request was not valid. Nothing was sent.`,
      { cause: error },
    );
  }
  if (isOutOfTime(error)) {
    return new TemporalUnreachableError(
      'Temporal did not answer in time. The call may have had its effect; to repeat the same call is harmless.',
      { cause: error },
    );
  }
  if (isUnreachable(error)) {
    return new TemporalUnreachableError(
      'Temporal cannot be reached. Whether this call took effect is not known; repeating it is harmless. Refunds that run continue when Temporal answers again.',
      { cause: error },
    );
  }
  return refusedByTemporal(error) ?? error;
}

/** What Temporal refused: no error of gRPC leaves this package without a code. */
function refusedByTemporal(error: unknown): RefundError | undefined {
  // The SDK has these two for what it takes for a missing workflow or query; here it was another call.
  if (error instanceof WorkflowNotFoundError || error instanceof QueryNotRegisteredError)
    return refused(error.message, error);
  const cause = error instanceof ServiceError ? error.cause : error;
  if (!isGrpcServiceError(cause))
    return error instanceof ServiceError ? refused(error.message, error) : undefined;
  const details = cause.details || cause.message;
  if (cause.code === RESOURCE_EXHAUSTED) {
    return new TemporalBusyError(
      `Temporal’s rate limit was exceeded: ${withoutDot(details)}. Call again later; repeating the same start is harmless.`,
      { cause: error },
    );
  }
  if (/search attribute|Refund(Status|Product|Reference|Attention|NextCheckAt)/i.test(details)) {
    return new NamespaceNotSetUpError(
      `The namespace does not have the search attributes that a refund needs (${withoutDot(details)}). Register them with \`worldfirst-refunds setup\`. Nothing was started.`,
      { cause: error },
    );
  }
  return refused(details, error);
}

function refused(details: string, cause: unknown): RefundError {
  return new TemporalRefusedError(
    `Temporal refused the call: ${withoutDot(details) || 'it gave no reason'}.`,
    { cause },
  );
}

function withoutDot(text: string): string {
  return text.trim().replace(/\.$/, '');
}

function refusalOf(failure: ApplicationFailure, refundRequestId: string): RefundError {
  if (failure.type === 'RefundConflict') return new RefundConflictError(refundRequestId);
  if (failure.type === 'DecisionRefused') {
    return new DecisionRefusedError(
      refundRequestId,
      failure.details?.[0] as DecisionRefusal,
      failure.message,
    );
  }
  if (failure.type === 'CheckNowRefused') {
    return new CheckRefusedError(refundRequestId, failure.message);
  }
  return new TemporalRefusedError(`The update failed: ${withoutDot(failure.message)}.`, { cause: failure });
}

/** Temporal ends a call at its deadline as well. On a busy machine its cancellation arrives before the client's own end. */
function isOutOfTime(error: unknown): boolean {
  const cause = error instanceof ServiceError ? error.cause : error;
  return (
    isGrpcDeadlineError(error) ||
    (isGrpcServiceError(cause) && cause.code === CANCELLED && cause.details !== ABORTED_BY_CALLER)
  );
}

/** Whether Temporal gave a message or a question up before the workflow saw it. */
export function isDropped(error: unknown): boolean {
  const cause = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(cause) && cause.code === FAILED_PRECONDITION;
}

// Of gRPC.
const CANCELLED = 1;
const RESOURCE_EXHAUSTED = 8;
const FAILED_PRECONDITION = 9;
const UNAVAILABLE = 14;
// What grpc-js says of a call that an abort signal ended.
const ABORTED_BY_CALLER = 'Cancelled on client';

function isUnreachable(error: unknown): boolean {
  const cause = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(cause) && cause.code === UNAVAILABLE;
}
