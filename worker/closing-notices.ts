import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import type { InjectedSinks } from '@temporalio/worker';
import type { AttentionNotice, AttentionNotifier } from '../activities/index.js';
import { type RefundSinks, withRun } from '../rules/attention-notice.js';
import { temporalWorker } from './temporal-worker.js';

const PAUSES_MS = [1_000, 5_000, 30_000, 120_000];
const CALL_LIMIT_MS = 30_000;

/**
 * Delivers the notices that a refund no longer needs an operator. Temporal does not store them: a worker that is killed
 * loses those that it has not delivered yet. `RefundPlugin` and `createRefundWorker` have them; a worker that is made with
 * `createRefundActivities` alone needs its `sinks`, and `close` when it has ended.
 */
export class ClosingNotices {
  readonly #notify: AttentionNotifier | undefined;
  readonly #webUiUrl: string | undefined;
  readonly #pending = new Set<Promise<void>>();
  readonly #stop = new AbortController();

  /**
   * @param notify what delivers a notice; without it there are no notices
   * @param webUiUrl the address of Temporal's Web UI, for links
   */
  constructor(notify?: AttentionNotifier, webUiUrl?: string) {
    this.#notify = notify;
    this.#webUiUrl = webUiUrl;
  }

  /** For the `sinks` of a worker. */
  get sinks(): InjectedSinks<RefundSinks> {
    return {
      worldfirstRefunds: {
        attentionClosed: {
          fn: (workflow, notice) => this.#add(withRun(notice, workflow, this.#webUiUrl)),
          callDuringReplay: false,
        },
      },
    };
  }

  /** Makes the last attempt for each notice now, and waits for it. */
  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#pending);
  }

  #add(notice: AttentionNotice): void {
    if (!this.#notify) return;
    const delivery = this.#deliver(notice, this.#notify).finally(() => this.#pending.delete(delivery));
    this.#pending.add(delivery);
  }

  async #deliver(notice: AttentionNotice, notify: AttentionNotifier): Promise<void> {
    for (const pause of [...PAUSES_MS, undefined]) {
      const isLast = pause === undefined || this.#stop.signal.aborted;
      try {
        await notify(notice, { signal: AbortSignal.timeout(CALL_LIMIT_MS) });
        return;
      } catch (error) {
        const isFinal = isLast || (error instanceof ApplicationFailure && error.nonRetryable === true);
        if (isFinal) {
          const { workflowId } = notice.data;
          const message = 'The notice that a refund no longer needs an operator was not delivered.';
          temporalWorker.Runtime.instance().logger.warn(message, { workflowId, error });
          return;
        }
      }
      await sleep(pause, undefined, { signal: this.#stop.signal }).catch(() => {});
    }
  }
}
