import type { ProviderIds } from './answer.js';
import type { Amount } from './money.js';
import type { Product } from './request.js';

/** The fields of every outcome, as far as they are known. */
export interface OutcomeBase extends ProviderIds {
  refundRequestId: string;
  /** The id that was used towards WorldFirst. */
  providerRequestId: string;
  product: Product;
  /** `tradeId` or `payToId`. */
  reference: string;
  amount?: Amount;
}

/** The operator's word that ended a refund. */
export interface ClosedBy {
  by: string;
  reason: string;
  evidence?: string;
}

/** The money was returned. */
export type RefundSucceeded = OutcomeBase & {
  status: 'succeeded';
  confirmedBy: 'inquiry' | 'notification' | 'operator';
} & Partial<ClosedBy>;

/** WorldFirst accepted the refund (S) and offers nothing that would confirm the settlement. */
export type RefundAccepted = OutcomeBase & { status: 'accepted' };

/** WorldFirst refused the refund for good, or an operator closed it as not refunded. */
export type RefundFailed = OutcomeBase & {
  status: 'failed';
  code: string;
  message: string;
  advice: string;
} & Partial<ClosedBy>;

/** What shows that the money was returned. An operator's decision is only a claim: nothing verifies its evidence. */
export const BASIS: Record<RefundSucceeded['confirmedBy'], string> = {
  inquiry: 'WorldFirst’s answer to an inquiry',
  notification: 'WorldFirst’s closure notification',
  operator: 'an operator’s decision',
};

/** Ended before anything was sent. */
export type RefundCancelled = OutcomeBase & { status: 'cancelled'; by: string; reason: string };

/** The end of a refund. The workflow returns each of these; it fails only on a request that is not valid, or on a bug. */
export type RefundOutcome = RefundSucceeded | RefundAccepted | RefundFailed | RefundCancelled;

/** Where a refund stands. */
export type RefundStatus =
  /** Nothing was sent yet: the order is queried. */
  | 'preparing'
  /** It is being sent. */
  | 'applying'
  /** The answer was U, or no trustworthy answer came: the inquiries are running. */
  | 'unknown'
  /** WorldFirst accepted it; the settlement is followed. */
  | 'processing'
  /** It waits for an operator. */
  | 'needs-attention'
  | RefundOutcome['status'];

/** The statuses of a refund that has ended. */
export const OUTCOME_STATUSES = [
  'succeeded',
  'accepted',
  'failed',
  'cancelled',
] as const satisfies readonly RefundOutcome['status'][];

/** Whether a refund with this status has ended, so that it has an outcome. */
export function hasOutcome(status: string): status is RefundOutcome['status'] {
  return (OUTCOME_STATUSES as readonly string[]).includes(status);
}

/** Whether WorldFirst has taken the refund: its money has moved, or is about to. */
export function isTaken(status: string): boolean {
  return status === 'succeeded' || status === 'accepted';
}
