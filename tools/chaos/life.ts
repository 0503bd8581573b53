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
import { patiently } from './patiently.js';
import { type ChaosRefund, referenceOf, type Wish } from './refunds.js';
import type { Settings } from './settings.js';
import { SLOW_MS, type Stage } from './stage.js';

/** Whoever starts refunds, asks something of them, and decides. */
export class People {
  readonly refunds: RefundClient;
  readonly counts = { messages: 0, decisions: 0, refused: 0 };
  readonly #stage: Stage;
  readonly #skipper: TimeSkipper;
  readonly #signal: AbortSignal;

  /** @param signal ends all waiting */
  constructor(stage: Stage, { hurry }: Pick<Settings, 'hurry'>, signal: AbortSignal) {
    this.#stage = stage;
    this.#signal = signal;
    const defaults = hurry ? { settlementIntervals: SHORT_SETTLEMENT } : {};
    this.refunds = new RefundClient(stage.client, { defaults });
    this.#skipper = new TimeSkipper(stage.client);
  }

  /** Accompanies a refund until it has ended, or needs a person and nobody decides any more. */
  async accompany({ request, message, decisions }: ChaosRefund): Promise<RefundView> {
    const { refundRequestId: id } = request;
    const start = () => this.refunds.start(request);
    // A message finds a refund at rest only in real time.
    await this.#patiently(message ? start : () => this.#skipper.skipOnStart(start));
    if (message) {
      await sleep(message.after, undefined, { signal: this.#signal });
      await this.#ask(id, message.kind);
      await this.#skip(id);
    }
    for (const wish of decisions) {
      const view = await this.#atRest(id);
      if (view.outcome) return view;
      await this.#decide(view, wish, referenceOf(request));
    }
    return this.#atRest(id);
  }

  /** The present view of a refund. */
  show(id: string): Promise<RefundView> {
    return this.#patiently(() => this.refunds.describe(id));
  }

  async #atRest(id: string): Promise<RefundView> {
    for (;;) {
      const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(RESUME_AFTER_MS)]);
      try {
        return await this.#patiently(() => this.refunds.waitUntilIdle(id, { signal }));
      } catch (error) {
        if (this.#signal.aborted || !signal.aborted) throw error;
        // The server stops skipping after a number of skips.
        await this.#skip(id);
      }
    }
  }

  async #ask(id: string, kind: NonNullable<ChaosRefund['message']>['kind']): Promise<void> {
    this.counts.messages += 1;
    const remark = { by: 'Ana', reason: 'the customer called' };
    const asked = {
      checkNow: () => this.refunds.checkNow(id, remark),
      escalate: () => this.refunds.escalate(id, remark),
      cancel: () => this.refunds.getHandle(id).cancel(),
    }[kind];
    await this.#unlessRefused(() => asked(), ['CHECK_REFUSED', 'REFUND_ENDED', 'REFUND_NOT_FOUND']);
  }

  async #decide(
    { refundRequestId: id, attention }: RefundView,
    wish: Wish,
    reference: string,
  ): Promise<void> {
    this.counts.decisions += 1;
    const applies = wish !== 'close' && attention?.decisions.includes(wish);
    const decision = applies
      ? { decision: wish, by: 'Ana', reason: 'chaos' }
      : await this.#byTheBooks(reference);
    await this.#unlessRefused(() => this.refunds.decide(id, decision), ['DECISION_REFUSED', 'REFUND_ENDED']);
  }

  /** What WorldFirst's support would say: it looks into the books when nothing is under way any more. */
  async #byTheBooks(reference: string): Promise<Decision> {
    await sleep(3 * SLOW_MS, undefined, { signal: this.#signal });
    const moved = await this.#moved(reference);
    const decision = moved > 0 ? 'mark-succeeded' : 'mark-failed';
    return { decision, by: 'Ana', reason: 'asked WorldFirst', evidence: `the money moved ${moved} times` };
  }

  async #moved(reference: string): Promise<number> {
    for (;;) {
      const sandbox = await this.#stage.sandbox.ready();
      const moved = await sandbox.ask('moved', reference).catch(() => undefined);
      if (moved !== undefined) return moved;
    }
  }

  async #unlessRefused(ask: () => Promise<unknown>, codes: readonly RefundErrorCode[]): Promise<void> {
    try {
      await this.#patiently(ask);
    } catch (error) {
      if (!(error instanceof RefundError) || !codes.includes(error.code)) throw error;
      this.counts.refused += 1;
    }
  }

  #skip(id: string): Promise<void> {
    return this.#patiently(() => this.#skipper.resume(workflowIdOf(id)));
  }

  #patiently<T>(ask: () => Promise<T>): Promise<T> {
    return patiently(ask, this.#signal);
  }
}

const SHORT_SETTLEMENT = ['0s', '5m', '1h', '24h'];
const RESUME_AFTER_MS = 20_000;
