import type { WorldFirstClient } from '../worldfirst/client.js';

/**
 * What the activities need of WorldFirst: the four calls of {@link WorldFirstClient}, or something that stands in for them.
 * Without `isSignedByWorldFirst` a worker cannot verify closure notifications, and they do not count.
 */
export type WorldFirstGateway = Pick<
  WorldFirstClient,
  'queryTradeOrder' | 'applyRefund' | 'refund' | 'inquireRefund'
> &
  Partial<Pick<WorldFirstClient, 'isSignedByWorldFirst'>>;
