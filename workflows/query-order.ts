import { CancellationScope, condition } from '@temporalio/workflow';
import type { OrderAnswer, Throttled } from '../rules/answer.js';
import type { WorldTradeRefundRequest } from '../rules/request.js';
import { DAY } from '../rules/schedule.js';
import {
  local,
  reasonOf,
  recordAnswer,
  throttledWait,
  untilAnswered,
  viaLocalActivity,
} from './activity-calls.js';
import type { RefundRun } from './refund-run.js';
import { wait } from './waiting.js';

/** WorldFirst gave no answer about the order. */
interface NoOrderAnswer {
  kind: 'noAnswer';
  reason: string;
}

const SUMMARY = 'query the trade order';

/** Queries the order; undefined where the refund was halted before an answer arrived. */
export async function queryOrder(
  run: RefundRun,
  { tradeId }: WorldTradeRefundRequest,
): Promise<Exclude<OrderAnswer, Throttled> | NoOrderAnswer | undefined> {
  const { state } = run;
  let answer: OrderAnswer | NoOrderAnswer | undefined;
  for (;;) {
    if (state.throttledQueries > 0) {
      await wait(run, throttledWait(state.throttledQueries, DAY) ?? 0, SUMMARY);
      if (run.isHalted) return undefined;
    }
    answer = await queryNow(run, tradeId);
    if (answer?.kind !== 'throttled') break;
    state.throttledQueries += 1;
    if (throttledWait(state.throttledQueries, DAY) === undefined) break;
    recordAnswer(run, 'query', answer);
  }
  state.throttledQueries = 0;
  // An answer that arrives together with what halted the refund must not undo that.
  if (answer === undefined || run.isHalted) return undefined;
  recordAnswer(run, 'query', answer);
  return answer.kind === 'throttled' ? { kind: 'noAnswer', reason: answer.reason } : answer;
}

function queryNow(run: RefundRun, tradeId: string): Promise<OrderAnswer | NoOrderAnswer | undefined> {
  return viaLocalActivity(
    run,
    () => local.queryTradeOrder.executeWithOptions({ summary: SUMMARY }, [{ tradeId }]),
    () => queryForADay(run, tradeId),
  );
}

/** The query may be retried for a day; what halts the refund does not wait for it. */
async function queryForADay(
  run: RefundRun,
  tradeId: string,
): Promise<OrderAnswer | NoOrderAnswer | undefined> {
  const query = new CancellationScope();
  try {
    const answer = await query.run(() =>
      Promise.race([
        untilAnswered.queryTradeOrder.executeWithOptions({ summary: SUMMARY }, [{ tradeId }]),
        condition(() => run.isHalted),
      ]),
    );
    return answer ?? undefined;
  } catch (error) {
    return { kind: 'noAnswer', reason: reasonOf(error) };
  } finally {
    query.cancel();
  }
}
