import type { Decision, RefundRequest, RefundStatus } from 'worldfirst-refunds';

/** One refund of the demo, and its expected end. */
export interface DemoRefund {
  situation: string;
  request: RefundRequest;
  /** The expected status, and how often money must have moved. */
  ends: { status: RefundStatus; moved: 0 | 1 };
  /** The decision that an operator sends, by signal, when the refund needs one. */
  decision?: Decision;
}

/** The refunds of the demo. The scenario words in the trade and payment ids are those of docs/sandbox.md. */
export const DEMO_REFUNDS: readonly DemoRefund[] = [
  {
    situation: 'just works',
    request: worldtrade('demo-1', 'trade-1-total-USD-12850'),
    ends: { status: 'succeeded', moved: 1 },
  },
  {
    situation: 'accepted, but the answer is lost',
    request: worldtrade('demo-2', 'trade-2-dropped-after'),
    ends: { status: 'succeeded', moved: 1 },
  },
  {
    situation: 'the request is lost on its way',
    request: cashier('demo-3', 'pay-3-dropped-before', 4999),
    ends: { status: 'succeeded', moved: 1 },
  },
  {
    situation: 'unknown, found at the third inquiry',
    request: cashier('demo-4', 'pay-4-unknown-3', 2500),
    ends: { status: 'succeeded', moved: 1 },
  },
  {
    situation: 'refused: the refund period has expired',
    request: worldtrade('demo-5', 'trade-5-refused-REFUND_PERIOD_EXPIRED'),
    ends: { status: 'failed', moved: 0 },
  },
  {
    situation: 'settles late, at the ninth inquiry',
    request: cashier('demo-6', 'pay-6-settles-9', 750),
    ends: { status: 'succeeded', moved: 1 },
  },
  {
    situation: 'accepted, but nothing ever confirms it',
    request: worldtrade('demo-7', 'trade-7-unlisted'),
    ends: { status: 'accepted', moved: 1 },
  },
  {
    situation: 'the answer has a wrong amount',
    request: cashier('demo-8', 'pay-8-wrong-amount-after', 1000),
    ends: { status: 'needs-attention', moved: 1 },
  },
  {
    situation: 'stays unknown; an operator decides',
    request: worldtrade('demo-9', 'trade-9-nobody'),
    decision: {
      decision: 'mark-failed',
      by: 'Ana of the demo',
      reason: 'WorldFirst’s support found no such refund',
      evidence: 'support case 4711',
    },
    ends: { status: 'failed', moved: 0 },
  },
];

function worldtrade(refundRequestId: string, tradeId: string): RefundRequest {
  return { product: 'worldtrade', refundRequestId, tradeId };
}

function cashier(refundRequestId: string, payToId: string, value: number): RefundRequest {
  const amount = { currency: 'USD', value };
  return {
    product: 'cashier',
    refundRequestId,
    payToId,
    refundToDetails: [
      { refundMethod: { paymentMethodType: 'WALLET_WF' }, refundToAmount: amount, refundAmount: amount },
    ],
    refundReason: 'the customer returned the goods',
  };
}
