/**
 * Why a refund waits for an operator, and what to do. What is certain about the money is not said here: it follows from
 * the submission (`moneyOf`), and is shown beside the explanation.
 */
export interface AttentionReason {
  explanation: string;
  advice: string;
}

/** Every reason for which a refund waits for an operator. Docs, command line and current details read this one table. */
export const ATTENTION = {
  'unknown-after-all-inquiries': {
    explanation: 'No inquiry gave the result of the refund.',
    advice:
      'Ask WorldFirst’s technical support for the result of this request id. Then close the refund as WorldFirst confirms, or decide inquire-again. Until then, do not start another refund.',
  },
  'settlement-overdue': {
    explanation: 'WorldFirst accepted the refund, but no inquiry confirmed the settlement.',
    advice:
      'Ask WorldFirst’s technical support whether the money was returned. Then close the refund as WorldFirst confirms, or decide inquire-again.',
  },
  'refused-needs-person': {
    explanation: 'WorldFirst refused the refund, and an operator must check the reason.',
    advice:
      'Follow the advice for WorldFirst’s code. Decide send-again only when the cause is gone; otherwise close the refund.',
  },
  configuration: {
    explanation: 'A call was refused because a key, the client id or the API contract is wrong.',
    advice: 'Fix the configuration, then decide send-again for each refund that waits for this reason.',
  },
  'answer-does-not-match': {
    explanation:
      'WorldFirst’s answer does not match the request, so the refund is not reported as succeeded.',
    advice:
      'Compare the answer with the request. Ask WorldFirst what it carried out under this request id before you close the refund.',
  },
  'several-payments': {
    explanation:
      'The order was paid in several payments, and the request does not name the payment to refund.',
    advice:
      'If nothing was sent, decide cancel. Then start a refund with a new refundRequestId and the paymentOrderId to refund.',
  },
  'no-payment': {
    explanation: 'WorldFirst lists no payment for this order.',
    advice: 'If the order is paid by now, decide send-again; otherwise close the refund.',
  },
  'amount-differs': {
    explanation: 'The requested amount is not the order’s total. WorldTrade refunds only whole orders.',
    advice:
      'If nothing was sent, decide cancel. Start another refund only if the order’s total must be returned.',
  },
  'refused-after-unknown': {
    explanation:
      'WorldFirst refused a later call; an earlier request under the same id may have been carried out.',
    advice:
      'Ask WorldFirst’s technical support for the result of every request under this id. Until it is known, do not start another refund.',
  },
  'id-used-before': {
    explanation:
      'WorldFirst already has a different request under this id, from another system or from a refund that Temporal has deleted.',
    advice:
      'Ask WorldFirst’s technical support for the request under this id and its result. If it is this refund, close this one as WorldFirst confirms; otherwise decide mark-failed. Until then, do not start another refund.',
  },
  'workflow-reset': {
    explanation:
      'An operator reset this workflow. What the run before the reset did after that point is not in this run’s history.',
    advice:
      'Decide inquire-again. Until WorldFirst confirms the result, do not close this refund or start another.',
  },
  'worldfirst-unreachable': {
    explanation: 'For 24 hours no call reached WorldFirst.',
    advice: 'Check the network and WORLDFIRST_BASE_URL, then decide send-again.',
  },
  'closed-without-refund': {
    explanation:
      'WorldFirst notified that the order was closed without a refund, although this refund may have been sent.',
    advice: 'Ask WorldFirst for the result of the refund, and close the refund accordingly.',
  },
  'refunded-elsewhere': {
    explanation:
      'WorldFirst notified that the order was closed with a refund. As far as is known here, it was another refund.',
    advice:
      'The order is already refunded, so this refund is not sent any more. Ask WorldFirst which refund was carried out, then close this one.',
  },
  'notification-unclear': {
    explanation:
      'WorldFirst notified that the order was closed with a refund. It is not certain that it was this refund.',
    advice:
      'Ask WorldFirst which request id was carried out, then close each refund of the order accordingly. This refund is not sent any more.',
  },
  escalated: {
    explanation: 'An operator halted the automatic work.',
    advice: 'Read the timeline, then take one of the decisions that apply now.',
  },
  'cancel-requested': {
    explanation:
      'The workflow received a cancellation request, but the refund may have been sent, so it stays open.',
    advice: 'A cancellation cannot recall a refund that was sent. Take one of the decisions that apply now.',
  },
} as const satisfies Record<string, AttentionReason>;

/** A reason of the table. */
export type AttentionKey = keyof typeof ATTENTION;
