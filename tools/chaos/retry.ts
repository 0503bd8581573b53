import { setTimeout as sleep } from 'node:timers/promises';
import { isGrpcServiceError, ServiceError } from '@temporalio/client';
import { NoWorkerError, RefundError, TemporalUnreachableError } from 'worldfirst-refunds';

const RETRY_AFTER_MS = 200;
// gRPC's CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, INTERNAL, UNAVAILABLE: the errors of a server that stops or
// starts, or that limits the calls a second.
const TRANSIENT: number[] = [1, 2, 4, 8, 13, 14];

/** Repeats a call while it fails only because Temporal's server or the workers are down. */
export async function withRetries<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (signal.aborted || !isTransient(error)) throw error;
      await sleep(RETRY_AFTER_MS, undefined, { signal });
    }
  }
}

function isTransient(error: unknown): boolean {
  if (error instanceof TemporalUnreachableError || error instanceof NoWorkerError) return true;
  const cause = error instanceof ServiceError || error instanceof RefundError ? error.cause : error;
  return isGrpcServiceError(cause) && TRANSIENT.includes(cause.code);
}
