import type { WorldFirstGateway } from '../../activities/index.js';

const never = () => Promise.reject(new Error('nothing may be sent in this test'));

/** A WorldFirst that no call may reach. */
export const NOBODY: WorldFirstGateway = {
  queryTradeOrder: never,
  applyRefund: never,
  refund: never,
  inquireRefund: never,
};
