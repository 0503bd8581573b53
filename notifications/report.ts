import type { ClosureNotification } from '../rules/messages.js';

/** The result of one request, for logs and alarms. `message` says it in a sentence or two. */
export type NotificationReport = { message: string } & (
  | {
      /** It was passed on to the open refunds of this trade; acknowledged. */
      kind: 'delivered';
      notification: ClosureNotification;
      refundRequestIds: string[];
    }
  | {
      /** The refunds of this trade have it already, or have ended; acknowledged. */
      kind: 'nothing-new';
      notification: ClosureNotification;
      refundRequestIds: string[];
    }
  | {
      /** The workflow of a refund of this trade was terminated or failed, so the refund could not take it. Acknowledged: resume the refund. */
      kind: 'stopped';
      notification: ClosureNotification;
      refundRequestIds: string[];
    }
  | {
      /** A refund of this trade has ended otherwise than WorldFirst says now. Acknowledged, and an operator must look. */
      kind: 'contradiction';
      notification: ClosureNotification;
      refundRequestIds: string[];
    }
  | {
      /** No refund of this trade is known: it was made elsewhere, or its retention is over. Acknowledged. */
      kind: 'unknown-trade';
      notification: ClosureNotification;
    }
  | {
      /** It is no notification of WorldFirst's for us, or not one that can be read. Not acknowledged. */
      kind: 'refused';
      status: number;
    }
  | {
      /** Temporal could not be reached, or not in time. Not acknowledged, so that WorldFirst sends it again. */
      kind: 'not-delivered';
      notification: ClosureNotification;
      error: unknown;
    }
);

/** Receives the result of each request. What it throws has no effect on the answer. */
export type Report = (report: NotificationReport) => void | Promise<void>;

/** Logs the results that need attention. */
export function warn({ kind, message }: NotificationReport): void {
  if (kind !== 'delivered' && kind !== 'nothing-new') console.warn(message);
}

/** A report that cannot do harm: an acknowledgement must not depend on a log. */
export function harmless(report: Report): (report: NotificationReport) => void {
  return (about) => {
    Promise.resolve(about)
      .then(report)
      .catch((error: unknown) => console.error('A report of a notification failed:', error));
  };
}
