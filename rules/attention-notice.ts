import type { Amount } from './money.js';
import type { Product } from './request.js';
import type { AttentionView, RefundView } from './view.js';

/** The notice that a refund needs an operator, as a Standard Webhooks payload. */
export interface AttentionNotice {
  /** The same for every delivery of one notice, so that a receiver recognizes a repeat. */
  id: string;
  type: 'refund.needs-attention' | 'refund.still-needs-attention';
  /** Since when the refund needs an operator; ISO 8601 in UTC. */
  timestamp: string;
  data: {
    refundRequestId: string;
    workflowId: string;
    product: Product;
    /** `tradeId` or `payToId`. */
    reference: string;
    amount?: Amount;
    attention: AttentionView;
  };
}

/** The notice about a refund that needs an operator, or its reminder. */
export function noticeOf(view: RefundView, attention: AttentionView, isReminder: boolean): AttentionNotice {
  const { refundRequestId, workflowId, product, reference, amount } = view;
  return {
    id: `${workflowId}/${attention.since}/${isReminder ? 'reminder' : 'first'}`,
    type: isReminder ? 'refund.still-needs-attention' : 'refund.needs-attention',
    timestamp: attention.since,
    data: { refundRequestId, workflowId, product, reference, ...(amount && { amount }), attention },
  };
}
