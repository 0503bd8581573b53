import { setTimeout as sleep } from 'node:timers/promises';
import { isRefundError } from './errors.js';

/** A function that resolves `perSecond` times a second at most, evenly spread. It never catches up after a pause. */
export function pacer(perSecond: number): (signal?: AbortSignal) => Promise<void> {
  let free = 0;
  return async (signal) => {
    const now = performance.now();
    const at = Math.max(now, free);
    free = at + 1000 / perSecond;
    if (at > now) await pause(at - now, signal);
  };
}

// Half a minute, beside the time that Temporal's client itself waits for each call.
const WAITS_MS = [1_000, 2_000, 4_000, 8_000, 16_000];

/**
 * Repeats a call that Temporal limited or did not answer. Use it only for calls whose repeat is harmless.
 * @throws what the last call threw
 */
export async function withRetries<T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      const wait = WAITS_MS[attempt];
      if (wait === undefined || signal?.aborted || !isPassing(error)) throw error;
      await pause(wait, signal);
      if (signal?.aborted) throw error;
    }
  }
}

function isPassing(error: unknown): boolean {
  return isRefundError(error) && ['TEMPORAL_BUSY', 'TEMPORAL_UNREACHABLE'].includes(error.code);
}

/** Ends early when the signal is aborted. */
async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => {});
}
