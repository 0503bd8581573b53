import { formatAmount } from './money.js';
import type { RefundView } from './view.js';

/** The search attributes that a refund sets, with their types; register them once per namespace. */
export const SEARCH_ATTRIBUTES = {
  RefundStatus: 'Keyword',
  RefundProduct: 'Keyword',
  RefundReference: 'Keyword',
  RefundAmount: 'Keyword',
  RefundAttention: 'Keyword',
  RefundNextCheckAt: 'Datetime',
  RefundDecidedAt: 'Datetime',
} as const;

/**
 * What the list of workflows shows and filters by; null where a refund has no such value now. `RefundDecidedAt` is not made from
 * the view: it is the time at which the list came to show an operator's last decision that did not end the refund.
 */
export interface RefundSearchAttributes {
  RefundStatus: string;
  RefundProduct: string;
  RefundReference: string;
  /**
   * Such as `USD 12.34`; null until it is known, and for several currencies. A text, because it is exact and names its
   * currency; a number would be a float, and without its currency.
   */
  RefundAmount: string | null;
  RefundAttention: string | null;
  /** ISO 8601; only while a settlement is followed. */
  RefundNextCheckAt: string | null;
}

/** A `RefundReference` that begins with this is a keyed hash of the reference: the client that started the refund hides it, and the amount. */
export const HASHED_REFERENCE = 'hmac-sha256:';

/**
 * The search attributes of a refund. Each change of one is billed (an Action of Temporal Cloud), so the seven inquiries
 * after an unknown result don't show each next one here: they take 10 h 35 min in all, and the view has it.
 */
export function searchAttributesOf(
  view: Pick<RefundView, 'status' | 'product' | 'reference' | 'amount' | 'attention' | 'inquiries'>,
): RefundSearchAttributes {
  return {
    // The list must not say that nothing was sent, because it does not change at the moment in which the refund is sent.
    RefundStatus: view.status === 'preparing' ? 'unknown' : view.status,
    RefundProduct: view.product,
    RefundReference: view.reference,
    RefundAmount: view.amount ? formatAmount(view.amount) : null,
    RefundAttention: view.attention?.reason ?? null,
    RefundNextCheckAt: view.status === 'processing' ? (view.inquiries.nextAt ?? null) : null,
  };
}
