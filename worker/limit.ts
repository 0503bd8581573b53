import { setTimeout as sleep } from 'node:timers/promises';
import type { WorldFirstGateway } from '../activities/index.js';

/**
 * The rate limit of Temporal's task queue for at most `callsPerSecond` in any second across all workers. Each of its
 * partitions (4, unless the server is configured otherwise) has a bucket with the tasks of a second, rounded up: after a
 * pause they come at the same time, and as many again within the next second.
 */
export function taskQueueRate(callsPerSecond: number): number {
  return Math.max(callsPerSecond / 2 - PARTITIONS / 2, callsPerSecond / 4);
}

const PARTITIONS = 4;

/** The same calls, never closer together than `callsPerSecond` allows: tasks that come at the same time are called one by one. */
export function paced(worldfirst: WorldFirstGateway, callsPerSecond: number): WorldFirstGateway {
  // A little more, because calls need different times to reach WorldFirst.
  const pause = 1050 / callsPerSecond;
  let free: Promise<unknown> = Promise.resolve();
  const turn = () => {
    const mine = free;
    // Counted from the time of the call: a process that was delayed must not catch up.
    free = mine.then(() => sleep(pause));
    return mine;
  };
  const inTurn =
    <Input, Answer>(call: (body: Input, options?: CallOptions) => Promise<Answer>) =>
    async (body: Input, options?: CallOptions): Promise<Answer> => {
      await turn();
      return call(body, options);
    };
  return {
    // It makes no call.
    ...(worldfirst.isSignedByWorldFirst && {
      isSignedByWorldFirst: (signed) => worldfirst.isSignedByWorldFirst?.(signed) ?? false,
    }),
    queryTradeOrder: inTurn((body, options) => worldfirst.queryTradeOrder(body, options)),
    applyRefund: inTurn((body, options) => worldfirst.applyRefund(body, options)),
    refund: inTurn((body, options) => worldfirst.refund(body, options)),
    inquireRefund: inTurn((body, options) => worldfirst.inquireRefund(body, options)),
  };
}

type CallOptions = NonNullable<Parameters<WorldFirstGateway['refund']>[1]>;
