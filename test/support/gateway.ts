import type { WorldFirstGateway } from '../../activities/index.js';

type Gateway = Required<WorldFirstGateway>;

/** Passes each call on to a gateway that exists only when the call is made. A worker's activities are made before that. */
export function lateGateway(worldfirst: () => Gateway): Gateway {
  return {
    queryTradeOrder: (...call) => worldfirst().queryTradeOrder(...call),
    applyRefund: (...call) => worldfirst().applyRefund(...call),
    refund: (...call) => worldfirst().refund(...call),
    inquireRefund: (...call) => worldfirst().inquireRefund(...call),
    isSignedByWorldFirst: (signed) => worldfirst().isSignedByWorldFirst(signed),
  };
}
