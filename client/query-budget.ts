// Temporal limits the list queries of a namespace: 10 a second by default (`frontend.namespaceRPS.visibility`), of all its clients.
// One that is alone uses most of it, so that no search waits long.
const MOST_PER_SECOND = 8;
const LEAST_PER_SECOND = 2;
// So many may come at once after a pause: at low load no search waits.
const BURST = 2;
// Temporal's client repeats a limited query after some 0.8 s at the earliest. A query that it answers at once takes some 10 ms.
const LIMITED_MS = 750;

/**
 * How many list queries a client makes a second. Where Temporal limits them or is slow, because others query too, it makes half
 * as many, and with each answer that comes soon some more. Times are milliseconds of one clock.
 */
export class QueryBudget {
  #perSecond = MOST_PER_SECOND;
  #left = BURST;
  #countedAt: number;

  constructor(now: number) {
    this.#countedAt = now;
  }

  /** How long the next query has to wait. */
  pause(now: number): number {
    this.#left = Math.min(BURST, this.#left + ((now - this.#countedAt) / 1000) * this.#perSecond);
    this.#countedAt = now;
    return Math.max(0, ((1 - this.#left) / this.#perSecond) * 1000);
  }

  /** A query is made. */
  spend(): void {
    this.#left -= 1;
  }

  /** A query was answered after this time. */
  answered(afterMs: number): void {
    if (afterMs >= LIMITED_MS) this.refused();
    else this.#perSecond = Math.min(MOST_PER_SECOND, this.#perSecond + 0.1);
  }

  /** A query was not answered. */
  refused(): void {
    this.#perSecond = Math.max(LEAST_PER_SECOND, this.#perSecond / 2);
  }
}
