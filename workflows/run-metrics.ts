import { metricMeter } from '@temporalio/workflow';
import { count } from '../rules/metrics.js';
import type { OpenAttention, RefundState } from '../rules/state.js';
import { reportClosed } from './closed-attention.js';

/**
 * Counts what becomes of a refund, and reports that it no longer needs an operator. Neither writes anything into the
 * history, and both are silent in a replay.
 */
export class RunMetrics {
  readonly #state: RefundState;
  #attention: OpenAttention | undefined;

  constructor(state: RefundState) {
    this.#state = state;
    // The run before has counted it.
    this.#attention = state.attention;
  }

  /** Called where the refund waits or ends. */
  observe(): void {
    const { attention, outcome, request } = this.#state;
    const { product } = request;
    if (attention !== this.#attention) {
      if (this.#attention) {
        count(metricMeter, 'attentionClosed', { product, reason: this.#attention.key });
        reportClosed(this.#state, this.#attention);
      }
      if (attention) count(metricMeter, 'attentionOpened', { product, reason: attention.key });
      this.#attention = attention;
    }
    if (outcome) count(metricMeter, 'ended', { product, outcome: outcome.status });
  }
}
