/** Why a refund waits for a person, what that means for the money, and what to do. The list is closed. */
export interface AttentionReason {
  explanation: string;
  advice: string;
}

/** Every reason for which a person is asked. Documentation, command line and current details read this one table. */
export const ATTENTION = {
  'unknown-after-all-inquiries': {
    explanation:
      'WorldFirst did not say what became of the refund in any of the inquiries. The money may have moved.',
    advice:
      'Ask WorldFirst’s technical support about the request id. Close the refund by what they say, or inquire again.',
  },
  'settlement-overdue': {
    explanation: 'WorldFirst took the refund, but it is not settled after all inquiries.',
    advice:
      'Ask WorldFirst’s technical support when the refund will settle. Inquire again, or close it by what they say.',
  },
  'refused-needs-person': {
    explanation: 'WorldFirst refused the refund for a reason that a person can put right. No money moved.',
    advice: 'Put the reason right and send it again, or close the refund as failed.',
  },
  configuration: {
    explanation:
      'WorldFirst refused the call itself: a key, the client id or the contract of the API is not right. That says nothing about earlier calls, which may have moved money.',
    advice: 'Mend the set-up. Every refund is hit by this; all go on with send-again once it is mended.',
  },
  'answer-does-not-match': {
    explanation: 'WorldFirst’s answer does not fit what was asked. It is never taken for a success.',
    advice:
      'Compare the answer with the request, and ask WorldFirst which is right before you close the refund.',
  },
  'several-payments': {
    explanation:
      'The order was paid in several payments, and the request does not say which one is to be refunded. Nothing was sent.',
    advice: 'Close this refund, and start another one that names its paymentOrderId.',
  },
  'no-payment': {
    explanation: 'The order has no payment that could be refunded. Nothing was sent.',
    advice: 'Check whether the order is paid. Send again once it is, or close the refund.',
  },
  'amount-differs': {
    explanation:
      'The amount asked for is not the order’s total, and WorldTrade refunds orders whole. Nothing was sent.',
    advice: 'Close this refund, and start another one with the order’s total or without an amount.',
  },
  'refused-after-unknown': {
    explanation:
      'A repeat of the request was refused, but an earlier one may have been carried out: the money may have moved.',
    advice:
      'Ask WorldFirst’s technical support what became of the earlier request. Do not refund under another id before you know.',
  },
  'worldfirst-unreachable': {
    explanation: 'WorldFirst could not be reached for a day.',
    advice: 'Check the network and the address of WorldFirst, then send again.',
  },
  'closed-without-refund': {
    explanation:
      'WorldFirst notified that the order was closed without a refund, although this one was sent.',
    advice: 'Ask WorldFirst what became of the refund, and close it by what they say.',
  },
  'refunded-elsewhere': {
    explanation:
      'WorldFirst notified that the order was closed with a refund, and it was not this one: nothing was sent, or it was refused.',
    advice: 'Find out who refunded the order. Close this refund unless the money is still owed.',
  },
  escalated: {
    explanation: 'A person stopped the automatic work.',
    advice: 'Decide how it goes on.',
  },
  'cancel-requested': {
    explanation:
      'The workflow was asked to cancel after the refund was sent. Money may be moving, so it was not stopped.',
    advice: 'Decide how it goes on. Cancelling does not take a refund back.',
  },
} as const satisfies Record<string, AttentionReason>;

/** A reason of the table. */
export type AttentionKey = keyof typeof ATTENTION;
