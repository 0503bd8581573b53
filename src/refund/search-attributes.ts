import type { RefundView } from './view.js';

/** The search attributes that a refund sets, with their types; register them once per namespace. */
export const SEARCH_ATTRIBUTES = {
  RefundStatus: 'Keyword',
  RefundProduct: 'Keyword',
  RefundReference: 'Keyword',
  RefundAttention: 'Keyword',
  RefundNextCheckAt: 'Datetime',
} as const;

/** What the list of workflows shows and filters by; null where a refund has no such value now. */
export interface RefundSearchAttributes {
  RefundStatus: string;
  RefundProduct: string;
  RefundReference: string;
  RefundAttention: string | null;
  /** ISO 8601. */
  RefundNextCheckAt: string | null;
}

/** The search attributes of a refund. */
export function searchAttributesOf(
  view: Pick<RefundView, 'status' | 'product' | 'reference' | 'attention' | 'inquiries'>,
): RefundSearchAttributes {
  return {
    RefundStatus: view.status,
    RefundProduct: view.product,
    RefundReference: view.reference,
    RefundAttention: view.attention?.reason ?? null,
    RefundNextCheckAt: view.inquiries.nextAt ?? null,
  };
}
