import { AsyncResource } from 'node:async_hooks';
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { TemporalBusyError } from './errors.js';
import { quoted } from './list-refunds.js';
import type { ReferenceHash } from './reference-hash.js';
import { attributeOf } from './refund-attributes.js';
import { translated } from './translate.js';

// Temporal limits the list queries of a namespace: 10 a second by default (`frontend.namespaceRPS.visibility`), of all its clients.
const QUERIES_PER_SECOND = 4;
// So many may come at once after a pause: at low load no search waits.
const BURST = 4;
// A query is a text of bounded length.
const REFERENCES_PER_QUERY = 50;
// Two seconds of searches: who comes later would only wait.
const MOST_WAITING = 2 * QUERIES_PER_SECOND * REFERENCES_PER_QUERY;
// The SDK repeats a query that Temporal limited, until its time is over.
const QUERY_TIMEOUT_MS = 3_000;

interface Search {
  /** What the reference may be listed as. */
  names: readonly string[];
  resolve(found: WorkflowExecutionInfo[]): void;
  reject(error: unknown): void;
}

/**
 * Finds the refunds of trades and payments in Temporal's list. Searches that come faster than its budget of queries wait for
 * each other and share a query, so that Temporal's limit for list queries does not limit them.
 */
export class ReferenceFinder {
  readonly #client: Client;
  readonly #referenceHash: ReferenceHash;
  #waiting: Search[] = [];
  #timer: NodeJS.Timeout | undefined;
  #budget = BURST;
  #countedAt = performance.now();
  // A query serves many callers: the deadline or abort signal that one of them set with Temporal's client must not end it.
  readonly #ownContext = new AsyncResource('ReferenceFinder');

  constructor(client: Client, referenceHash: ReferenceHash) {
    this.#client = client;
    this.#referenceHash = referenceHash;
  }

  /**
   * Every execution that has this reference, newest first.
   * @throws {@link TemporalBusyError} where Temporal limits list queries, or too many searches wait
   */
  async find(reference: string): Promise<WorkflowExecutionInfo[]> {
    if (this.#waiting.length >= MOST_WAITING)
      throw new TemporalBusyError(
        `${MOST_WAITING} searches in Temporal's list wait already. Call again later; nothing was done.`,
      );
    return new Promise((resolve, reject) => {
      this.#waiting.push({ names: this.#referenceHash(reference), resolve, reject });
      this.#ownContext.runInAsyncScope(() => this.#plan());
    });
  }

  #plan(): void {
    if (this.#timer || this.#waiting.length === 0) return;
    const now = performance.now();
    this.#budget = Math.min(BURST, this.#budget + ((now - this.#countedAt) / 1000) * QUERIES_PER_SECOND);
    this.#countedAt = now;
    const pause = Math.max(0, ((1 - this.#budget) / QUERIES_PER_SECOND) * 1000);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#budget -= 1;
      void this.#query(this.#waiting.splice(0, REFERENCES_PER_QUERY));
      this.#plan();
    }, pause);
  }

  async #query(searches: Search[]): Promise<void> {
    const names = new Set(searches.flatMap((search) => search.names));
    try {
      const found = await translated(undefined, () =>
        this.#client.withDeadline(Date.now() + QUERY_TIMEOUT_MS, () => this.#list([...names])),
      );
      for (const search of searches)
        search.resolve(
          found.filter(({ name }) => search.names.includes(name)).map(({ execution }) => execution),
        );
    } catch (error) {
      for (const { reject } of searches) reject(error);
    }
  }

  async #list(names: string[]): Promise<{ name: string; execution: WorkflowExecutionInfo }[]> {
    const found: { name: string; execution: WorkflowExecutionInfo }[] = [];
    const query = `RefundReference IN (${names.map(quoted).join(', ')})`;
    for await (const execution of this.#client.workflow.list({ query }))
      found.push({ name: attributeOf(execution, 'RefundReference') ?? '', execution });
    return found;
  }
}
