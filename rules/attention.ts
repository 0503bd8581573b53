/**
 * Why a refund waits for an operator, and what to do. What is certain about the money is not said here: it follows from
 * the submission (`MONEY`), and is shown beside the explanation.
 */
export interface AttentionReason {
  explanation: string;
  advice: string;
}

/** Every reason for which a refund waits for an operator. Docs, command line and current details read this one table. */
export const ATTENTION = {
  'unknown-after-all-inquiries': {
    explanation: 'None of the inquiries gave the result of the refund.',
    advice:
      'Ask WorldFirst’s technical support for the result of this request id. Close the refund by their answer, or inquire again.',
  },
  'settlement-overdue': {
    explanation: 'WorldFirst accepted the refund, but it is not settled after all inquiries.',
    advice:
      'Ask WorldFirst’s technical support when the refund will settle. Inquire again, or close it by their answer.',
  },
  'refused-needs-person': {
    explanation: 'WorldFirst refused the refund for a reason that an operator can put right.',
    advice: 'Put the reason right and send it again, or close the refund.',
  },
  configuration: {
    explanation:
      'WorldFirst refused the call itself: a key, the client id or the contract of the API is not right.',
    advice: 'Fix the configuration. Every refund is affected; each goes on with send-again once it is fixed.',
  },
  'answer-does-not-match': {
    explanation: 'WorldFirst’s answer does not match the request. It is never counted as a success.',
    advice:
      'Compare the answer with the request, and ask WorldFirst which of them is right before you close the refund.',
  },
  'several-payments': {
    explanation: 'The order was paid in several payments, and the request does not name the one to refund.',
    advice: 'Close this refund, then start another one that names its paymentOrderId.',
  },
  'no-payment': {
    explanation: 'The order has no payment that could be refunded.',
    advice: 'Check whether the order is paid. Send again once it is, or close the refund.',
  },
  'amount-differs': {
    explanation: 'The requested amount is not the order’s total, and WorldTrade refunds orders whole.',
    advice: 'Close this refund, then start another one with the order’s total or without an amount.',
  },
  'refused-after-unknown': {
    explanation:
      'A repeat of the request was refused, and an earlier request under the same id may have been carried out.',
    advice:
      'Ask WorldFirst’s technical support for the result of the earlier request. Do not start another refund before you know it.',
  },
  'id-used-before': {
    explanation:
      'WorldFirst has another request under this refund request id: sent by another system, or before Temporal’s retention ended.',
    advice:
      'Ask WorldFirst’s technical support what was requested under this id, and its result. If it is this refund, close it by their answer. Do not start another refund before you know it.',
  },
  'workflow-reset': {
    explanation:
      'An operator reset this workflow. This run does not know what the run before the reset did after that point.',
    advice:
      'Inquire again. Close the refund only by WorldFirst’s answer; do not start another refund before you know it.',
  },
  'worldfirst-unreachable': {
    explanation: 'WorldFirst could not be reached for a day.',
    advice: 'Check the network and the address of WorldFirst, then send again.',
  },
  'closed-without-refund': {
    explanation:
      'WorldFirst notified that the order was closed without a refund, although this refund was sent.',
    advice: 'Ask WorldFirst for the result of the refund, and close it by their answer.',
  },
  'refunded-elsewhere': {
    explanation: 'WorldFirst notified that the order was closed with a refund, and this one did not make it.',
    advice:
      'Find the refund that WorldFirst carried out. Close this one unless the customer must still be paid.',
  },
  'notification-unclear': {
    explanation:
      'WorldFirst notified that the order was closed with a refund. The order has several open refunds, and the notification does not say which one was carried out.',
    advice: 'Ask WorldFirst which request id was carried out. Close each of the refunds by their answer.',
  },
  escalated: {
    explanation: 'An operator stopped the automatic work.',
    advice: 'Decide how the refund goes on.',
  },
  'cancel-requested': {
    explanation:
      'The workflow received a cancellation request after the refund was sent, so the refund was not ended.',
    advice: 'Decide how the refund goes on. A cancellation does not take a refund back.',
  },
} as const satisfies Record<string, AttentionReason>;

/** A reason of the table. */
export type AttentionKey = keyof typeof ATTENTION;
