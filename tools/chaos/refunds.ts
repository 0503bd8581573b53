import type { Decision, RefundRequest } from 'worldfirst-refunds';
import { pick, randomNumbers } from '../../testing/sandbox/seeded-random.js';
import type { Settings } from './settings.js';

/** One refund of a run, and what is done to it. All of it follows from the seed. */
export interface ChaosRefund {
  request: RefundRequest;
  /** What WorldFirst is to do: the words of the trade's or payment's id. */
  words: string;
  /** WorldFirst may take it, and moves no money all the same. */
  movesNothing: boolean;
  /** Its first sending is held, before or after its effect, and the worker that made it is killed. */
  held?: 'before' | 'after';
  /** What somebody asks of it while it waits, and how many milliseconds after its start. */
  message?: { kind: Message; after: number };
  /** What people decide, one after the other, each time that it needs somebody. Afterwards nobody decides any more. */
  decisions: readonly Wish[];
}

/** What can be asked of a refund that is under way. */
type Message = 'checkNow' | 'escalate' | 'cancel';

/** What somebody would like to decide, where it applies; `close` is by what WorldFirst's books say. */
export type Wish = Exclude<Decision['decision'], 'mark-succeeded' | 'mark-failed'> | 'close';

type Product = RefundRequest['product'];

interface Kind {
  words: string;
  /** How many of 100 refunds have these words, more or less. */
  weight: number;
  only?: Product;
  movesNothing?: true;
}

const WORKS: Kind = { words: 'works', weight: 30 };

const KINDS: readonly Kind[] = [
  WORKS,
  { words: 'unknown-1', weight: 5 },
  { words: 'unknown-3', weight: 6 },
  { words: 'unknown-7', weight: 3 },
  { words: 'nobody', weight: 4, movesNothing: true },
  { words: 'dropped-after-inquire-UNKNOWN_EXCEPTION', weight: 3 },
  { words: 'settles-3', weight: 6 },
  { words: 'settles-9', weight: 3 },
  { words: 'never-settles', weight: 3 },
  { words: 'declined', weight: 5, movesNothing: true },
  { words: 'unlisted', weight: 3 },
  { words: 'dropped-before-unlisted', weight: 3 },
  { words: 'refused-PROCESS_FAIL', weight: 2 },
  { words: 'refused-once-PROCESS_FAIL', weight: 5 },
  { words: 'refused-once-REFUND_FAILED_TRY_AGAIN_LATER', weight: 4, only: 'worldtrade' },
  { words: 'refused-REFUND_PERIOD_EXPIRED', weight: 3, only: 'worldtrade' },
  { words: 'never-settles-closes', weight: 4, only: 'worldtrade' },
  { words: 'dropped-after-closes-twice', weight: 3, only: 'worldtrade' },
  { words: 'closes-unrefunded', weight: 2, only: 'worldtrade', movesNothing: true },
  { words: 'phases', weight: 1, only: 'worldtrade' },
  { words: 'unpaid', weight: 1, only: 'worldtrade' },
  { words: 'missing', weight: 1, only: 'worldtrade' },
];

const MESSAGES: readonly (Message | undefined)[] = [
  'checkNow',
  'escalate',
  'cancel',
  ...Array.from({ length: 7 }, () => undefined),
];
const WISHES: readonly Wish[] = ['inquire-again', 'send-again', 'send-with-new-id', 'close'];
const LONGEST_BEFORE_MESSAGE_MS = 1_500;
const MOST_DECISIONS = 3;

/** All refunds of a run. */
export function chaosRefunds({ seed, refunds, kills }: Settings): ChaosRefund[] {
  // The first ones of equal parts: a worker that is killed early is missed by all that come after.
  const part = Math.ceil(refunds / kills.sending);
  return Array.from({ length: refunds }, (_, index) =>
    chaosRefund(seed, index, kills.sending > 0 && index % part === 0),
  );
}

function chaosRefund(seed: number, index: number, isHeld: boolean): ChaosRefund {
  const id = `c${seed}-${index}`;
  const [product = 0, kind = 0, phase = 0, message = 0, after = 0, value = 0, many = 0] = randomNumbers(
    seed,
    id,
  );
  const chosen: Product = product < 0.6 ? 'worldtrade' : 'cashier';
  const { words, movesNothing = false } = isHeld ? WORKS : kindFor(chosen, kind);
  const asked = isHeld ? undefined : pick(MESSAGES, message);
  return {
    request: requestOf(chosen, id, words, 1 + Math.floor(value * 100_000)),
    words,
    movesNothing,
    ...(isHeld && { held: pick(['before', 'after'] as const, phase) }),
    ...(asked && { message: { kind: asked, after: Math.floor(after * LONGEST_BEFORE_MESSAGE_MS) } }),
    decisions: randomNumbers(seed, id, 'decisions')
      .slice(0, Math.floor(many * (MOST_DECISIONS + 1)))
      .map((chance) => pick(WISHES, chance)),
  };
}

function kindFor(product: Product, chance: number): Kind {
  const kinds = KINDS.filter(({ only = product }) => only === product);
  let left = chance * kinds.reduce((sum, { weight }) => sum + weight, 0);
  for (const kind of kinds) {
    left -= kind.weight;
    if (left < 0) return kind;
  }
  return WORKS;
}

function requestOf(product: Product, refundRequestId: string, words: string, value: number): RefundRequest {
  if (product === 'worldtrade') return { product, refundRequestId, tradeId: `t-${refundRequestId}-${words}` };
  const amount = { currency: 'USD', value };
  const refundMethod = { paymentMethodType: 'WALLET_WF' };
  return {
    product,
    refundRequestId,
    payToId: `p-${refundRequestId}-${words}`,
    refundToDetails: [{ refundMethod, refundToAmount: amount, refundAmount: amount }],
    refundReason: 'goods returned',
  };
}

/** The trade or payment. */
export function referenceOf(request: RefundRequest): string {
  return request.product === 'worldtrade' ? request.tradeId : request.payToId;
}
