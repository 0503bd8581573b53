import { AsyncResource } from 'node:async_hooks';
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { TemporalBusyError } from './errors.js';
import { quoted } from './list-refunds.js';
import { QueryBudget } from './query-budget.js';
import type { ReferenceHash } from './reference-hash.js';
import { attributeOf } from './refund-attributes.js';
import { translated } from './translate.js';

// A query is a text of bounded length.
const REFERENCES_PER_QUERY = 50;
// One second of searches, or four where Temporal limits them: who comes later would only wait.
const MOST_WAITING = 8 * REFERENCES_PER_QUERY;
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
  readonly #budget = new QueryBudget(performance.now());
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
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#budget.spend();
      void this.#query(this.#waiting.splice(0, REFERENCES_PER_QUERY));
      this.#plan();
    }, this.#budget.pause(performance.now()));
  }

  async #query(searches: Search[]): Promise<void> {
    const names = new Set(searches.flatMap((search) => search.names));
    const begun = performance.now();
    try {
      const found = await translated(undefined, () =>
        this.#client.withDeadline(Date.now() + QUERY_TIMEOUT_MS, () => this.#list([...names])),
      );
      this.#budget.answered(performance.now() - begun);
      for (const search of searches)
        search.resolve(
          found.filter(({ name }) => search.names.includes(name)).map(({ execution }) => execution),
        );
    } catch (error) {
      this.#budget.refused();
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
