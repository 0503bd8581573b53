import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchRefund, Caller } from './callers.js';
import type { Scenario } from './scenarios.js';

/** So many refunds, so many of them at a time. */
export interface Load {
  count: number;
  concurrency: number;
  /** How long each requester rests after a refund, in milliseconds; not at all when absent. */
  restMs?: number;
}

/** A refund that was requested. */
export interface RequestedRefund extends BenchRefund {
  workflowId: string;
  /** By this machine's clock, in milliseconds since 1970. */
  requestedAt: number;
  /** When its end was known to the caller, by the same clock. */
  endedAt: number;
}

/** Requests refunds until all of them have ended or need an operator. */
export async function runLoad(
  caller: Caller,
  { words, ends }: Scenario,
  { count, concurrency, restMs = 0 }: Load,
): Promise<RequestedRefund[]> {
  const prefix = freshPrefix();
  const requested: RequestedRefund[] = [];
  let next = 0;
  const keepRequesting = async () => {
    while (next < count) {
      next += 1;
      const refundRequestId = `${prefix}${next}`;
      const refund = { refundRequestId, tradeId: `t-${refundRequestId}-${words}` };
      const requestedAt = now();
      await caller.request(refund, ends);
      const workflowId = caller.workflowIdOf(refundRequestId);
      requested.push({ ...refund, workflowId, requestedAt, endedAt: now() });
      if (restMs > 0) await sleep(restMs);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, count) }, keepRequesting));
  return requested;
}

/** The time of this machine, in milliseconds since 1970 with their fractions. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}

let prefixes = 0;

/** A short beginning of ids that no other load of any run has. */
export function freshPrefix(): string {
  prefixes += 1;
  return `${Date.now().toString(36)}x${prefixes}r`;
}
