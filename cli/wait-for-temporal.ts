import { setTimeout as sleep } from 'node:timers/promises';
import { TemporalUnreachableError } from '../client/errors.js';
import type { TemporalConfig } from '../client/temporal-config.js';
import { connectToTemporal, isRefusal } from '../client/temporal-connection.js';

const TRY_AGAIN_AFTER_MS = 1_000;

/** How long a command waits for Temporal, and what it says meanwhile. */
export interface WaitOptions {
  /** Milliseconds. */
  limit: number;
  /** Ends the waiting. */
  stop: AbortSignal;
  note(line: string): void;
}

/**
 * Waits until Temporal answers, so that a worker that starts while Temporal is down does not end. Resolves early when it is stopped.
 * @throws TemporalUnreachableError when Temporal does not answer within the limit, or refuses the worker
 */
export async function waitForTemporal(
  config: TemporalConfig,
  { limit, stop, note }: WaitOptions,
): Promise<void> {
  const deadline = Date.now() + limit;
  let isWaiting = false;
  while (!stop.aborted) {
    try {
      await (await connectToTemporal(config)).connection.close();
      if (isWaiting) note('Temporal answers');
      return;
    } catch (error) {
      const passes = error instanceof TemporalUnreachableError && !isRefusal(error);
      if (!passes || Date.now() >= deadline) throw error;
      if (!isWaiting) note(`${error.message} Trying again for ${Math.ceil(limit / 1000)} s.`);
      isWaiting = true;
    }
    await sleep(TRY_AGAIN_AFTER_MS, undefined, { signal: stop }).catch(() => {});
  }
}
