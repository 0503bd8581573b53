import type { Amount } from '../../rules/money.js';
import type { Behaviour } from './call-rules.js';
import type { PlacedFault } from './faults.js';

/** The steps of a refund, as the words of an id name them. */
export type Step = 'query' | 'send' | 'inquire';

/** How an order is closed after its refund was accepted. */
export interface Closing {
  isRefund: 'Y' | 'N';
  /** How many notifications are sent at once, each with its own resends. */
  copies: number;
}

/** A fault at the first notifications of an order. */
export type NotificationFault = PlacedFault & { times: number };

/** What happens to one trade or payment. It is made from the words of its id. */
export interface Plan {
  /** WorldTrade: the order does not exist. */
  missing: boolean;
  /** WorldTrade: the number of payments of the order. */
  payments: number;
  /** The order's total, or the payment's amount. */
  total?: Amount;
  /** The inquiry that first finds a submitted refund; until then every answer to the send is U. 0: the first answer is S. */
  knownAt: number;
  /** Whether an accepted refund moves money. */
  moves: boolean;
  /** Whether inquireRefund ever finds the refund. */
  listed: boolean;
  /** The first inquiry that does not answer PROCESSING. */
  settlesAt: number;
  /** The refundStatus at the end of the settlement. */
  endsAs: 'SUCCESS' | 'FAIL';
  /** WorldTrade: how the order is closed after its refund was accepted. The order stays open when absent. */
  closing?: Closing;
  /** WorldTrade: a fault at the notifications of the closure. */
  notifying?: NotificationFault;
  /** What happens to single calls. */
  placed: { step: Step; behaviour: Behaviour; times: number }[];
}

/** The plan of an id without scenario words: every call succeeds. */
export const DEFAULT_PLAN: Readonly<Plan> = {
  missing: false,
  payments: 1,
  knownAt: 0,
  moves: true,
  listed: true,
  settlesAt: 1,
  endsAs: 'SUCCESS',
  placed: [],
};
