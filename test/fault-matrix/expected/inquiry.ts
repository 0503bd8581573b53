import {
  ALWAYS,
  BOTH,
  CASHIER,
  EITHER,
  type Expectation,
  NO_ANSWER,
  ONCE,
  WORLDTRADE,
} from './expectation.js';

const steps = ['inquiry'] as const;

/** The inquiry after an unknown result. The refund was carried out, and the answer to its sending was lost. */
export const INQUIRY: readonly Expectation[] = [
  {
    products: BOTH,
    steps,
    faults: NO_ANSWER,
    often: ONCE,
    because: 'It was one of the seven. The next one tells, and nothing is sent meanwhile.',
    end: 'succeeded, confirmed by inquiry',
    books: { sends: 1, inquiries: 2, moved: 1 },
  },
  {
    products: BOTH,
    steps,
    faults: NO_ANSWER,
    often: ALWAYS,
    because:
      'Seven without an answer, and no eighth. Nothing is sent again, for nobody said that it is not there.',
    end: 'person: unknown-after-all-inquiries',
    books: { sends: 1, inquiries: 7, moved: 1 },
  },
  {
    products: BOTH,
    steps,
    faults: ['refused'],
    often: ONCE,
    because: 'WorldFirst was asked nothing, so the same inquiry is made again within seconds.',
    end: 'succeeded, confirmed by inquiry',
    books: { sends: 1, inquiries: 1, moved: 1 },
  },
  {
    products: BOTH,
    steps,
    faults: ['refused'],
    often: ALWAYS,
    because: 'None of the seven arrives. It stays unknown, and a person is asked.',
    end: 'person: unknown-after-all-inquiries',
    books: { sends: 1, inquiries: 0, moved: 1 },
  },
  {
    products: BOTH,
    steps,
    faults: ['throttled'],
    often: ONCE,
    because:
      'Too many calls is no answer: the same inquiry is made again after half a minute, and counts once.',
    end: 'succeeded, confirmed by inquiry',
    books: { sends: 1, inquiries: 2, moved: 1 },
  },
  {
    products: BOTH,
    steps,
    faults: ['throttled'],
    often: ALWAYS,
    because:
      'Each inquiry is tried eight times, ever later, and then counts as one without an answer. After the last a person is asked.',
    options: { inquiryIntervals: ['5m', '10m'] },
    end: 'person: unknown-after-all-inquiries',
    books: { sends: 1, inquiries: 2 * 8, moved: 1 },
  },
  {
    products: BOTH,
    steps,
    faults: ['wrong-id', 'wrong-amount', 'wrong-currency'],
    often: EITHER,
    because: 'WorldFirst says SUCCESS of another refund, or of other money. A person compares.',
    end: 'person: answer-does-not-match',
    books: { sends: 1, inquiries: 1, moved: 1 },
  },
  {
    products: BOTH,
    steps,
    faults: ['wrong-refund-status'],
    often: ONCE,
    because:
      'A status that nobody knows means not yet. WorldFirst knows the refund, so its settlement is followed.',
    end: 'succeeded, confirmed by inquiry',
    books: { sends: 1, inquiries: 2, moved: 1 },
  },
  {
    products: BOTH,
    steps,
    faults: ['wrong-refund-status'],
    often: ALWAYS,
    because: 'Not yet, for all of the nineteen inquiries of a settlement; then a person asks WorldFirst.',
    end: 'person: settlement-overdue',
    books: { sends: 1, inquiries: 19, moved: 1 },
  },
  {
    products: BOTH,
    steps,
    faults: ['slow', 'duplicated'],
    often: EITHER,
    because: 'The answer is right: late is not lost, and a question may arrive twice.',
    end: 'succeeded, confirmed by inquiry',
    books: { sends: 1, inquiries: 1, moved: 1 },
  },
  {
    products: BOTH,
    steps,
    faults: ['overtaken'],
    often: ONCE,
    because:
      'The answer is older than the effect, and says that there is no such refund. The identical one is sent again, under one id, and moves nothing twice.',
    end: 'succeeded, confirmed by inquiry',
    books: { sends: 2, inquiries: 2, moved: 1 },
  },
  {
    products: WORLDTRADE,
    steps,
    faults: ['overtaken'],
    often: ALWAYS,
    because:
      'The repeat is accepted. Two inquiries in a row do not know it, as WorldTrade may have none: accepted, which it is.',
    end: 'accepted',
    books: { sends: 2, inquiries: 3, moved: 1 },
  },
  {
    products: CASHIER,
    steps,
    faults: ['overtaken'],
    often: ALWAYS,
    because:
      'The repeat is accepted. The cashier must know it, so all nineteen inquiries are made; then a person asks.',
    end: 'person: settlement-overdue',
    books: { sends: 2, inquiries: 1 + 19, moved: 1 },
  },
];
