import type { Client } from '@temporalio/client';
import { type Meter, type MetricKey, setGauge } from '../rules/metrics.js';
import { PRODUCTS, type Product } from '../rules/request.js';
import { DEFAULT_TASK_QUEUE } from '../rules/task-queue.js';
import { type ListedStatus, listQuery, OPEN_STATUSES, quoted, summaryOf } from './list-refunds.js';
import { pacer } from './pace.js';
import { translated } from './translate.js';

/** The options of {@link reportOpenRefunds}. */
export interface OpenRefundsOptions {
  /** Where the gauges are kept: `Runtime.instance().metricMeter` of `@temporalio/worker`. */
  meter: Pick<Meter, 'createGauge'>;
  /** The task queue whose refunds are counted: {@link DEFAULT_TASK_QUEUE} by default. */
  taskQueue?: string | undefined;
  /** The identity of this process' worker; by default that of the client, which is the same. */
  identity?: string;
  /** Milliseconds between two counts: 30,000 by default. */
  interval?: number;
}

const INTERVAL_MS = 30_000;
// Temporal limits the list queries of a namespace: 10 a second by default, of all its clients.
const QUERIES_PER_SECOND = 4;

/**
 * Counts the open refunds of a task queue at once and then every 30 seconds, for the gauges `worldfirst_refunds_open` and
 * `worldfirst_refunds_oldest_open_age_seconds`. Of all workers that report, only one counts at a time; the others show 0.
 * While Temporal does not answer, the gauges keep their values.
 *
 * @example
 * ```ts
 * const report = reportOpenRefunds(new Client({ connection }), { meter: Runtime.instance().metricMeter });
 * await worker.run();
 * await report.stop();
 * ```
 *
 * @param client a client of the worker's namespace, with the worker's data converter
 * @param options the meter, and what differs from the defaults
 * @returns `stop`, which resolves when no query is under way any more
 */
export function reportOpenRefunds(
  client: Client,
  {
    meter,
    taskQueue = DEFAULT_TASK_QUEUE,
    identity = client.options.identity,
    interval = INTERVAL_MS,
  }: OpenRefundsOptions,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const counter = new OpenRefunds(client, taskQueue, stopping.signal);
  const report = async () => {
    if (await hasEarlierPoller(client, taskQueue, identity)) return showNone(meter);
    for (const product of PRODUCTS)
      for (const status of OPEN_STATUSES) {
        const { count, oldest } = await counter.count(product, status);
        if (stopping.signal.aborted) return;
        const age = oldest === undefined ? 0 : Math.max(0, Date.now() - oldest) / 1000;
        setGauge(meter, 'open', count, { product, status });
        setGauge(meter, 'oldestOpenAge', age, { product, status });
      }
  };
  let running = Promise.resolve();
  const next = () => {
    // Temporal did not answer, or limits its queries: the next round asks again.
    running = running.then(() => (stopping.signal.aborted ? undefined : report().catch(() => {})));
  };
  next();
  const timer = setInterval(next, interval).unref();
  return {
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await running;
    },
  };
}

function showNone(meter: OpenRefundsOptions['meter']): void {
  for (const product of PRODUCTS)
    for (const status of OPEN_STATUSES)
      for (const key of ['open', 'oldestOpenAge'] satisfies MetricKey[])
        setGauge(meter, key, 0, { product, status });
}

const WORKFLOW_TASKS = 1;
// A poll takes a minute at most, so a worker that lives begins a new one within that time.
const ALIVE_MS = 75_000;

/** Whether another living worker comes before this one. All workers find the same order, so only one of them counts. */
async function hasEarlierPoller(client: Client, name: string, identity: string): Promise<boolean> {
  const { namespace } = client.options;
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name },
    taskQueueType: WORKFLOW_TASKS,
  });
  const since = Date.now() - ALIVE_MS;
  return (pollers ?? []).some((poller) => {
    const polledAt = Number(poller.lastAccessTime?.seconds ?? 0) * 1000;
    return polledAt >= since && (poller.identity ?? identity) < identity;
  });
}

// So many are listed to find the oldest one.
const MOST_LISTED = 100;
const TEN_YEARS_MS = 10 * 365 * 24 * 60 * 60_000;

class OpenRefunds {
  readonly #client: Client;
  readonly #condition: string;
  readonly #signal: AbortSignal;
  readonly #turn = pacer(QUERIES_PER_SECOND);

  constructor(client: Client, taskQueue: string, signal: AbortSignal) {
    this.#client = client;
    this.#condition = `TaskQueue = ${quoted(taskQueue)}`;
    this.#signal = signal;
  }

  /** The number of refunds in this status, and the start of the oldest one in milliseconds of Unix time. */
  async count(product: Product, status: ListedStatus): Promise<{ count: number; oldest?: number }> {
    const now = Date.now();
    const countAged = (age: number) =>
      this.#ask(() =>
        this.#client.workflow.count(this.#query({ product, status, olderThan: new Date(now - age) })),
      );
    const { count } = await this.#ask(() => this.#client.workflow.count(this.#query({ product, status })));
    if (count === 0) return { count };
    // Temporal sorts only where its store can, so the age is bisected until few refunds are as old.
    let [young, old, few] = [0, TEN_YEARS_MS, count];
    while (few > MOST_LISTED && old - young > 1000 && !this.#signal.aborted) {
      const age = (young + old) / 2;
      const { count: aged } = await countAged(age);
      if (aged === 0) old = age;
      else [young, few] = [age, aged];
    }
    const olderThan = young > 0 ? { olderThan: new Date(now - young) } : {};
    const starts = await this.#ask(() => this.#starts(this.#query({ product, status, ...olderThan })));
    return { count, ...(starts.length > 0 && { oldest: Math.min(...starts) }) };
  }

  async #starts(query: string): Promise<number[]> {
    const starts: number[] = [];
    for await (const execution of this.#client.workflow.list({ query, pageSize: MOST_LISTED })) {
      starts.push(Date.parse(summaryOf(execution).startedAt));
      // Refunds that started in the same second are as old as each other.
      if (starts.length === MOST_LISTED) break;
    }
    return starts;
  }

  #query(filter: Parameters<typeof listQuery>[0]): string {
    return `${listQuery(filter)} AND ${this.#condition}`;
  }

  async #ask<T>(call: () => Promise<T>): Promise<T> {
    await this.#turn(this.#signal);
    return translated(undefined, call);
  }
}
