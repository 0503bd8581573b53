import type { Amount } from './money.js';
import type { Product } from './request.js';
import type { AttentionView, RefundView } from './view.js';

/** What the outside is told when a refund needs a person; the shape of a Standard Webhooks payload. */
export interface AttentionNotice {
  /** The same for every delivery of one notice, so that a receiver can tell a repeat. */
  id: string;
  type: 'refund.needs-attention' | 'refund.still-needs-attention';
  /** When the refund came to need a person; ISO 8601 in UTC. */
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

/** The notice about a refund that needs a person, or its reminder. */
export function noticeOf(view: RefundView, attention: AttentionView, isReminder: boolean): AttentionNotice {
  const { refundRequestId, workflowId, product, reference, amount } = view;
  return {
    id: `${workflowId}/${attention.since}/${isReminder ? 'reminder' : 'first'}`,
    type: isReminder ? 'refund.still-needs-attention' : 'refund.needs-attention',
    timestamp: attention.since,
    data: { refundRequestId, workflowId, product, reference, ...(amount && { amount }), attention },
  };
}
