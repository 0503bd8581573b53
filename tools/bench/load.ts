import type { UntilAttention } from './attention.js';
import type { Scenario } from './scenarios.js';
import type { Way } from './ways.js';

/** So many refunds, so many of them at a time. */
export interface Load {
  count: number;
  concurrency: number;
  /** Begins every id of this load, and of no other one. */
  prefix: string;
}

/** One refund that was asked for, with times of this machine's clock in milliseconds since 1970. */
export interface AskedRefund {
  refundRequestId: string;
  tradeId: string;
  workflowId: string;
  askedAt: number;
  /** When the caller had what it waits for. */
  toldAt: number;
}

/**
 * Asks for refunds until all of them have ended, or need a person.
 * @param untilAttention for refunds that wait for a person in the end, and would never end by themselves
 */
export async function run(
  way: Way,
  { words, ends }: Pick<Scenario, 'words' | 'ends'>,
  { count, concurrency, prefix }: Load,
  untilAttention?: UntilAttention,
): Promise<AskedRefund[]> {
  const asked: AskedRefund[] = [];
  let next = 0;
  const askOnAndOn = async () => {
    while (next < count) {
      next += 1;
      const refundRequestId = `${prefix}${next}`;
      const refund = { refundRequestId, tradeId: `t-${refundRequestId}-${words}` };
      const workflowId = way.workflowIdOf(refundRequestId);
      const needed = ends === 'needs-attention' ? untilAttention?.(workflowId) : undefined;
      const askedAt = now();
      const told = way.ask(refund);
      // A refund that needs a person is terminated in the end, which is no failure of the measurement.
      told.catch(() => {});
      await (needed ? Promise.race([needed, told]) : told);
      const toldAt = now();
      if (!needed) await way.end(refundRequestId);
      asked.push({ ...refund, workflowId, askedAt, toldAt });
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, count) }, askOnAndOn));
  return asked;
}

function now(): number {
  return performance.timeOrigin + performance.now();
}
