// Measured: a worker that keeps 2,000 waiting refunds needs so much more memory than one that keeps a few.
const KILOBYTES_PER_REFUND = 200;

/** The memory for refunds that wait for their next step, in megabytes, unless it is set. */
export const DEFAULT_CACHE_MEGABYTES = 100;

/**
 * How many refunds a worker keeps in so much memory (`maxCachedWorkflows`). The others are replayed when they continue. The
 * SDK's own default follows the heap that Node allows, and lets a worker grow by half a gigabyte.
 */
export function cachedRefunds(megabytes: number): number {
  return Math.floor((megabytes * 1000) / KILOBYTES_PER_REFUND);
}
