import { InvalidArgumentError } from 'commander';
import { endOf } from '../../activities/inquiry-answer.js';

/** What the status of a payment in a statement means. */
export type PaymentState = 'paid' | 'unpaid' | 'pending';

/** What words mean, in upper case. */
export type Statuses = ReadonlyMap<string, PaymentState>;

// Those of banks and accounting programs.
const WORDS: Readonly<Record<PaymentState, string>> = {
  paid: 'SUCCEEDED SUCCESSFUL PAID COMPLETED COMPLETE SETTLED REFUNDED BOOKED POSTED PROCESSED EXECUTED FINISHED DONE',
  unpaid: 'CANCELED FAILURE DECLINED REFUSED REJECTED RETURNED REVERSED REVERSAL UNPAID VOID VOIDED EXPIRED',
  pending: 'PROCESSING PENDING',
};

const KNOWN: Statuses = new Map(
  Object.entries(WORDS).flatMap(([state, words]) =>
    words.split(' ').map((word) => [word, state as PaymentState]),
  ),
);

// Every other word is pending to WorldFirst's inquiry, and not known here.
const OF_WORLDFIRST = { settled: 'paid', declined: 'unpaid', pending: undefined } as const;

/**
 * Reads `Gebucht=paid,Storno=unpaid`: what the words of a statement mean besides those that are known.
 * @throws InvalidArgumentError
 */
export function readStatuses(text: string): Statuses {
  const statuses = new Map<string, PaymentState>();
  for (const part of text.split(',')) {
    const [, word = '', state = ''] = /^(.*)=([^=]*)$/.exec(part) ?? [];
    if (word.trim() === '' || !Object.hasOwn(WORDS, state.trim()))
      throw new InvalidArgumentError(
        `It must be words and what they mean, such as Gebucht=paid,Storno=unpaid,Offen=pending, and has "${part}".`,
      );
    statuses.set(word.trim().toUpperCase(), state.trim() as PaymentState);
  }
  return statuses;
}

/** What a status means; undefined where that is not known. */
export function stateOf(status: string, given: Statuses): PaymentState | undefined {
  const word = status.toUpperCase();
  return given.get(word) ?? KNOWN.get(word) ?? OF_WORLDFIRST[endOf(word)];
}
