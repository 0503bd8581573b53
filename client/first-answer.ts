import type { RefundView } from '../rules/view.js';

/**
 * What can be said to who asked for a refund:
 * - `accepted`: WorldFirst took it, or the money was returned already;
 * - `refused`: it ended without a refund;
 * - `pending`: neither is known yet. It goes on by itself, or a person looks after it; it must not be asked for under another id.
 */
export type FirstAnswerStatus = 'accepted' | 'refused' | 'pending';

/** A refund that was asked for, and what can be said of it now. */
export interface FirstAnswer {
  refundRequestId: string;
  workflowId: string;
  answer: FirstAnswerStatus;
  /** Absent where no worker answered in time; the refund is started all the same. */
  view?: RefundView;
  /** Set where Temporal did not say in time whether the WorldTrade order has another refund: it may have one. */
  unchecked?: true;
}

/** What a view says to who asked for the refund. */
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
