import type { Amount } from '../../rules/money.js';
import type { Product } from '../../rules/request.js';
import type { Operation } from '../../worldfirst/result-codes.js';
import type { SignedBy } from './delivery.js';

/** One request that the sandbox received, and what came of it. */
export interface JournalEntry {
  /** ISO 8601 in UTC. */
  at: string;
  method: string;
  path: string;
  /** Absent when the path is none of an API's. */
  api?: Operation;
  /** Its request id (applyRefund, refund), or the id that it asks about. */
  id?: string;
  /** The tradeId or payToId that it names. */
  reference?: string;
  /** The body, byte for byte as it came. */
  body: string;
  /** What was placed on this call: `dropped-after`, `PROCESS_FAIL-before`, `hold-before`. */
  fault?: string;
  /** What was put on the wire; absent while there is nothing, for ever when the fault is that there is nothing. */
  answer?: { status: number; body: string; signedBy: SignedBy };
}

/** Money that was returned. */
export interface Movement {
  at: string;
  /** The request id under which it moved. */
  id: string;
  product: Product;
  /** The tradeId or payToId. */
  reference: string;
  amount: Amount;
}

/** One closure notification that the sandbox sent. */
export interface NotificationEntry {
  at: string;
  url: string;
  /** The same one for every resend. */
  requestId: string;
  tradeId: string;
  isRefund: 'Y' | 'N';
  /** What was placed on it: `dropped-after`. */
  fault?: string;
  /** What was answered; absent while there is nothing, for ever when nobody answers. */
  status?: number;
  acknowledged: boolean;
}

/** Where a request was noted. */
export interface EntryPosition {
  /** Its index among the entries. */
  index: number;
  /** 1 for the first request of its API under its id. */
  number: number;
}

/** What a run of refunds comes to. */
export interface JournalSum {
  /** How many request ids refunds were asked for under. */
  asked: number;
  /** How many of these moved money. */
  moved: number;
  /** How often money moved: more than `moved` is a bug of the sandbox. */
  movements: number;
  /** Trades and payments whose money moved more than once: right only for a payment that is refunded in parts. */
  movedTwice: string[];
  /** Request ids under which different bodies were sent: always a bug of the client. */
  changedBodies: string[];
}

const SENDS: ReadonlySet<Operation | undefined> = new Set<Operation>(['applyRefund', 'refund']);

/** Everything that the sandbox was asked, and every movement of money. */
export class Journal {
  readonly #entries: JournalEntry[] = [];
  readonly #movements: Movement[] = [];
  readonly #notifications: NotificationEntry[] = [];
  readonly #calls = new Map<string, number>();

  /** Every request, in the order of arrival. */
  get entries(): readonly JournalEntry[] {
    return this.#entries;
  }

  /** Every movement of money, in its order. */
  get movements(): readonly Movement[] {
    return this.#movements;
  }

  /** The closure notifications that were sent, all of them or those of one trade. */
  notified(tradeId?: string): NotificationEntry[] {
    return this.#notifications.filter((entry) => tradeId === undefined || entry.tradeId === tradeId);
  }

  /** The requests that sent a refund, all of them or those under one request id. */
  sends(id?: string): JournalEntry[] {
    return this.#entries.filter((entry) => SENDS.has(entry.api) && (id === undefined || entry.id === id));
  }

  /** The movements under a request id, or of a trade or payment. */
  moved(id: string): Movement[] {
    return this.#movements.filter((movement) => movement.id === id || movement.reference === id);
  }

  /** Adds it all up, to say "asked for n, moved exactly once each". */
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

  /** For the sandbox: notes an arrival. */
  add(entry: JournalEntry): EntryPosition {
    const key = JSON.stringify([entry.api, entry.id ?? entry.reference]);
    const number = (this.#calls.get(key) ?? 0) + 1;
    this.#calls.set(key, number);
    return { index: this.#entries.push(entry) - 1, number };
  }

  /** For the sandbox: notes a notification, before it is sent. Returns the entry's place. */
  addNotification(entry: NotificationEntry): number {
    return this.#notifications.push(entry) - 1;
  }

  /** For the sandbox: notes a movement. */
  addMovement(movement: Movement): void {
    this.#movements.push(movement);
  }
}
