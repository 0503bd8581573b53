import { setTimeout as sleep } from 'node:timers/promises';
import { isGrpcServiceError, ServiceError } from '@temporalio/client';
import { NoWorkerError, TemporalUnreachableError } from 'worldfirst-refunds';

const AGAIN_AFTER_MS = 200;
// gRPC's CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, INTERNAL, UNAVAILABLE: what a server says that is going or coming.
const PASSING: number[] = [1, 2, 4, 13, 14];

/** Asks again for as long as it is only that a server or the workers are not there. */
export async function patiently<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (signal.aborted || !passes(error)) throw error;
      await sleep(AGAIN_AFTER_MS, undefined, { signal });
    }
  }
}

function passes(error: unknown): boolean {
  if (error instanceof TemporalUnreachableError || error instanceof NoWorkerError) return true;
  const cause = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(cause) && PASSING.includes(cause.code);
}
