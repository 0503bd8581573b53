import type { Decision, RefundRequest, RefundStatus } from 'worldfirst-refunds';

/** One refund of the demo, and how it must end. */
export interface DemoRefund {
  story: string;
  request: RefundRequest;
  /** The status at the end, and how often money must have moved. */
  ends: { status: RefundStatus; moved: 0 | 1 };
  /** What a person decides, by signal, once the refund asks for one. */
  decision?: Decision;
}

/** The refunds of the demo. The words of each trade or payment id tell the sandbox what is to happen. */
export const DEMO_REFUNDS: readonly DemoRefund[] = [
  {
    story: 'just works',
    request: worldtrade('demo-1', 'trade-1-total-USD-12850'),
    ends: { status: 'succeeded', moved: 1 },
  },
  {
    story: 'the answer is lost after WorldFirst took it',
    request: worldtrade('demo-2', 'trade-2-dropped-after'),
    ends: { status: 'succeeded', moved: 1 },
  },
  {
    story: 'the request is lost before WorldFirst read it',
    request: cashier('demo-3', 'pay-3-dropped-before', 4999),
    ends: { status: 'succeeded', moved: 1 },
  },
  {
    story: 'unknown, found at the third inquiry',
    request: cashier('demo-4', 'pay-4-unknown-3', 2500),
    ends: { status: 'succeeded', moved: 1 },
  },
  {
    story: 'refused: the refund period is over',
    request: worldtrade('demo-5', 'trade-5-refused-REFUND_PERIOD_EXPIRED'),
    ends: { status: 'failed', moved: 0 },
  },
  {
    story: 'settles late, at the ninth look',
    request: cashier('demo-6', 'pay-6-settles-9', 750),
    ends: { status: 'succeeded', moved: 1 },
  },
  {
    story: 'taken, but nothing ever confirms it',
    request: worldtrade('demo-7', 'trade-7-unlisted'),
    ends: { status: 'accepted', moved: 1 },
  },
  {
    story: 'the answer names a wrong amount',
    request: cashier('demo-8', 'pay-8-wrong-amount-after', 1000),
    ends: { status: 'needs-attention', moved: 1 },
  },
  {
    story: 'nobody knows it; a person decides',
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
