import type { Decision, RefundRequest } from 'worldfirst-refunds';
import { pick, randomNumbers } from '../../testing/sandbox/seeded-random.js';
import type { ChaosOptions } from './options.js';

/** One refund of a run, and what happens to it. All of it follows from the seed. */
export interface ChaosRefund {
  request: RefundRequest;
  /** The scenario words in its trade or payment id, see docs/sandbox.md. */
  words: string;
  /** WorldFirst may accept it and move no money. */
  movesNothing: boolean;
  /** Its first sending is held, before or after its effect, and the worker that made it is killed. */
  held?: 'before' | 'after';
  /** The worker of the held sending is frozen instead of killed. */
  freezes?: true;
  /** The message that an operator sends, and how many milliseconds after its start. */
  message?: { kind: Message; after: number };
  /** The decisions of operators, one each time that it needs one. Afterwards it stays undecided. */
  decisions: readonly IntendedDecision[];
}

/** A message to a refund that runs. */
type Message = 'checkNow' | 'escalate' | 'cancel';

/** A decision for the case that it applies; `close` closes the refund by WorldFirst's journal. */
export type IntendedDecision = Exclude<Decision['decision'], 'mark-succeeded' | 'mark-failed'> | 'close';

type Product = RefundRequest['product'];

interface Kind {
  words: string;
  /** About how many of 100 refunds have these words. */
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
const INTENDED: readonly IntendedDecision[] = ['inquire-again', 'send-again', 'send-with-new-id', 'close'];
const LONGEST_BEFORE_MESSAGE_MS = 1_500;
const MOST_DECISIONS = 3;

/** All refunds of a run. */
export function chaosRefunds({ seed, refunds, kills }: ChaosOptions): ChaosRefund[] {
  // The first of each of equal parts, so that the kills are spread over the run.
  const held = kills.sending + kills.frozen;
  const part = Math.ceil(refunds / held);
  // Frozen workers are spread over the held sendings.
  const frozenBefore = (parts: number) => Math.floor((parts * kills.frozen) / held);
  const freezes = (index: number) => frozenBefore(index / part + 1) > frozenBefore(index / part);
  return Array.from({ length: refunds }, (_, index) => {
    const isHeld = held > 0 && index % part === 0;
    return chaosRefund(seed, index, isHeld, isHeld && freezes(index));
  });
}

function chaosRefund(seed: number, index: number, isHeld: boolean, isFrozen: boolean): ChaosRefund {
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
    ...(isFrozen && { freezes: isFrozen }),
    ...(asked && { message: { kind: asked, after: Math.floor(after * LONGEST_BEFORE_MESSAGE_MS) } }),
    decisions: randomNumbers(seed, id, 'decisions')
      .slice(0, Math.floor(many * (MOST_DECISIONS + 1)))
      .map((chance) => pick(INTENDED, chance)),
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

/** The trade or payment id. */
export function referenceOf(request: RefundRequest): string {
  return request.product === 'worldtrade' ? request.tradeId : request.payToId;
}
