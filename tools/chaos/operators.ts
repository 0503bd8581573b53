import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Decision,
  RefundClient,
  RefundError,
  type RefundErrorCode,
  type RefundView,
  workflowIdOf,
} from 'worldfirst-refunds';
import { TimeSkipper } from 'worldfirst-refunds/testing';
import type { ChaosOptions } from './options.js';
import { type ChaosRefund, type IntendedDecision, referenceOf } from './refunds.js';
import { withRetries } from './retry.js';
import { SLOW_MS, type Stage } from './stage.js';

/** The operators of the run: they start refunds, send messages and decide. */
export class Operators {
  readonly refunds: RefundClient;
  readonly counts = { messages: 0, decisions: 0, refused: 0 };
  readonly #stage: Stage;
  readonly #skipper: TimeSkipper;
  readonly #signal: AbortSignal;

  /** @param signal ends all waiting */
  constructor(stage: Stage, { hurry }: Pick<ChaosOptions, 'hurry'>, signal: AbortSignal) {
    this.#stage = stage;
    this.#signal = signal;
    const defaults = hurry ? { settlementIntervals: SHORT_SETTLEMENT } : {};
    this.refunds = new RefundClient(stage.client, { taskQueue: stage.taskQueue, defaults });
    this.#skipper = new TimeSkipper(stage.client);
  }

  /** Operates a refund until it has ended, or needs an operator and no decision is left. */
  async operate({ request, message, decisions }: ChaosRefund): Promise<RefundView> {
    const { refundRequestId: id } = request;
    const start = () => this.refunds.start(request);
    // In skipped time a refund would end before the message arrives.
    await this.#withRetries(message ? start : () => this.#skipper.skipOnStart(start));
    if (message) {
      await sleep(message.after, undefined, { signal: this.#signal });
      await this.#sendMessage(id, message.kind);
      await this.#skip(id);
    }
    for (const intended of decisions) {
      const view = await this.#waitUntilIdle(id);
      if (view.outcome) return view;
      await this.#decide(view, intended, referenceOf(request));
    }
    return this.#waitUntilIdle(id);
  }

  /** The present view of a refund. */
  describe(id: string): Promise<RefundView> {
    return this.#withRetries(() => this.refunds.describe(id));
  }

  async #waitUntilIdle(id: string): Promise<RefundView> {
    for (;;) {
      const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(RESUME_AFTER_MS)]);
      try {
        return await this.#withRetries(() => this.refunds.waitUntilIdle(id, { signal }));
      } catch (error) {
        if (this.#signal.aborted || !signal.aborted) throw error;
        // The server stops skipping after a number of skips.
        await this.#skip(id);
      }
    }
  }

  async #sendMessage(id: string, kind: NonNullable<ChaosRefund['message']>['kind']): Promise<void> {
    this.counts.messages += 1;
    const remark = { by: 'Ana', reason: 'the customer called' };
    const send = {
      checkNow: () => this.refunds.checkNow(id, remark),
      escalate: () => this.refunds.escalate(id, remark),
      cancel: () => this.refunds.getHandle(id).cancel(),
    }[kind];
    await this.#unlessRefused(() => send(), ['CHECK_REFUSED', 'REFUND_ENDED', 'REFUND_NOT_FOUND']);
  }

  async #decide(
    { refundRequestId: id, attention }: RefundView,
    intended: IntendedDecision,
    reference: string,
  ): Promise<void> {
    this.counts.decisions += 1;
    const applies = intended !== 'close' && attention?.decisions.includes(intended);
    const decision = applies
      ? { decision: intended, by: 'Ana', reason: 'chaos' }
      : await this.#byTheJournal(reference);
    await this.#unlessRefused(() => this.refunds.decide(id, decision), ['DECISION_REFUSED', 'REFUND_ENDED']);
  }

  /** What WorldFirst's support would answer, from the journal, once no call is under way any more. */
  async #byTheJournal(reference: string): Promise<Decision> {
    await sleep(3 * SLOW_MS, undefined, { signal: this.#signal });
    const moved = await this.#moved(reference);
    const decision = moved > 0 ? 'mark-succeeded' : 'mark-failed';
    return { decision, by: 'Ana', reason: 'asked WorldFirst', evidence: `the money moved ${moved} times` };
  }

  async #moved(reference: string): Promise<number> {
    for (;;) {
      const sandbox = await this.#stage.sandbox.ready();
      const moved = await sandbox.call('moved', reference).catch(() => undefined);
      if (moved !== undefined) return moved;
    }
  }

  async #unlessRefused(call: () => Promise<unknown>, codes: readonly RefundErrorCode[]): Promise<void> {
    try {
      await this.#withRetries(call);
    } catch (error) {
      if (!(error instanceof RefundError) || !codes.includes(error.code)) throw error;
      this.counts.refused += 1;
    }
  }

  #skip(id: string): Promise<void> {
    return this.#withRetries(() => this.#skipper.resume(workflowIdOf(id)));
  }

  #withRetries<T>(call: () => Promise<T>): Promise<T> {
    return withRetries(call, this.#signal);
  }
}

const SHORT_SETTLEMENT = ['0s', '5m', '1h', '24h'] as const;
const RESUME_AFTER_MS = 20_000;
