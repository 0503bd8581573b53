import { NoWorkerError, RefundNotFoundError } from '../client/errors.js';
import type { RefundSummary } from '../client/list-refunds.js';
import type { RefundClient } from '../client/refund-client.js';
import { quoted } from '../internal/check.js';
import type { ClosureNotification, SignedNotification } from '../rules/messages.js';
import { isTaken } from '../rules/outcome.js';
import type { RefundView } from '../rules/view.js';
import type { SignedMessage } from '../worldfirst/signature.js';
import type { NotificationReport } from './report.js';

/** Passes closure notifications on to the refunds of the order. */
export class Deliverer {
  readonly #client: RefundClient;
  readonly #delivered = new RecentDeliveries();

  constructor(client: RefundClient) {
    this.#client = client;
  }

  /**
   * Passes a notification on to the open refunds of the trade, and returns what is to be reported.
   *
   * They are found in Temporal's list, which lags behind by moments, so a refund that has only just started can be missed.
   * A notification is about a closed order, minutes after the refund was sent at the least, so the list knows it by then.
   * @throws where Temporal can't be reached; a part of the refunds may have it then, and a repeat is harmless
   */
  async deliver(notification: ClosureNotification, signed: SignedMessage): Promise<NotificationReport[]> {
    const found = await this.#client.findByReference(notification.tradeId);
    const refunds = found.filter(({ product }) => product === 'worldtrade');
    const open = refunds.filter(isOpen);
    const concerns =
      notification.isRefund === 'Y' ? await this.#concerns(open, refunds) : () => 'this' as const;
    const delivered: string[] = [];
    for (const { refundRequestId } of open) {
      const message = { ...signed, concerns: concerns(refundRequestId) };
      if (await this.#deliver(refundRequestId, notification.isRefund, message))
        delivered.push(refundRequestId);
    }
    return reportsOf(notification, refunds, delivered);
  }

  /** An order is refunded whole, so a notification confirms one refund: the one that WorldFirst accepted. */
  async #concerns(open: RefundSummary[], refunds: RefundSummary[]): Promise<(id: string) => Concerns> {
    if (refunds.some(({ status }) => isTaken(status))) return () => 'another';
    if (refunds.length === 1) return () => 'this';
    const submissions = new Map<string, RefundView['submission'] | undefined>();
    for (const { refundRequestId } of open)
      submissions.set(refundRequestId, await this.#submissionOf(refundRequestId));
    const accepted = [...submissions].filter(([, submission]) => submission === 'accepted');
    const candidates = [...submissions].filter(([, submission]) => mayHaveMoved(submission));
    const stopped = refunds.some(isStopped);
    const likely = accepted.length > 0 ? accepted : candidates;
    const isClear = likely.length === 1 && !stopped;
    return (id) => {
      if (!mayHaveMoved(submissions.get(id))) return 'another';
      if (!isClear) return 'unclear';
      return id === likely[0]?.[0] ? 'this' : 'another';
    };
  }

  /** What is certain about a refund's submission; undefined where no worker says it in time. */
  async #submissionOf(refundRequestId: string): Promise<RefundView['submission'] | undefined> {
    try {
      return (await this.#client.describe(refundRequestId)).submission;
    } catch (error) {
      if (error instanceof NoWorkerError) return undefined;
      throw error;
    }
  }

  /** Whether it was delivered now; not so where the refund has it already, or has ended since it was listed. */
  async #deliver(
    refundRequestId: string,
    isRefund: ClosureNotification['isRefund'],
    message: SignedNotification,
  ): Promise<boolean> {
    const what = `${isRefund} ${message.concerns} ${refundRequestId}`;
    if (this.#delivered.has(what)) return false;
    try {
      await this.#client.notifyOrderClosed(refundRequestId, message);
    } catch (error) {
      if (error instanceof RefundNotFoundError) return false;
      throw error;
    }
    this.#delivered.add(what);
    return true;
  }
}

type Concerns = NonNullable<SignedNotification['concerns']>;

function mayHaveMoved(submission: RefundView['submission'] | undefined): boolean {
  return submission !== 'not-sent' && submission !== 'refused';
}

function isWithoutRefund(status: RefundSummary['status']): boolean {
  return status === 'failed' || status === 'cancelled';
}

/**
 * The latest deliveries. Each message makes a refund's history longer, and Temporal bounds a history: a notification that
 * is replayed again and again must not reach that bound.
 */
class RecentDeliveries {
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

function isStopped({ status }: RefundSummary): boolean {
  return status === 'stopped';
}

function reportsOf(
  notification: ClosureNotification,
  refunds: RefundSummary[],
  delivered: string[],
): NotificationReport[] {
  const { tradeId, isRefund } = notification;
  const news = `WorldFirst closed the order ${quoted(tradeId)} ${isRefund === 'Y' ? 'with' : 'without'} a refund`;
  if (refunds.length === 0) {
    const message = `${news}, but no refund of this order is known here. The notification was acknowledged.`;
    return [{ kind: 'unknown-trade', message, notification }];
  }
  const stopped = refunds.filter(isStopped);
  const contradicting = refunds.filter(({ status }) => contradicts(notification, status, refunds));
  if (delivered.length === 0 && contradicting.length === 0 && stopped.length === 0) {
    const refundRequestIds = idsOf(refunds);
    const message = `${news}. No change for ${listed(refundRequestIds)}.`;
    return [{ kind: 'nothing-new', message, notification, refundRequestIds }];
  }
  return [
    ...(delivered.length > 0
      ? [
          {
            kind: 'delivered' as const,
            message: `${news}: passed on to ${listed(delivered)}.`,
            notification,
            refundRequestIds: delivered,
          },
        ]
      : []),
    ...(stopped.length > 0
      ? [
          {
            kind: 'stopped' as const,
            message: `${news}, but the workflow of ${listed(idsOf(stopped))} was terminated or failed and did not receive it. Resume the refund.`,
            notification,
            refundRequestIds: idsOf(stopped),
          },
        ]
      : []),
    ...(contradicting.length > 0
      ? [
          {
            kind: 'contradiction' as const,
            message: `${news}, but ${contradicting.map(endOf).join(' and ')}. Ask WorldFirst whether the money was returned, and start no other refund before.`,
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
  if (isRefund === 'N') return isTaken(status);
  return refunds.every((refund) => isWithoutRefund(refund.status));
}

function idsOf(refunds: RefundSummary[]): string[] {
  return refunds.map(({ refundRequestId }) => refundRequestId);
}

function listed(ids: string[]): string {
  return `the ${ids.length === 1 ? 'refund' : 'refunds'} ${ids.map(quoted).join(' and ')}`;
}

function endOf({ refundRequestId, status }: RefundSummary): string {
  return `the refund ${quoted(refundRequestId)} ended as ${status}`;
}
