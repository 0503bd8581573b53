import type { Product, RefundOptions, RefundRequest, WorldTradeRefundRequest } from 'worldfirst-refunds';
import {
  cancelledEarly,
  decided,
  flooded,
  type Play,
  refusedAfterUnknown,
  reminded,
  startedDirectly,
  unreachable,
  whileItWaits,
} from './plays.js';
import type { WorkerName } from './workers.js';

/** One kind of refund: its request, and what happens to it. */
export interface Kind {
  /** The name of its file, and its refund request id. */
  name: string;
  product: Product;
  /** The scenario words for WorldFirst's sandbox, see docs/sandbox.md. */
  words: string;
  more?: Pick<WorldTradeRefundRequest, 'paymentOrderId' | 'refundAmount'>;
  options?: RefundOptions;
  worker?: WorkerName;
  /** Which of its runs is recorded when it continues as new; the last when absent. */
  run?: 'first';
  /** What operators and WorldFirst do; without it the refund runs until it is idle. */
  play?: Play;
}

const TWICE = { inquiryIntervals: ['5m', '10m'] } as const;

/** The query of the order, before anything is sent. */
const PREPARING: Kind[] = [
  { name: 'worldtrade-just-works', product: 'worldtrade', words: 'plain' },
  { name: 'cashier-just-works', product: 'cashier', words: 'plain' },
  {
    name: 'local-activities-disabled',
    product: 'worldtrade',
    words: 'plain',
    worker: 'local activities disabled',
  },
  { name: 'started-without-our-client', product: 'worldtrade', words: 'plain', play: startedDirectly() },
  {
    name: 'started-and-waited-for-answer',
    product: 'worldtrade',
    words: 'plain',
    play: async (refund) => {
      await refund.startAndWaitForAnswer();
      await refund.waitUntilIdle();
    },
  },
  {
    name: 'request-not-valid',
    product: 'worldtrade',
    words: 'plain',
    play: startedDirectly([{ product: 'worldtrade' }]),
  },
  { name: 'order-query-retried', product: 'worldtrade', words: 'query-badgateway' },
  { name: 'order-query-timed-out', product: 'worldtrade', words: 'query-silent' },
  { name: 'order-query-throttled', product: 'worldtrade', words: 'query-throttled' },
  { name: 'order-does-not-exist', product: 'worldtrade', words: 'missing' },
  {
    name: 'order-query-needs-configuration',
    product: 'worldtrade',
    words: 'query-once-KEY_NOT_FOUND',
    play: decided('send-again'),
  },
  {
    name: 'order-does-not-match',
    product: 'worldtrade',
    words: 'query-wrong-id',
    play: decided('send-again'),
  },
  {
    name: 'order-unreachable-for-a-day',
    product: 'worldtrade',
    words: 'query-badgateway-always',
    play: unreachable,
  },
  { name: 'several-payments', product: 'worldtrade', words: 'phases', play: decided('mark-failed') },
  { name: 'no-payment', product: 'worldtrade', words: 'unpaid', play: decided('send-again', 'mark-failed') },
  {
    name: 'another-payment',
    product: 'worldtrade',
    words: 'plain',
    more: { paymentOrderId: 'nobody-knows-it' },
    play: decided('mark-failed'),
  },
  {
    name: 'amount-differs',
    product: 'worldtrade',
    words: 'plain',
    more: { refundAmount: { currency: 'USD', value: 1 } },
    play: decided('mark-failed'),
  },
];

/** WorldFirst's answer to the sending. */
const SENDING: Kind[] = [
  { name: 'refused-for-good', product: 'worldtrade', words: 'refused-REFUND_PERIOD_EXPIRED' },
  {
    name: 'refused-then-sent-again',
    product: 'cashier',
    words: 'refused-once-PROCESS_FAIL',
    play: decided('send-again'),
  },
  {
    name: 'refused-then-sent-under-a-new-id',
    product: 'cashier',
    words: 'refused-once-PROCESS_FAIL',
    play: decided('send-with-new-id'),
  },
  {
    name: 'refused-then-inquired',
    product: 'worldtrade',
    words: 'refused-once-PROCESS_FAIL',
    play: decided('inquire-again'),
  },
  {
    name: 'refused-for-configuration',
    product: 'worldtrade',
    words: 'refused-once-ACCESS_DENIED',
    play: decided('send-again'),
  },
  { name: 'try-again-later', product: 'cashier', words: 'refused-once-REFUND_FAILED_TRY_AGAIN_LATER' },
  {
    name: 'answer-does-not-match',
    product: 'cashier',
    words: 'wrong-amount-after',
    play: decided('mark-succeeded'),
  },
  { name: 'not-connected-at-first', product: 'cashier', words: 'plain', worker: 'not connected at first' },
  { name: 'sending-timed-out', product: 'cashier', words: 'plain', worker: 'hangs in the first sending' },
];

/** The inquiries after an unknown result. */
const UNKNOWN: Kind[] = [
  { name: 'request-lost', product: 'worldtrade', words: 'dropped-before' },
  { name: 'answer-lost', product: 'cashier', words: 'dropped-after' },
  { name: 'found-at-the-third-inquiry', product: 'worldtrade', words: 'unknown-3' },
  { name: 'found-unsettled', product: 'cashier', words: 'dropped-after-settles-2' },
  { name: 'found-declined', product: 'cashier', words: 'dropped-after-declined' },
  {
    name: 'repeat-not-connected',
    product: 'cashier',
    words: 'unknown-3',
    worker: 'not connected at a repeat',
  },
  { name: 'inquiry-throttled', product: 'cashier', words: 'dropped-after-inquire-throttled' },
  {
    name: 'inquiry-throttled-for-an-hour',
    product: 'cashier',
    words: 'dropped-after-inquire-throttled-always',
    options: { inquiryIntervals: ['5m'] },
  },
  {
    name: 'inquiry-refused-for-configuration',
    product: 'cashier',
    words: 'dropped-after-inquire-once-ACCESS_DENIED',
    play: decided('inquire-again'),
  },
  { name: 'inquiry-does-not-match', product: 'cashier', words: 'dropped-after-inquire-wrong-amount' },
  { name: 'repeat-refused', product: 'cashier', words: 'plain', play: refusedAfterUnknown },
  {
    name: 'unknown-after-all-inquiries',
    product: 'worldtrade',
    words: 'nobody',
    play: decided('mark-failed'),
  },
  {
    name: 'unknown-then-mark-succeeded',
    product: 'cashier',
    words: 'nobody',
    options: TWICE,
    play: decided('mark-succeeded'),
  },
  {
    name: 'unknown-then-inquire-again',
    product: 'cashier',
    words: 'nobody',
    options: TWICE,
    play: decided('inquire-again'),
  },
  {
    name: 'unknown-then-send-again',
    product: 'worldtrade',
    words: 'nobody',
    options: TWICE,
    play: decided('send-again'),
  },
];

/** The inquiries after WorldFirst accepted the refund. */
const SETTLEMENT: Kind[] = [
  { name: 'accepted-without-confirmation', product: 'worldtrade', words: 'unlisted' },
  { name: 'settles-later', product: 'cashier', words: 'settles-3' },
  { name: 'declined', product: 'cashier', words: 'declined' },
  { name: 'settlement-inquiry-retried', product: 'worldtrade', words: 'inquire-silent' },
  {
    name: 'settlement-does-not-match',
    product: 'cashier',
    words: 'inquire-wrong-amount',
    play: decided('inquire-again'),
  },
  {
    name: 'settlement-overdue',
    product: 'cashier',
    words: 'never-settles',
    options: { settlementIntervals: ['0s', '5m', '10m'] },
    play: decided('inquire-again', 'send-again', 'mark-succeeded'),
  },
  {
    name: 'closure-awaited',
    product: 'worldtrade',
    words: 'unlisted',
    options: { awaitClosureNotification: true },
    play: whileItWaits((refund) => refund.notifyClosed('Y')),
  },
];

/** Messages of operators and WorldFirst. */
const MESSAGES: Kind[] = [
  {
    name: 'cancelled-before-sending',
    product: 'worldtrade',
    words: 'query-badgateway-always',
    play: cancelledEarly,
  },
  {
    name: 'cancelled-after-sending',
    product: 'cashier',
    words: 'dropped-after',
    play: whileItWaits(async (refund) => {
      await refund.cancel();
      await refund.decide('mark-succeeded');
    }),
  },
  {
    name: 'escalated',
    product: 'cashier',
    words: 'dropped-after',
    play: whileItWaits(async (refund) => {
      await refund.escalate();
      await refund.signal('checkNow', { by: 'Ana', reason: 'nothing is planned' });
      await refund.decide('inquire-again');
    }),
  },
  {
    name: 'checked-by-update',
    product: 'cashier',
    words: 'unknown-2',
    play: whileItWaits(async (refund) => {
      await refund.checkNow();
      await refund.resumeUntilIdle();
    }),
  },
  {
    name: 'checked-by-signal',
    product: 'cashier',
    words: 'settles-2',
    play: whileItWaits(async (refund) => {
      await refund.signal('checkNow', { by: 'Ana', reason: 'WorldFirst says it is done' });
      await refund.waitUntilIdle();
    }),
  },
  {
    name: 'decided-by-signal',
    product: 'cashier',
    words: 'refused-PROCESS_FAIL',
    play: async (refund) => {
      await refund.runUntilIdle();
      await refund.signal('decide', { decision: 'mark-succeeded', by: 'Ben', reason: 'without evidence' });
      await refund.signal('decide', refund.decision('mark-failed'));
      await refund.waitUntilIdle();
    },
  },
  {
    name: 'closed-with-a-refund',
    product: 'worldtrade',
    words: 'never-settles',
    play: whileItWaits((refund) => refund.notifyClosed('Y')),
  },
  {
    name: 'closed-without-a-refund',
    product: 'worldtrade',
    words: 'never-settles',
    play: whileItWaits(async (refund) => {
      await refund.notifyClosed('N');
      await refund.notifyClosed('N');
      await refund.decide('mark-failed');
    }),
  },
  {
    name: 'refunded-elsewhere',
    product: 'worldtrade',
    words: 'phases',
    worker: 'notifies',
    play: async (refund) => {
      await refund.runUntilIdle();
      await refund.notifyClosed('Y');
      await refund.decide('mark-failed');
    },
  },
  {
    name: 'unreadable-messages',
    product: 'worldtrade',
    words: 'dropped-after',
    play: whileItWaits(async (refund) => {
      await refund.notifyClosed('Y', 'another-order');
      // The last one brings the next inquiry forward.
      for (const name of ['escalate', 'decide', 'checkNow', 'notification'])
        await refund.signal(name, 'what?');
      await refund.resumeUntilIdle();
    }),
  },
  { name: 'id-used-before', product: 'cashier', words: 'refused-REPEAT_REQ_INCONSISTENT' },
  { name: 'already-sent', product: 'cashier', words: 'plain', options: { alreadySent: true } },
  {
    name: 'cancelled-by-decision',
    product: 'worldtrade',
    words: 'phases',
    play: async (refund) => {
      await refund.runUntilIdle();
      await refund.decide('cancel');
    },
  },
  {
    name: 'notification-unclear',
    product: 'worldtrade',
    words: 'never-settles',
    play: whileItWaits(async (refund) => {
      const { tradeId } = refund.request as WorldTradeRefundRequest;
      const signed = refund.sandbox.signedNotification({ tradeId, isRefund: 'Y' });
      await refund.signal('notification', { ...signed, concerns: 'unclear' });
      await refund.decide('mark-failed');
    }),
  },
  {
    name: 'reset-to-the-last-task',
    product: 'cashier',
    words: 'refused-PROCESS_FAIL',
    play: async (refund) => {
      await refund.runUntilIdle();
      await refund.escalate();
      await refund.resetToLastTask();
      await refund.decide('mark-failed');
    },
  },
  {
    name: 'reset-to-the-first-task',
    product: 'worldtrade',
    words: 'settles-3',
    play: whileItWaits(async (refund) => {
      await refund.resetToFirstTask();
      await refund.resumeUntilIdle();
    }),
  },
  {
    name: 'before-continue-as-new',
    product: 'worldtrade',
    words: 'dropped-after',
    run: 'first',
    play: whileItWaits(flooded),
  },
  {
    name: 'after-continue-as-new',
    product: 'worldtrade',
    words: 'dropped-after',
    play: whileItWaits(flooded),
  },
];

/** The notification that a refund needs an operator. */
const NOTIFICATION: Kind[] = [
  {
    name: 'notified-and-reminded',
    product: 'cashier',
    words: 'refused-PROCESS_FAIL',
    worker: 'notifies',
    play: reminded,
  },
  {
    name: 'notified-once',
    product: 'cashier',
    words: 'refused-PROCESS_FAIL',
    worker: 'notifies',
    options: { remindAfter: 0 },
  },
  {
    name: 'notified-and-decided',
    product: 'cashier',
    words: 'refused-once-PROCESS_FAIL',
    worker: 'notifies',
    play: decided('send-again'),
  },
  {
    name: 'notification-failed',
    product: 'cashier',
    words: 'refused-PROCESS_FAIL',
    worker: 'fails to notify',
    play: reminded,
  },
];

/** Every kind of refund, so that each branch of the workflow is in one of the histories. */
export const KINDS: readonly Kind[] = [
  ...PREPARING,
  ...SENDING,
  ...UNKNOWN,
  ...SETTLEMENT,
  ...MESSAGES,
  ...NOTIFICATION,
];

/** The request of a refund of this kind. */
export function requestOf({ name, product, words, more }: Kind): RefundRequest {
  const refundRequestId = name;
  if (product === 'worldtrade')
    return { product, refundRequestId, tradeId: `trade-${indexOf(name)}-${words}`, ...more };
  const amount = { currency: 'USD', value: 1234 };
  return {
    product,
    refundRequestId,
    payToId: `pay-${indexOf(name)}-${words}`,
    refundToDetails: [
      { refundMethod: { paymentMethodType: 'WALLET_WF' }, refundToAmount: amount, refundAmount: amount },
    ],
    refundReason: 'the goods came back',
  };
}

const indexOf = (name: string) => KINDS.findIndex((kind) => kind.name === name);
