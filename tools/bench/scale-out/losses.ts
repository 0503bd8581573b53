import type { FrontendLoss, RefundOfLoss } from './results.js';

/** How many of these were not refunded exactly once. */
export function lostOf(losses: readonly FrontendLoss[]): number {
  return allOf(losses).filter(({ status, moved }) => status !== 'succeeded' || moved !== 1).length;
}

/** The refunds of all of them. */
export function allOf(losses: readonly FrontendLoss[]): RefundOfLoss[] {
  return losses.flatMap(({ refunds }) => refunds);
}

/** The longest time between two moments that follow each other; NaN of fewer than two. */
export function longestPause(moments: readonly number[]): number {
  const sorted = moments.toSorted((a, b) => a - b);
  const pauses = sorted.slice(1).map((moment, index) => moment - (sorted[index] as number));
  return pauses.length === 0 ? Number.NaN : Math.max(...pauses);
}
