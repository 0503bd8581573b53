import { ApplicationFailure } from '@temporalio/common';
import type { RefundActivityDependencies, WorldFirstGateway } from 'worldfirst-refunds/activities';
import type { WorldFirstClient } from 'worldfirst-refunds/worldfirst';

/** The workers whose refunds have different histories. */
export type WorkerName =
  | 'plain'
  | 'local activities disabled'
  | 'notifies'
  | 'fails to notify'
  | 'not connected at first'
  | 'not connected at a repeat'
  | 'hangs in the first sending';

type Sending = WorldFirstGateway['refund'];

/** The dependencies of each worker's activities. */
export const WORKERS: Record<WorkerName, (worldfirst: WorldFirstClient) => RefundActivityDependencies> = {
  plain: (worldfirst) => ({ worldfirst }),
  'local activities disabled': (worldfirst) => ({ worldfirst, localActivitiesDisabled: true }),
  notifies: (worldfirst) => ({ worldfirst, notifyAttention: async () => {} }),
  'fails to notify': (worldfirst) => ({
    worldfirst,
    notifyAttention: async () => {
      throw ApplicationFailure.nonRetryable('the receiver refuses it');
    },
  }),
  'not connected at first': (worldfirst) => ({ worldfirst: sending(worldfirst, [notSent, notSent]) }),
  'not connected at a repeat': (worldfirst) => ({ worldfirst: sending(worldfirst, [undefined, notSent]) }),
  'hangs in the first sending': (worldfirst) => ({ worldfirst: sending(worldfirst, [hanging]) }),
};

/** A WorldFirst client with other answers to the first sendings of a cashier refund. */
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
  reason: 'The connection was refused. This call was not sent.',
});

const hanging: Sending = (_, options) =>
  new Promise((_, reject) => {
    // The worker is stopped long after the workflow has timed the call out.
    options?.signal?.addEventListener('abort', () => reject(options.signal?.reason));
  });
