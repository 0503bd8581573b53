import { RefundNotFoundError } from '../client/errors.js';
import type { RefundSummary } from '../client/list-refunds.js';
import type { RefundClient } from '../client/refund-client.js';
import { quoted } from '../internal/check.js';
import type { ClosureNotification } from '../rules/messages.js';
import type { NotificationReport } from './report.js';

/** Tells refunds what WorldFirst notified. */
export class Deliverer {
  readonly #client: RefundClient;
  readonly #told = new Told();

  constructor(client: RefundClient) {
    this.#client = client;
  }

  /**
   * Tells the refunds of the trade that are open, and returns what is to be reported.
   *
   * They are found in Temporal's list, which lags behind by moments, so a refund that has only just started can be missed.
   * A notification is about a closed order, minutes after the refund was sent at the least, so the list knows it by then.
   * @throws where Temporal can't be reached; some refunds may have been told then, and to tell them again is harmless
   */
  async deliver(notification: ClosureNotification): Promise<NotificationReport[]> {
    const refunds: RefundSummary[] = [];
    for await (const refund of this.#client.list({
      product: 'worldtrade',
      reference: notification.tradeId,
    }))
      refunds.push(refund);
    const told: string[] = [];
    for (const { refundRequestId } of refunds.filter(isOpen)) {
      if (await this.#tell(refundRequestId, notification)) told.push(refundRequestId);
    }
    return reportsOf(notification, refunds, told);
  }

  /** Whether it was told now; not so where it has heard it before, or has ended since it was listed. */
  async #tell(refundRequestId: string, notification: ClosureNotification): Promise<boolean> {
    const what = `${notification.isRefund} ${refundRequestId}`;
    if (this.#told.has(what)) return false;
    try {
      await this.#client.notifyOrderClosed(refundRequestId, notification);
    } catch (error) {
      if (error instanceof RefundNotFoundError) return false;
      throw error;
    }
    this.#told.add(what);
    return true;
  }
}

/**
 * What refunds were told lately. Each message makes a refund's history longer, and that has an end: whoever gets hold of
 * one notification could otherwise replay it until Temporal terminates the refund.
 */
class Told {
  readonly #recent = new Set<string>();

  has(what: string): boolean {
    return this.#recent.has(what);
  }

  add(what: string): void {
    this.#recent.add(what);
    const [oldest] = this.#recent;
    if (this.#recent.size > MOST_REMEMBERED && oldest !== undefined) this.#recent.delete(oldest);
  }
}

const MOST_REMEMBERED = 10_000;

function isOpen({ endedAt }: RefundSummary): boolean {
  return endedAt === undefined;
}

function reportsOf(
  notification: ClosureNotification,
  refunds: RefundSummary[],
  told: string[],
): NotificationReport[] {
  const { tradeId, isRefund } = notification;
  const news = `WorldFirst closed the order ${quoted(tradeId)} ${isRefund === 'Y' ? 'with' : 'without'} a refund`;
  if (refunds.length === 0) {
    const message = `${news}, and no refund of it is known here. It was acknowledged.`;
    return [{ kind: 'unknown-trade', message, notification }];
  }
  const contradicting = refunds.filter(({ status }) => contradicts(notification, status, refunds));
  if (told.length === 0 && contradicting.length === 0) {
    const refundRequestIds = idsOf(refunds);
    const message = `${news}, which is nothing new for ${listed(refundRequestIds)}.`;
    return [{ kind: 'nothing-new', message, notification, refundRequestIds }];
  }
  return [
    ...(told.length > 0
      ? [
          {
            kind: 'delivered' as const,
            message: `${news}: told ${listed(told)}.`,
            notification,
            refundRequestIds: told,
          },
        ]
      : []),
    ...(contradicting.length > 0
      ? [
          {
            kind: 'contradiction' as const,
            message: `${news}, but ${contradicting.map(endOf).join(' and ')}. Ask WorldFirst what became of the money.`,
            notification,
            refundRequestIds: idsOf(contradicting),
          },
        ]
      : []),
  ];
}

/** Whether an end says otherwise than the notification. An order has one refund, so any that fits explains a Y. */
function contradicts(
  { isRefund }: ClosureNotification,
  status: RefundSummary['status'],
  refunds: RefundSummary[],
): boolean {
  const isTaken = (one: RefundSummary['status']) => one === 'succeeded' || one === 'accepted';
  if (isRefund === 'N') return isTaken(status);
  const isWithout = (one: RefundSummary['status']) => one === 'failed' || one === 'cancelled';
  return refunds.every((refund) => isWithout(refund.status));
}

function idsOf(refunds: RefundSummary[]): string[] {
  return refunds.map(({ refundRequestId }) => refundRequestId);
}

function listed(ids: string[]): string {
  return `the refund ${ids.map(quoted).join(' and ')}`;
}

function endOf({ refundRequestId, status }: RefundSummary): string {
  return `the refund ${quoted(refundRequestId)} ended as ${status}`;
}
