import { ApplicationFailure } from '@temporalio/common';
import type { RefundActivityDependencies, WorldFirstGateway } from 'worldfirst-refunds/activities';
import type { WorldFirstClient } from 'worldfirst-refunds/worldfirst';

/** The workers whose refunds differ in what Temporal writes down. */
export type WorkerName =
  | 'plain'
  | 'limited'
  | 'tells'
  | 'tells in vain'
  | 'not connected at first'
  | 'not connected at a repeat'
  | 'never reports the first sending';

type Sending = WorldFirstGateway['refund'];

/** What each worker's activities work with. */
export const WORKERS: Record<WorkerName, (worldfirst: WorldFirstClient) => RefundActivityDependencies> = {
  plain: (worldfirst) => ({ worldfirst }),
  limited: (worldfirst) => ({ worldfirst, localActivitiesDisabled: true }),
  tells: (worldfirst) => ({ worldfirst, notifyAttention: async () => {} }),
  'tells in vain': (worldfirst) => ({
    worldfirst,
    notifyAttention: async () => {
      throw ApplicationFailure.nonRetryable('the receiver does not want to know');
    },
  }),
  'not connected at first': (worldfirst) => ({ worldfirst: sending(worldfirst, [notSent, notSent]) }),
  'not connected at a repeat': (worldfirst) => ({ worldfirst: sending(worldfirst, [undefined, notSent]) }),
  'never reports the first sending': (worldfirst) => ({ worldfirst: sending(worldfirst, [silent]) }),
};

/** WorldFirst, but for what becomes of the first sendings of a cashier refund. */
function sending(worldfirst: WorldFirstClient, first: (Sending | undefined)[]): WorldFirstGateway {
  const refund: Sending = (...call) => (first.shift() ?? worldfirst.refund.bind(worldfirst))(...call);
  return {
    queryTradeOrder: (...call) => worldfirst.queryTradeOrder(...call),
    applyRefund: (...call) => worldfirst.applyRefund(...call),
    inquireRefund: (...call) => worldfirst.inquireRefund(...call),
    refund,
  };
}

const notSent: Sending = async () => ({
  kind: 'notSent',
  reason: 'The connection was refused. Nothing was sent.',
});

const silent: Sending = (_, options) =>
  new Promise((_, reject) => {
    // When the worker is stopped, long after the workflow has given the call up.
    options?.signal?.addEventListener('abort', () => reject(options.signal?.reason));
  });
