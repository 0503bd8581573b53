import type { RefundView } from '../rules/view.js';

/**
 * The first firm answer about a refund:
 * - `accepted`: WorldFirst accepted it, which does not confirm the settlement, or the money was returned already;
 * - `refused`: it ended without a refund;
 * - `pending`: neither is known yet. The refund continues, or an operator decides; do not start it under another id.
 */
export type FirstAnswerStatus = 'accepted' | 'refused' | 'pending';

/** A refund that was started, and its first answer. */
export interface FirstAnswer {
  refundRequestId: string;
  workflowId: string;
  answer: FirstAnswerStatus;
  /** Absent where no worker answered in time; the refund is started all the same. */
  view?: RefundView;
  /** Set where Temporal did not say in time whether the WorldTrade order has another refund: it may have one. */
  unchecked?: true;
}

/** The first answer that a view means. */
export function answerOf({ status }: RefundView): FirstAnswerStatus {
  switch (status) {
    case 'processing':
    case 'accepted':
    case 'succeeded':
      return 'accepted';
    case 'failed':
    case 'cancelled':
      return 'refused';
    case 'preparing':
    case 'applying':
    case 'unknown':
    case 'needs-attention':
      return 'pending';
  }
}
