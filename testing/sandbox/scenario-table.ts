import type { Product } from '../../rules/request.js';
import { FAULTS, type FaultName, type Phase } from './faults.js';
import type { Plan, Step } from './plan.js';

/** The values that stand for the capital letters of a word. */
export interface Values {
  N: number;
  CODE: string;
  FAULT: FaultName;
  PHASE: Phase;
  CURRENCY: string;
  VALUE: number;
}

/** One row of the scenario table. */
export interface Scenario {
  /** The words, separated by "-". Capital letters stand for a value. N is 1 when it is left out. */
  word: string;
  products: readonly Product[];
  /** What happens, in a sentence. */
  description: string;
  /** The changes to the default plan. */
  plan: (values: Values) => Partial<Plan>;
}

const BOTH: readonly Product[] = ['worldtrade', 'cashier'];
const WORLDTRADE: readonly Product[] = ['worldtrade'];

/** The scenario words of a tradeId or payToId. An id can hold several, at any place: `trade-unknown-3`, `pay-7-dropped-after`. */
export const SCENARIOS: readonly Scenario[] = [
  {
    word: 'total-CURRENCY-VALUE',
    products: BOTH,
    description: "the order's total, or the payment's amount, in the smallest currency unit: total-JPY-5000",
    plan: ({ CURRENCY, VALUE }) => ({ total: { currency: CURRENCY, value: VALUE } }),
  },
  {
    word: 'missing',
    products: WORLDTRADE,
    description: 'the order does not exist: ORDER_NOT_EXIST',
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
      'the money moves, but the answer to the send and to its repeats is U until the Nth inquiry finds the refund',
    plan: ({ N }) => ({ knownAt: N }),
  },
  {
    word: 'nobody',
    products: BOTH,
    description: 'every answer to the send is U, no inquiry finds the refund, and no money moves',
    plan: () => ({ knownAt: Number.POSITIVE_INFINITY, moves: false }),
  },
  {
    word: 'unlisted',
    products: BOTH,
    description: 'inquireRefund never finds the refund, even if it was accepted: REFUND_ORDER_NOT_EXIST',
    plan: () => ({ listed: false }),
  },
  {
    word: 'settles-N',
    products: BOTH,
    description: 'the refund is accepted, and PROCESSING until the Nth inquiry answers SUCCESS',
    plan: ({ N }) => ({ settlesAt: N }),
  },
  {
    word: 'never-settles',
    products: BOTH,
    description: 'the refund is accepted, and PROCESSING for ever',
    plan: () => ({ settlesAt: Number.POSITIVE_INFINITY }),
  },
  {
    word: 'declined',
    products: BOTH,
    description: 'the refund is accepted, and then the inquiry answers FAIL: no money moves',
    plan: () => ({ endsAs: 'FAIL', moves: false }),
  },
  {
    word: 'closes',
    products: WORLDTRADE,
    description:
      'the order is closed a second after its refund was accepted, and a notification with isRefund Y is sent',
    plan: () => ({ closing: { isRefund: 'Y', copies: 1 } }),
  },
  {
    word: 'closes-twice',
    products: WORLDTRADE,
    description: 'like closes, with two notifications at once',
    plan: () => ({ closing: { isRefund: 'Y', copies: 2 } }),
  },
  {
    word: 'closes-unrefunded',
    products: WORLDTRADE,
    description:
      'the refund is accepted and PROCESSING for ever, but the order is closed with isRefund N: no money moves',
    plan: () => ({
      closing: { isRefund: 'N', copies: 1 },
      moves: false,
      settlesAt: Number.POSITIVE_INFINITY,
    }),
  },
  {
    word: 'refused-CODE',
    products: BOTH,
    description: 'every send gets this code and has no effect: refused-REFUND_PERIOD_EXPIRED',
    plan: ({ CODE }) => code('send', CODE, Number.POSITIVE_INFINITY),
  },
  {
    word: 'refused-once-CODE',
    products: BOTH,
    description: 'the first send gets this code and has no effect; the next one succeeds',
    plan: ({ CODE }) => code('send', CODE, 1),
  },
  {
    word: 'query-CODE',
    products: WORLDTRADE,
    description: 'every queryTradeOrder gets this code',
    plan: ({ CODE }) => code('query', CODE, Number.POSITIVE_INFINITY),
  },
  {
    word: 'query-once-CODE',
    products: WORLDTRADE,
    description: 'the first queryTradeOrder gets this code; the next one succeeds',
    plan: ({ CODE }) => code('query', CODE, 1),
  },
  {
    word: 'inquire-CODE',
    products: BOTH,
    description: 'every inquireRefund gets this code',
    plan: ({ CODE }) => code('inquire', CODE, Number.POSITIVE_INFINITY),
  },
  {
    word: 'inquire-once-CODE',
    products: BOTH,
    description: 'the first inquireRefund gets this code; the next one succeeds',
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
    description: 'a fault at the first inquireRefund, which still counts as an inquiry',
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

/** The scenario table as plain text, for `--help`. */
export function formatScenarios(): string {
  const words = SCENARIOS.map(({ word, products, description }) => [
    word,
    `${description}${products.length === 1 ? ` (${products[0]})` : ''}`,
  ]);
  const faults = FAULTS.map(({ word, description }) => [word, description]);
  const width = Math.max(...[...words, ...faults].map(([word = '']) => word.length));
  const lines = (rows: string[][]) => rows.map(([word = '', text]) => `  ${word.padEnd(width)}  ${text}`);
  return [
    'Words in a tradeId or payToId (without any of them every call succeeds; N is 1 when it is left out):',
    ...lines(words),
    'FAULT (PHASE is before or after the effect of the request):',
    ...lines(faults),
  ].join('\n');
}
