import type { Amount } from '../../rules/money.js';
import type { Product } from '../../rules/request.js';
import type { Behaviour } from './call-rules.js';
import type { Closing } from './closures.js';
import { FAULTS, type FaultName, type Phase } from './faults.js';

/** The steps of a refund, as the words of an id name them. */
export type Step = 'query' | 'send' | 'inquire';

/** What happens to one trade or payment, as the words of its id have it. */
export interface Plan {
  /** WorldTrade: there is no such order. */
  missing: boolean;
  /** WorldTrade: in how many payments the order was paid. */
  payments: number;
  /** The order's total, or the payment's amount. */
  total?: Amount;
  /** Until this inquiry after it, a refund that was sent is unknown: the send answers U. 0: known at once. */
  knownAt: number;
  /** Whether a refund that is taken moves money. */
  moves: boolean;
  /** Whether inquireRefund ever finds it. */
  listed: boolean;
  /** Until this inquiry, the settlement is PROCESSING. */
  settlesAt: number;
  /** How the settlement ends. */
  endsAs: 'SUCCESS' | 'FAIL';
  /** WorldTrade: how the order is closed after its refund was taken; without it, it is not. */
  closing?: Omit<Closing, 'fault'>;
  /** WorldTrade: what happens to the notifications of that. */
  notifying?: Closing['fault'];
  /** What happens to single calls. */
  placed: { step: Step; behaviour: Behaviour; times: number }[];
}

/** An id without any of the words: it just works. */
export const DEFAULT_PLAN: Readonly<Plan> = {
  missing: false,
  payments: 1,
  knownAt: 0,
  moves: true,
  listed: true,
  settlesAt: 1,
  endsAs: 'SUCCESS',
  placed: [],
};

/** What stood in the places of a word's capitals. */
export interface Values {
  N: number;
  CODE: string;
  FAULT: FaultName;
  PHASE: Phase;
  CURRENCY: string;
  VALUE: number;
}

/** One row of the table of words. */
export interface Scenario {
  /** The words, separated by "-". Capitals stand for a value; N may be left out, and is 1 then. */
  word: string;
  products: readonly Product[];
  /** What happens, in a sentence. */
  description: string;
  /** What it changes in the plan. */
  plan: (values: Values) => Partial<Plan>;
}

const BOTH: readonly Product[] = ['worldtrade', 'cashier'];
const WORLDTRADE: readonly Product[] = ['worldtrade'];

/** The words that a tradeId or payToId may hold, anywhere and several of them: `trade-unknown-3`, `pay-7-dropped-after`. */
export const SCENARIOS: readonly Scenario[] = [
  {
    word: 'total-CURRENCY-VALUE',
    products: BOTH,
    description: "the order's total, or the payment's amount, in the smallest unit: total-JPY-5000",
    plan: ({ CURRENCY, VALUE }) => ({ total: { currency: CURRENCY, value: VALUE } }),
  },
  {
    word: 'missing',
    products: WORLDTRADE,
    description: 'there is no such order: ORDER_NOT_EXIST',
    plan: () => ({ missing: true }),
  },
  {
    word: 'phases',
    products: WORLDTRADE,
    description: 'the order was paid in two payments',
    plan: () => ({ payments: 2 }),
  },
  {
    word: 'unpaid',
    products: WORLDTRADE,
    description: 'the order has no payment',
    plan: () => ({ payments: 0 }),
  },
  {
    word: 'unknown-N',
    products: BOTH,
    description:
      'its money moves, but the answer is U, and so is that of every repeat, until the Nth inquiry finds it',
    plan: ({ N }) => ({ knownAt: N }),
  },
  {
    word: 'nobody',
    products: BOTH,
    description: 'the answer is U for ever, no inquiry finds anything, and no money moves',
    plan: () => ({ knownAt: Number.POSITIVE_INFINITY, moves: false }),
  },
  {
    word: 'unlisted',
    products: BOTH,
    description: 'inquireRefund never knows the refund, even when it was taken: REFUND_ORDER_NOT_EXIST',
    plan: () => ({ listed: false }),
  },
  {
    word: 'settles-N',
    products: BOTH,
    description: 'taken, and PROCESSING until the Nth inquiry says SUCCESS',
    plan: ({ N }) => ({ settlesAt: N }),
  },
  {
    word: 'never-settles',
    products: BOTH,
    description: 'taken, and PROCESSING for ever',
    plan: () => ({ settlesAt: Number.POSITIVE_INFINITY }),
  },
  {
    word: 'declined',
    products: BOTH,
    description: 'taken, and then the inquiry says FAIL: no money moves',
    plan: () => ({ endsAs: 'FAIL', moves: false }),
  },
  {
    word: 'closes',
    products: WORLDTRADE,
    description: 'a second after its refund was taken, the order is closed, and that is notified: refund Y',
    plan: () => ({ closing: { isRefund: 'Y', copies: 1 } }),
  },
  {
    word: 'closes-twice',
    products: WORLDTRADE,
    description: 'the same, and it is notified twice at once',
    plan: () => ({ closing: { isRefund: 'Y', copies: 2 } }),
  },
  {
    word: 'closes-unrefunded',
    products: WORLDTRADE,
    description: 'taken and PROCESSING for ever, but the order is closed with refund N: no money moves',
    plan: () => ({
      closing: { isRefund: 'N', copies: 1 },
      moves: false,
      settlesAt: Number.POSITIVE_INFINITY,
    }),
  },
  {
    word: 'refused-CODE',
    products: BOTH,
    description: 'every send is answered with this code and has no effect: refused-REFUND_PERIOD_EXPIRED',
    plan: ({ CODE }) => code('send', CODE, Number.POSITIVE_INFINITY),
  },
  {
    word: 'refused-once-CODE',
    products: BOTH,
    description: 'the first send is answered with this code and has no effect, and the next one works',
    plan: ({ CODE }) => code('send', CODE, 1),
  },
  {
    word: 'query-CODE',
    products: WORLDTRADE,
    description: 'every queryTradeOrder is answered with this code',
    plan: ({ CODE }) => code('query', CODE, Number.POSITIVE_INFINITY),
  },
  {
    word: 'query-once-CODE',
    products: WORLDTRADE,
    description: 'the first queryTradeOrder is answered with this code, and the next one works',
    plan: ({ CODE }) => code('query', CODE, 1),
  },
  {
    word: 'inquire-CODE',
    products: BOTH,
    description: 'every inquireRefund is answered with this code',
    plan: ({ CODE }) => code('inquire', CODE, Number.POSITIVE_INFINITY),
  },
  {
    word: 'inquire-once-CODE',
    products: BOTH,
    description: 'the first inquireRefund is answered with this code, and the next one works',
    plan: ({ CODE }) => code('inquire', CODE, 1),
  },
  {
    word: 'FAULT-PHASE',
    products: BOTH,
    description: 'a fault at the first send, before or after its effect: dropped-after',
    plan: ({ FAULT, PHASE }) => fault('send', FAULT, PHASE, 1),
  },
  {
    word: 'FAULT-PHASE-always',
    products: BOTH,
    description: 'the fault at every send',
    plan: ({ FAULT, PHASE }) => fault('send', FAULT, PHASE, Number.POSITIVE_INFINITY),
  },
  {
    word: 'query-FAULT',
    products: WORLDTRADE,
    description: 'a fault at the first queryTradeOrder',
    plan: ({ FAULT }) => fault('query', FAULT, 'after', 1),
  },
  {
    word: 'query-FAULT-always',
    products: WORLDTRADE,
    description: 'the fault at every queryTradeOrder',
    plan: ({ FAULT }) => fault('query', FAULT, 'after', Number.POSITIVE_INFINITY),
  },
  {
    word: 'inquire-FAULT',
    products: BOTH,
    description: 'a fault at the first inquireRefund, which counts as an inquiry all the same',
    plan: ({ FAULT }) => fault('inquire', FAULT, 'after', 1),
  },
  {
    word: 'inquire-FAULT-always',
    products: BOTH,
    description: 'the fault at every inquireRefund',
    plan: ({ FAULT }) => fault('inquire', FAULT, 'after', Number.POSITIVE_INFINITY),
  },
  {
    word: 'notify-FAULT-PHASE',
    products: WORLDTRADE,
    description:
      'a fault at the first notification (before) or at its acknowledgement (after): closes-notify-dropped-after',
    plan: ({ FAULT, PHASE }) => ({ notifying: { fault: FAULT, phase: PHASE, times: 1 } }),
  },
  {
    word: 'notify-FAULT-PHASE-always',
    products: WORLDTRADE,
    description: 'the fault at every notification, or at every acknowledgement',
    plan: ({ FAULT, PHASE }) => ({
      notifying: { fault: FAULT, phase: PHASE, times: Number.POSITIVE_INFINITY },
    }),
  },
];

function code(step: Step, code: string, times: number): Partial<Plan> {
  return { placed: [{ step, behaviour: { code, phase: 'before' }, times }] };
}

function fault(step: Step, fault: FaultName, phase: Phase, times: number): Partial<Plan> {
  return { placed: [{ step, behaviour: { fault, phase }, times }] };
}

/** The table as plain text, for `--help`. */
export function formatScenarios(): string {
  const words = SCENARIOS.map(({ word, products, description }) => [
    word,
    `${description}${products.length === 1 ? ` (${products[0]})` : ''}`,
  ]);
  const faults = FAULTS.map(({ word, description }) => [word, description]);
  const width = Math.max(...[...words, ...faults].map(([word = '']) => word.length));
  const lines = (rows: string[][]) => rows.map(([word = '', text]) => `  ${word.padEnd(width)}  ${text}`);
  return [
    "Words in a trade's or payment's id (without any of them it just works; N is 1 when left out):",
    ...lines(words),
    'FAULT (PHASE is before or after the effect):',
    ...lines(faults),
  ].join('\n');
}
