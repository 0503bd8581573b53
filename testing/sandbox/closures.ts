import { randomUUID } from 'node:crypto';
import type { PlacedFault } from './faults.js';
import type { Journal, NotificationEntry } from './journal.js';
import type { Closing, NotificationFault } from './plan.js';
import type { Closure, NotificationAnswer } from './send-notification.js';
import type { StateFile } from './state-file.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** WorldFirst's waits between the resends of a notification that is not acknowledged, in milliseconds. */
const DOCUMENTED_RESENDS: readonly number[] = [
  2 * MINUTE,
  10 * MINUTE,
  10 * MINUTE,
  HOUR,
  2 * HOUR,
  6 * HOUR,
  15 * HOUR,
];

/** When orders are closed, and where their notifications are sent. */
export interface ClosuresOptions {
  notifyUrl?: string | undefined;
  /** {@link DOCUMENTED_RESENDS} when absent. */
  resendAfter?: readonly number[] | undefined;
  closeAfter?: number | undefined;
  journal: Journal;
  state: Pick<StateFile, 'write'>;
  /** The random fault of a notification, by the number of its sending. */
  planned: (tradeId: string, number: number) => PlacedFault | undefined;
  send: (closure: Closure) => Promise<NotificationAnswer>;
  /** Waits; rejects when the sandbox stops. */
  pause: (milliseconds: number) => Promise<void>;
}

/** Closes orders, and sends each notification until it is acknowledged. */
export class Closures {
  readonly #options: ClosuresOptions;
  readonly #closed = new Set<string>();
  #url: string | undefined;

  constructor(options: ClosuresOptions) {
    this.#options = options;
    this.notifyTo(options.notifyUrl);
  }

  /** Sets the URL of all further notifications, resends too. No notification is sent when undefined. */
  notifyTo(url: string | undefined): void {
    this.#url = url === undefined ? undefined : new URL(url).href;
  }

  /** Sends one notification once, and records it. */
  async notify({ fault, ...closure }: Closure): Promise<NotificationAnswer> {
    const { journal, state, send } = this.#options;
    const entry: NotificationEntry = {
      at: new Date().toISOString(),
      ...closure,
      requestId: closure.requestId ?? randomUUID(),
      ...(fault && { fault: `${fault.fault}-${fault.phase}` }),
      acknowledged: false,
    };
    const index = journal.addNotification(entry);
    state.write({ notified: entry });
    const answer = await send({ ...closure, requestId: entry.requestId, ...(fault && { fault }) });
    const { status, acknowledged } = answer;
    Object.assign(entry, { status, acknowledged });
    state.write({ notification: index, status, acknowledged });
    return answer;
  }

  /** Closes an order after its refund was accepted. An order is closed once, even if it is refunded twice. */
  close(tradeId: string, { isRefund, copies }: Closing, fault?: NotificationFault): void {
    if (this.#closed.has(tradeId)) return;
    this.#closed.add(tradeId);
    const { closeAfter = 1_000, pause } = this.#options;
    const requestId = randomUUID();
    for (let copy = 0; copy < copies; copy++) {
      pause(closeAfter)
        .then(() => this.#untilAcknowledged({ tradeId, isRefund, requestId }, fault))
        // The pause rejects when the sandbox stops.
        .catch(() => {});
    }
  }

  async #untilAcknowledged(
    closure: Omit<Closure, 'url'>,
    placed: NotificationFault | undefined,
  ): Promise<void> {
    const { journal, resendAfter = DOCUMENTED_RESENDS, planned, pause } = this.#options;
    // A notification of an earlier start of the sandbox may be acknowledged already.
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
