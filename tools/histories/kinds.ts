import type { Product, RefundOptions, RefundRequest, WorldTradeRefundRequest } from 'worldfirst-refunds';
import {
  byHand,
  cancelledEarly,
  decided,
  flooded,
  type Play,
  refusedAfterUnknown,
  reminded,
  unreachable,
  whileItWaits,
} from './plays.js';
import type { WorkerName } from './workers.js';

/** One kind of refund: what is asked for, and what happens. */
export interface Kind {
  /** The name of its file, and its refund request id. */
  name: string;
  product: Product;
  /** What WorldFirst does, in the words of docs/sandbox.md. */
  words: string;
  more?: Pick<WorldTradeRefundRequest, 'paymentOrderId' | 'refundAmount'>;
  options?: RefundOptions;
  worker?: WorkerName;
  /** Which of its runs is recorded, where it goes on in another one; the last when absent. */
  run?: 'first';
  /** What people and WorldFirst do; without it the refund is left to itself. */
  play?: Play;
}

const TWICE = { inquiryIntervals: ['5m', '10m'] };

/** From the first call to the first answer. */
const PREPARING: Kind[] = [
  { name: 'worldtrade-just-works', product: 'worldtrade', words: 'plain' },
  { name: 'cashier-just-works', product: 'cashier', words: 'plain' },
  { name: 'calls-are-limited', product: 'worldtrade', words: 'plain', worker: 'limited' },
  { name: 'started-by-hand', product: 'worldtrade', words: 'plain', play: byHand() },
  {
    name: 'first-answer-awaited',
    product: 'worldtrade',
    words: 'plain',
    play: async (refund) => {
      await refund.beginAndAwaitTheAnswer();
      await refund.rests();
    },
  },
  {
    name: 'request-not-valid',
    product: 'worldtrade',
    words: 'plain',
    play: byHand([{ product: 'worldtrade' }]),
  },
  { name: 'order-asked-for-again', product: 'worldtrade', words: 'query-badgateway' },
  { name: 'order-told-too-slowly', product: 'worldtrade', words: 'query-silent' },
  { name: 'order-asked-for-when-busy', product: 'worldtrade', words: 'query-throttled' },
  { name: 'order-not-there', product: 'worldtrade', words: 'missing' },
  {
    name: 'order-refused-for-the-set-up',
    product: 'worldtrade',
    words: 'query-once-KEY_NOT_FOUND',
    play: decided('send-again'),
  },
  { name: 'order-is-another', product: 'worldtrade', words: 'query-wrong-id', play: decided('send-again') },
  {
    name: 'order-not-told-for-a-day',
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
    name: 'refused-until-a-person-helped',
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
    name: 'refused-for-the-set-up',
    product: 'worldtrade',
    words: 'refused-once-ACCESS_DENIED',
    play: decided('send-again'),
  },
  { name: 'to-be-tried-later', product: 'cashier', words: 'refused-once-REFUND_FAILED_TRY_AGAIN_LATER' },
  {
    name: 'answer-does-not-match',
    product: 'cashier',
    words: 'wrong-amount-after',
    play: decided('mark-succeeded'),
  },
  { name: 'not-connected-at-first', product: 'cashier', words: 'plain', worker: 'not connected at first' },
  { name: 'never-reported', product: 'cashier', words: 'plain', worker: 'never reports the first sending' },
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
  { name: 'inquired-when-busy', product: 'cashier', words: 'dropped-after-inquire-throttled' },
  {
    name: 'inquired-when-busy-for-an-hour',
    product: 'cashier',
    words: 'dropped-after-inquire-throttled-always',
    options: { inquiryIntervals: ['5m'] },
  },
  {
    name: 'inquiry-refused-for-the-set-up',
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

/** The inquiries after WorldFirst took it. */
const SETTLEMENT: Kind[] = [
  { name: 'accepted-without-confirmation', product: 'worldtrade', words: 'unlisted' },
  { name: 'settles-later', product: 'cashier', words: 'settles-3' },
  { name: 'declined', product: 'cashier', words: 'declined' },
  { name: 'settlement-asked-for-again', product: 'worldtrade', words: 'inquire-silent' },
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
    play: whileItWaits((refund) => refund.closed('Y')),
  },
];

/** What people and WorldFirst say meanwhile. */
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
      await refund.goesOn();
    }),
  },
  {
    name: 'checked-by-signal',
    product: 'cashier',
    words: 'settles-2',
    play: whileItWaits(async (refund) => {
      await refund.signal('checkNow', { by: 'Ana', reason: 'WorldFirst says it is done' });
      await refund.rests();
    }),
  },
  {
    name: 'decided-by-signal',
    product: 'cashier',
    words: 'refused-PROCESS_FAIL',
    play: async (refund) => {
      await refund.run();
      await refund.signal('decide', { decision: 'mark-succeeded', by: 'Ben', reason: 'without evidence' });
      await refund.signal('decide', refund.decision('mark-failed'));
      await refund.rests();
    },
  },
  {
    name: 'closed-with-a-refund',
    product: 'worldtrade',
    words: 'never-settles',
    play: whileItWaits((refund) => refund.closed('Y')),
  },
  {
    name: 'closed-without-a-refund',
    product: 'worldtrade',
    words: 'never-settles',
    play: whileItWaits(async (refund) => {
      await refund.closed('N');
      await refund.closed('N');
      await refund.decide('mark-failed');
    }),
  },
  {
    name: 'refunded-elsewhere',
    product: 'worldtrade',
    words: 'phases',
    worker: 'tells',
    play: async (refund) => {
      await refund.run();
      await refund.closed('Y');
      await refund.decide('mark-failed');
    },
  },
  {
    name: 'unreadable-messages',
    product: 'worldtrade',
    words: 'dropped-after',
    play: whileItWaits(async (refund) => {
      for (const name of ['escalate', 'decide', 'checkNow', 'notification'])
        await refund.signal(name, 'what?');
      await refund.closed('Y', 'another-order');
      await refund.goesOn();
    }),
  },
  {
    name: 'long-until-it-goes-on',
    product: 'worldtrade',
    words: 'dropped-after',
    run: 'first',
    play: whileItWaits(flooded),
  },
  {
    name: 'gone-on-in-another-run',
    product: 'worldtrade',
    words: 'dropped-after',
    play: whileItWaits(flooded),
  },
];

/** The outside is told that a person is needed. */
const TELLING: Kind[] = [
  {
    name: 'told-and-reminded',
    product: 'cashier',
    words: 'refused-PROCESS_FAIL',
    worker: 'tells',
    play: reminded,
  },
  {
    name: 'told-once',
    product: 'cashier',
    words: 'refused-PROCESS_FAIL',
    worker: 'tells',
    options: { remindAfter: 0 },
  },
  {
    name: 'told-and-decided',
    product: 'cashier',
    words: 'refused-once-PROCESS_FAIL',
    worker: 'tells',
    play: decided('send-again'),
  },
  {
    name: 'told-in-vain',
    product: 'cashier',
    words: 'refused-PROCESS_FAIL',
    worker: 'tells in vain',
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
  ...TELLING,
];

/** What a refund of this kind asks for. */
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
