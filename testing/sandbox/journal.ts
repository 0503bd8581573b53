import type { Amount } from '../../rules/money.js';
import type { Product } from '../../rules/request.js';
import type { Operation } from '../../worldfirst/result-codes.js';
import type { SignedBy } from './delivery.js';

/** A request that the sandbox received, and its answer. */
export interface JournalEntry {
  /** ISO 8601 in UTC. */
  at: string;
  method: string;
  path: string;
  /** Absent when no API has this path. */
  api?: Operation;
  /** The request id (applyRefund, refund), or the first id of an inquiry. */
  id?: string;
  /** The tradeId or payToId of the request. */
  reference?: string;
  /** The body, byte for byte. */
  body: string;
  /** The rule that applied to this call: `dropped-after`, `PROCESS_FAIL-before`, `hold-before`. */
  fault?: string;
  /** The answer that was sent. Absent before that, and for faults without an answer. */
  answer?: { status: number; body: string; signedBy: SignedBy };
}

/** A movement of money back to the buyer. */
export interface Movement {
  at: string;
  /** The request id of the refund. */
  id: string;
  product: Product;
  /** The tradeId or payToId. */
  reference: string;
  amount: Amount;
}

/** A closure notification that the sandbox sent. */
export interface NotificationEntry {
  at: string;
  url: string;
  /** The same for every resend. */
  requestId: string;
  tradeId: string;
  isRefund: 'Y' | 'N';
  /** The fault of this notification: `dropped-after`. */
  fault?: string;
  /** The status of the receiver's answer. Absent without an answer. */
  status?: number;
  acknowledged: boolean;
}

/** The place of an entry in the journal. */
export interface EntryPosition {
  /** The index among all entries. */
  index: number;
  /** 1 for the first request of this API under this id. */
  number: number;
}

/** The totals of a journal. */
export interface JournalSum {
  /** The number of request ids of submitted refunds. */
  asked: number;
  /** The number of request ids that moved money. */
  moved: number;
  /** The number of movements. A number above `moved` is a bug of the sandbox. */
  movements: number;
  /** Trades and payments whose money moved more than once. This is correct only for a payment that is refunded in parts. */
  movedTwice: string[];
  /** Request ids that were sent with different bodies. This is always a bug of the client. */
  changedBodies: string[];
}

const SENDS: ReadonlySet<Operation | undefined> = new Set<Operation>(['applyRefund', 'refund']);

/** Every request to the sandbox and every movement of money. */
export class Journal {
  readonly #entries: JournalEntry[] = [];
  readonly #movements: Movement[] = [];
  readonly #notifications: NotificationEntry[] = [];
  readonly #calls = new Map<string, number>();

  /** Every request, in the order of arrival. */
  get entries(): readonly JournalEntry[] {
    return this.#entries;
  }

  /** Every movement of money, in order. */
  get movements(): readonly Movement[] {
    return this.#movements;
  }

  /** The closure notifications of one trade, or all of them. */
  notified(tradeId?: string): NotificationEntry[] {
    return this.#notifications.filter((entry) => tradeId === undefined || entry.tradeId === tradeId);
  }

  /** The requests that sent a refund, under one request id or all of them. */
  sends(id?: string): JournalEntry[] {
    return this.#entries.filter((entry) => SENDS.has(entry.api) && (id === undefined || entry.id === id));
  }

  /** The movements of one request id, trade or payment. */
  moved(id: string): Movement[] {
    return this.#movements.filter((movement) => movement.id === id || movement.reference === id);
  }

  /** Sums everything up: whether each refund that was asked for moved money exactly once. */
  sum(): JournalSum {
    const bodies = new Map<string, Set<string>>();
    for (const { id, body } of this.sends()) {
      if (id !== undefined) bodies.set(id, (bodies.get(id) ?? new Set()).add(body));
    }
    const times = new Map<string, number>();
    for (const { reference } of this.#movements) times.set(reference, (times.get(reference) ?? 0) + 1);
    return {
      asked: bodies.size,
      moved: new Set(this.#movements.map(({ id }) => id)).size,
      movements: this.#movements.length,
      movedTwice: [...times].filter(([, count]) => count > 1).map(([reference]) => reference),
      changedBodies: [...bodies].filter(([, { size }]) => size > 1).map(([id]) => id),
    };
  }

  /** The journal as `GET /journal` serves it. */
  toJSON(): {
    sum: JournalSum;
    movements: readonly Movement[];
    notifications: readonly NotificationEntry[];
    entries: readonly JournalEntry[];
  } {
    return {
      sum: this.sum(),
      movements: this.#movements,
      notifications: this.#notifications,
      entries: this.#entries,
    };
  }

  /** For the sandbox: adds a request on arrival. */
  add(entry: JournalEntry): EntryPosition {
    const key = JSON.stringify([entry.api, entry.id ?? entry.reference]);
    const number = (this.#calls.get(key) ?? 0) + 1;
    this.#calls.set(key, number);
    return { index: this.#entries.push(entry) - 1, number };
  }

  /** For the sandbox: adds a notification before it is sent, and returns its index. */
  addNotification(entry: NotificationEntry): number {
    return this.#notifications.push(entry) - 1;
  }

  /** For the sandbox: adds a movement. */
  addMovement(movement: Movement): void {
    this.#movements.push(movement);
  }
}
