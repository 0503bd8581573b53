import { setTimeout as sleep } from 'node:timers/promises';
import type { WorldFirstGateway } from '../activities/index.js';

/**
 * What Temporal's task queue is told, for at most `callsPerSecond` in any second across all workers. Each of its
 * partitions (4, unless the server is told otherwise) has a bucket that holds the tasks of a second, rounded up: after a
 * pause they come at once, and as many again while the second passes.
 */
export function taskQueueRate(callsPerSecond: number): number {
  return Math.max(callsPerSecond / 2 - PARTITIONS / 2, callsPerSecond / 4);
}

const PARTITIONS = 4;

/** The same calls, never closer together than `callsPerSecond` allows: tasks that come at once are called one by one. */
export function paced(worldfirst: WorldFirstGateway, callsPerSecond: number): WorldFirstGateway {
  // A little more, because the way to WorldFirst takes one call longer than the next.
  const pause = 1050 / callsPerSecond;
  let free: Promise<unknown> = Promise.resolve();
  const turn = () => {
    const mine = free;
    // Counted from when the call is really made: a process that was held up must not make up for it.
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
