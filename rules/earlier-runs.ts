import { beginGeneration } from './changes.js';
import type { RefundState } from './state.js';

/** What other runs of a refund's workflow did. */
export interface EarlierRuns {
  /** The last of the request ids towards WorldFirst: 1 for the caller's own, one more after each `send-with-new-id`. */
  generation: number;
  /** Whether WorldFirst answered that this id has another request. */
  idInUse: boolean;
  /** Whether WorldFirst notified, or may have notified, that the order was closed with a refund. */
  orderRefunded: boolean;
}

/** No other run did anything. */
export function nothingEarlier(): EarlierRuns {
  return { generation: 1, idInUse: false, orderRefunded: false };
}

/** What two runs did: what was answered about an id before the last one says nothing of the last one. */
export function lastOfBoth(one: EarlierRuns, other: EarlierRuns): EarlierRuns {
  const [last, before] = one.generation >= other.generation ? [one, other] : [other, one];
  return {
    generation: last.generation,
    idInUse: last.idInUse || (before.generation === last.generation && before.idInUse),
    orderRefunded: one.orderRefunded || other.orderRefunded,
  };
}

/** Goes on from what the earlier runs did. */
export function continueFrom(state: RefundState, earlier: EarlierRuns): void {
  delete state.earlierRunsUnread;
  if (earlier.generation > state.generation) beginGeneration(state, earlier.generation);
  if (earlier.generation === state.generation && earlier.idInUse) state.idInUse = true;
  if (earlier.orderRefunded) state.orderRefunded = true;
}
