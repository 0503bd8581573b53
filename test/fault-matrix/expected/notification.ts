import {
  ALWAYS,
  CASHIER,
  EITHER,
  EVERY_FAULT,
  type Expectation,
  NO_ANSWER,
  ONCE,
  WORLDTRADE,
} from './expectation.js';

const before = ['notification, before its effect'] as const;
const after = ['notification, after its effect'] as const;
const either = [...before, ...after];

// What the sending and the one inquiry at once have come to; only the notification can confirm it.
const TAKEN = { sends: 1, inquiries: 1, moved: 1 } as const;
// Three inquiries for the settlement in place of nineteen, for the test's time.
const options = { awaitClosureNotification: true, settlementIntervals: ['0s', '5m', '10m'] } as const;
const OVERDUE = { sends: 1, inquiries: 3, moved: 1 } as const;

/** The notification that the order was closed with a refund. Inquiries do not know the refund; it waits for this. */
export const NOTIFICATION: readonly Expectation[] = [
  {
    products: WORLDTRADE,
    steps: before,
    faults: ['refused', ...NO_ANSWER, 'throttled'],
    often: ONCE,
    because:
      'It does not arrive, or nobody believes it, so it is not acknowledged. It comes again, and confirms.',
    options,
    end: 'succeeded, confirmed by notification',
    inquirySchedule: 'settlement',
    books: { ...TAKEN, notifications: 2 },
  },
  {
    products: WORLDTRADE,
    steps: before,
    faults: ['refused', ...NO_ANSWER, 'throttled'],
    often: ALWAYS,
    because:
      'None of the eight is believed, so nothing confirms the refund. It needs an operator when it is overdue.',
    options,
    end: 'operator: settlement-overdue',
    inquirySchedule: 'settlement',
    books: { ...OVERDUE, notifications: 8 },
  },
  {
    products: WORLDTRADE,
    steps: before,
    faults: ['stale'],
    often: EITHER,
    because:
      'It names its order, and an order that was closed stays closed, so an old one is as true. WorldFirst sends for 27 hours, perhaps with the first time.',
    options,
    end: 'succeeded, confirmed by notification',
    inquirySchedule: 'settlement',
    books: { ...TAKEN, notifications: 1 },
  },
  {
    products: WORLDTRADE,
    steps: before,
    faults: ['wrong-id'],
    often: EITHER,
    because: 'Another order was closed, which is acknowledged. It confirms nothing here.',
    options,
    end: 'operator: settlement-overdue',
    inquirySchedule: 'settlement',
    books: { ...OVERDUE, notifications: 1 },
  },
  {
    products: WORLDTRADE,
    steps: either,
    faults: ['slow'],
    often: EITHER,
    because: 'Late is not lost.',
    options,
    end: 'succeeded, confirmed by notification',
    inquirySchedule: 'settlement',
    books: { ...TAKEN, notifications: 1 },
  },
  {
    products: WORLDTRADE,
    steps: before,
    faults: ['overtaken'],
    often: ONCE,
    because:
      'It overtakes the answer to the sending. That is waited for, then the refund is confirmed, and nothing is inquired.',
    options,
    end: 'succeeded, confirmed by notification',
    inquirySchedule: 'none',
    books: { sends: 1, inquiries: 0, moved: 1, notifications: 1 },
  },
  {
    products: WORLDTRADE,
    steps: after,
    faults: [...NO_ANSWER, 'throttled', 'stale'],
    often: ONCE,
    because:
      'The refund is confirmed. WorldFirst does not know that and notifies again, which changes nothing.',
    options,
    end: 'succeeded, confirmed by notification',
    inquirySchedule: 'settlement',
    books: { ...TAKEN, notifications: 2 },
  },
  {
    products: WORLDTRADE,
    steps: after,
    faults: [...NO_ANSWER, 'throttled', 'stale'],
    often: ALWAYS,
    because: 'The refund is confirmed by the first of eight, and the others change nothing.',
    options,
    end: 'succeeded, confirmed by notification',
    inquirySchedule: 'settlement',
    books: { ...TAKEN, notifications: 8 },
  },
  {
    products: WORLDTRADE,
    steps: after,
    faults: ['duplicated'],
    often: EITHER,
    because: 'Two copies at once confirm it once.',
    options,
    end: 'succeeded, confirmed by notification',
    inquirySchedule: 'settlement',
    books: { ...TAKEN, notifications: 1 },
  },

  {
    products: WORLDTRADE,
    steps: before,
    faults: ['overtaken'],
    often: ALWAYS,
    because: 'The first one is acknowledged, so there is no other that could come too early.',
    impossible: true,
  },
  {
    products: WORLDTRADE,
    steps: before,
    faults: ['duplicated'],
    often: EITHER,
    because: 'What arrives twice has its effect.',
    impossible: true,
  },
  {
    products: WORLDTRADE,
    steps: either,
    faults: ['wrong-amount', 'wrong-currency', 'wrong-refund-status'],
    often: EITHER,
    because: 'Neither the notification nor its acknowledgement holds one.',
    impossible: true,
  },
  {
    products: WORLDTRADE,
    steps: after,
    faults: ['refused', 'overtaken'],
    often: EITHER,
    because: 'What has had its effect was neither refused nor overtaken.',
    impossible: true,
  },
  {
    products: WORLDTRADE,
    steps: after,
    faults: ['wrong-id'],
    often: EITHER,
    because: 'An acknowledgement names no order.',
    impossible: true,
  },
  {
    products: CASHIER,
    steps: either,
    faults: EVERY_FAULT,
    often: EITHER,
    because: 'WorldFirst notifies nothing of cashier refunds.',
    impossible: true,
  },
];
