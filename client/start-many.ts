import type { RefundRequest } from '../rules/request.js';
import { AnotherRefundError, isRefundError, type RefundErrorCode } from './errors.js';
import { pacer, withRetries } from './pace.js';
import type { StartedRefund, StartOptions } from './refund-starter.js';

/** How {@link RefundClient.startMany} starts refunds. The options of one start apply to each of them. */
export interface StartManyOptions extends StartOptions {
  /** How many starts are under way at a time, 1 to 1000; 20 by default. */
  concurrency?: number;
  /** How many starts begin within a second, up to 1000; 20 by default. */
  startsPerSecond?: number;
  /** When it is aborted nothing more is started. The starts under way are finished, and their results are yielded. */
  signal?: AbortSignal | undefined;
}

/**
 * What became of one refund of many. `already-there`: that same refund was there, or the answer to an earlier attempt of its
 * start was lost. `stopped`: it is there, but its workflow was terminated or failed. `no-answer`: it is not known whether it
 * was started; starting it again under the same id is harmless. After all others nothing was started.
 */
export type StartManyResult =
  | 'started'
  | 'already-there'
  | 'conflict'
  | 'another-refund'
  | 'stopped'
  | 'invalid'
  | 'no-answer';

/** One refund of many, with what became of it. */
export interface StartManyItem {
  /** The place of the request among all that were given, from 0. */
  index: number;
  request: RefundRequest;
  result: StartManyResult;
  runId?: string;
  /** Why it was not started. */
  error?: Error;
}

/** What an error says about the refund; after every other error nothing more is started. */
const RESULTS: Partial<Record<RefundErrorCode, StartManyResult>> = {
  INVALID_REQUEST: 'invalid',
  REFUND_CONFLICT: 'conflict',
  ANOTHER_REFUND: 'another-refund',
  REFUND_STOPPED: 'stopped',
  // The id belongs to a workflow that refused its request as not valid.
  REFUND_NOT_RUN: 'conflict',
};

/**
 * Starts refunds, so many at a time, and yields each one when its start has ended. Requests are taken from the iterable only
 * as fast as they are started and as results are read.
 * @param start starts one refund; it may be called again for the same one
 */
export async function* startMany(
  start: (request: RefundRequest) => Promise<StartedRefund>,
  requests: Iterable<RefundRequest> | AsyncIterable<RefundRequest>,
  { concurrency = 20, startsPerSecond = 20, allowAnother = false, signal }: StartManyOptions,
): AsyncGenerator<StartManyItem, void, undefined> {
  const source = iteratorOf(requests);
  const turn = pacer(startsPerSecond);
  const orders = new Orders();
  // Aborted when the caller leaves the loop, too.
  const leaving = new AbortController();
  const halt = signal ? AbortSignal.any([signal, leaving.signal]) : leaving.signal;
  const finished: StartManyItem[] = [];
  const underWay = new Set<Promise<void>>();
  let wake = () => {};
  let count = 0;
  let isTaking = false;
  let isExhausted = false;
  let failure: { error: unknown } | undefined;

  const startOne = async (index: number, request: RefundRequest): Promise<void> => {
    try {
      if (!allowAnother) orders.add(request);
      const { runId, started } = await withRetries(() => start(request), halt);
      finished.push({ index, request, result: started ? 'started' : 'already-there', runId });
    } catch (error) {
      const result = isRefundError(error) ? RESULTS[error.code] : undefined;
      if (!result) failure ??= { error };
      finished.push({ index, request, result: result ?? 'no-answer', error: error as Error });
    }
  };

  const take = async (): Promise<void> => {
    isTaking = true;
    try {
      await turn(halt);
      if (halt.aborted) return;
      const next = await source.next();
      if (next.done) isExhausted = true;
      if (next.done || halt.aborted) return;
      const starting = startOne(count++, next.value).finally(() => {
        underWay.delete(starting);
        wake();
      });
      underWay.add(starting);
    } catch (error) {
      failure ??= { error };
    } finally {
      isTaking = false;
      wake();
    }
  };

  const onAbort = () => wake();
  signal?.addEventListener('abort', onAbort);
  try {
    for (;;) {
      while (finished[0]) yield finished.shift() as StartManyItem;
      const goesOn = !isExhausted && !failure && !halt.aborted;
      if (goesOn && !isTaking && underWay.size < concurrency) void take();
      if (underWay.size === 0 && !(goesOn && isTaking)) break;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if (failure) throw failure.error;
  } finally {
    leaving.abort();
    signal?.removeEventListener('abort', onAbort);
    await Promise.all(underWay);
    // A source that waits for its next request may never answer this.
    if (!isExhausted) void Promise.resolve(source.return?.()).catch(() => {});
  }
}

type Source = AsyncIterator<RefundRequest> | Iterator<RefundRequest>;

function iteratorOf(requests: Iterable<RefundRequest> | AsyncIterable<RefundRequest>): Source {
  return Symbol.asyncIterator in requests ? requests[Symbol.asyncIterator]() : requests[Symbol.iterator]();
}

/** The WorldTrade orders of one call: Temporal's list lags behind, so it does not show a refund that was started just now. */
class Orders {
  readonly #refunds = new Map<string, string>();

  /** @throws {@link AnotherRefundError} where the same call has another refund of the order */
  add(request: RefundRequest): void {
    if (request?.product !== 'worldtrade') return;
    const { tradeId, refundRequestId } = request;
    const other = this.#refunds.get(tradeId);
    if (other === undefined) this.#refunds.set(tradeId, refundRequestId);
    else if (other !== refundRequestId)
      throw new AnotherRefundError(request, { refundRequestId: other, status: 'given in the same call' });
  }
}
