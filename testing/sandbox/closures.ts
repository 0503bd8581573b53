import { randomUUID } from 'node:crypto';
import type { FaultName, Phase } from './faults.js';
import type { Journal, NotificationEntry } from './journal.js';
import type { Closure, NotificationAnswer } from './send-notification.js';
import type { StateFile } from './state-file.js';

/** How an order is closed after its refund was taken, as the words of its id have it. */
export interface Closing {
  isRefund: 'Y' | 'N';
  /** How often the notification is sent, even when each of them is acknowledged. */
  copies: number;
  /** What happens to the first notifications. */
  fault?: { fault: FaultName; phase: Phase; times: number };
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** After what time WorldFirst sends a notification again that was not acknowledged, in milliseconds, each after the one before. */
const DOCUMENTED_RESENDS: readonly number[] = [
  2 * MINUTE,
  10 * MINUTE,
  10 * MINUTE,
  HOUR,
  2 * HOUR,
  6 * HOUR,
  15 * HOUR,
];

/** When orders are closed, and where the notifications go. */
export interface ClosuresOptions {
  notifyUrl?: string | undefined;
  /** {@link DOCUMENTED_RESENDS} when absent. */
  resendAfter?: readonly number[] | undefined;
  closeAfter?: number | undefined;
  journal: Journal;
  state: Pick<StateFile, 'write'>;
  /** What becomes of a notification of an order on its way. */
  planned: (tradeId: string, number: number) => Closure['fault'];
  send: (closure: Closure) => Promise<NotificationAnswer>;
  /** Passes time; rejects once the sandbox stops. */
  pause: (milliseconds: number) => Promise<void>;
}

/** Closes orders, and notifies until it is acknowledged. */
export class Closures {
  readonly #options: ClosuresOptions;
  readonly #closed = new Set<string>();
  #url: string | undefined;

  constructor(options: ClosuresOptions) {
    this.#options = options;
    this.notifyTo(options.notifyUrl);
  }

  /** Where notifications go from now on, those that are sent again too; nowhere when undefined. */
  notifyTo(url: string | undefined): void {
    this.#url = url === undefined ? undefined : new URL(url).href;
  }

  /** Sends one notification, once, and writes it down. */
  async notify({ fault, ...closure }: Closure): Promise<NotificationAnswer> {
    const { journal, state, send } = this.#options;
    const entry: NotificationEntry = {
      at: new Date().toISOString(),
      ...closure,
      requestId: closure.requestId ?? randomUUID(),
      ...(fault && { fault: `${fault.fault}-${fault.phase}` }),
      acknowledged: false,
    };
    const place = journal.addNotification(entry);
    state.write({ notified: entry });
    const answer = await send({ ...closure, requestId: entry.requestId, ...(fault && { fault }) });
    const { status, acknowledged } = answer;
    Object.assign(entry, { status, acknowledged });
    state.write({ notification: place, status, acknowledged });
    return answer;
  }

  /** An order's refund was taken, and soon the order is closed: once, even when it is refunded twice. */
  close(tradeId: string, { isRefund, copies, fault }: Closing): void {
    if (this.#closed.has(tradeId)) return;
    this.#closed.add(tradeId);
    const { closeAfter = 1_000, pause } = this.#options;
    const requestId = randomUUID();
    for (let copy = 0; copy < copies; copy++) {
      // It rejects when the sandbox stops, and then nobody wants to know.
      pause(closeAfter)
        .then(() => this.#untilAcknowledged({ tradeId, isRefund, requestId }, fault))
        .catch(() => {});
    }
  }

  async #untilAcknowledged(closure: Omit<Closure, 'url'>, placed: Closing['fault']): Promise<void> {
    const { journal, resendAfter = DOCUMENTED_RESENDS, planned, pause } = this.#options;
    // Before the sandbox was killed and started again.
    if (journal.notified(closure.tradeId).some(({ acknowledged }) => acknowledged)) return;
    for (const [index, milliseconds] of [0, ...resendAfter].entries()) {
      await pause(milliseconds);
      const url = this.#url;
      if (url === undefined) return;
      const isPlaced = placed !== undefined && index < placed.times;
      const fault = isPlaced ? placed : planned(closure.tradeId, index + 1);
      const answer = await this.notify({ url, ...closure, ...(fault && { fault }) }).catch(() => undefined);
      if (answer?.acknowledged) return;
    }
  }
}
