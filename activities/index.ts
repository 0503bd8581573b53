/**
 * The activities of a refund: WorldFirst's answers as the rules name them, never a decision.
 * @module worldfirst-refunds/activities
 */
import { Context, type Info } from '@temporalio/activity';
import type { InquiryAnswer, OrderAnswer, Reported, SendAnswer, Unknown } from '../rules/answer.js';
import { type AttentionNotice, withRun } from '../rules/attention-notice.js';
import type { ApplyRefundBody, CashierRefundBody } from '../rules/bodies.js';
import type { EarlierRuns } from '../rules/earlier-runs.js';
import { applyRefundDifferences, type Inquiry, refundDifferences } from '../rules/integrity.js';
import { type AttentionNotifier, deliver, type ReconciliationNotifier } from './deliver-notice.js';
import { earlierRuns } from './earlier-runs.js';
import { localActivitiesDisabledFailure } from './failures.js';
import type { WorldFirstGateway } from './gateway.js';
import { inquiryAnswer } from './inquiry-answer.js';
import { measured } from './measured.js';
import { type NotificationCheck, type SignedMessage, verifiedNotification } from './notification-check.js';
import { orderAnswer } from './order-answer.js';
import { sendAnswer } from './send-answer.js';

export type { InquiryAnswer, OrderAnswer, Reported, SendAnswer } from '../rules/answer.js';
export type { AttentionNotice } from '../rules/attention-notice.js';
export type { Inquiry } from '../rules/integrity.js';
export type { ReconciliationNotice } from '../rules/reconciliation-notice.js';
export type { AttentionNotifier, ReconciliationNotifier } from './deliver-notice.js';
export type { WorldFirstGateway } from './gateway.js';

/** What the activities work with. */
export interface RefundActivityDependencies {
  /** Usually a `WorldFirstClient`. */
  worldfirst: WorldFirstGateway;
  /** Notifies that a refund needs an operator; absent for no notification. It may be called more than once for one notice. */
  notifyAttention?: AttentionNotifier;
  /** Notifies that a scheduled reconciliation could not check everything; absent for no notification. */
  notifyReconciliation?: ReconciliationNotifier;
  /** The address of Temporal's Web UI, for the links of the notices; no links by default. */
  webUiUrl?: string | undefined;
  /**
   * Whether each call must pass the task queue, because its rate is limited there (`maxTaskQueueActivitiesPerSecond`).
   * Temporal does not count local activities, so they make no calls then.
   */
  localActivitiesDisabled?: boolean;
  /** Limits the rate of the calls of one worker; what it adds to their time is not measured. */
  limit?: (calls: WorldFirstGateway) => WorldFirstGateway;
}

/** The activities that the `refund` workflow calls. Each ends its call when the activity is cancelled. */
export interface RefundActivities {
  /**
   * The order's total and payments.
   * @throws `WorldFirstNotReached` (retryable) when WorldFirst gave no answer that counts
   */
  queryTradeOrder(query: { tradeId: string }): Promise<Reported<OrderAnswer>>;
  /** Sends a WorldTrade refund, once. Give it one attempt: a repetition is for the workflow to decide. */
  applyRefund(body: ApplyRefundBody): Promise<Reported<SendAnswer>>;
  /** Sends a cashier refund, once. Give it one attempt: a repetition is for the workflow to decide. */
  refund(body: CashierRefundBody): Promise<Reported<SendAnswer>>;
  /**
   * The result of a refund that was sent.
   * @throws `WorldFirstNotReached` (retryable) when no connection was made, so that nothing was asked
   */
  inquireRefund(inquiry: Inquiry): Promise<Reported<InquiryAnswer>>;
  /** Reads what the other runs of this workflow did: those before a reset or a resume. */
  readEarlierRuns(): Promise<EarlierRuns>;
  /** Verifies a closure notification by WorldFirst's public keys, and reads it. */
  verifyNotification(signed: SignedMessage): Promise<NotificationCheck>;
  /** Notifies that a refund needs an operator. Throws what the notifier throws; retryable. */
  notifyAttention(notice: AttentionNotice): Promise<'notified' | 'no-notifier'>;
}

/**
 * Makes the activities for a worker.
 *
 * @example
 * const worldfirst = new WorldFirstClient({ … });
 * const worker = await Worker.create({ activities: createRefundActivities({ worldfirst }), … });
 */
export function createRefundActivities({
  worldfirst: given,
  notifyAttention,
  webUiUrl,
  localActivitiesDisabled = false,
  limit = (calls) => calls,
}: RefundActivityDependencies): RefundActivities {
  const worldfirst = limit(measured(given));
  const report = <Answer>(answer: Answer): Reported<Answer> => {
    const { attempt } = Context.current().info;
    return {
      ...answer,
      ...(!notifyAttention && { noNotifier: true }),
      ...(attempt > 1 && { attempt }),
    };
  };
  const mayCall = () => {
    if (localActivitiesDisabled && Context.current().info.isLocal) throw localActivitiesDisabledFailure();
  };

  return {
    async queryTradeOrder({ tradeId }) {
      mayCall();
      const answer = await worldfirst.queryTradeOrder({ tradeId }, untilCancelled());
      return report(orderAnswer(tradeId, answer));
    },

    async applyRefund(body) {
      if (wasReset(Context.current().info)) return report(NOT_SENT_AFTER_RESET);
      const answer = await worldfirst.applyRefund(body, untilCancelled());
      const said = sendAnswer(answer, ({ refundOrderId, paymentOrderId }) => ({
        ids: present({ refundOrderId, paymentOrderId }),
        differences: applyRefundDifferences(body, { paymentOrderId }),
      }));
      return report(said);
    },

    async refund(body) {
      if (wasReset(Context.current().info)) return report(NOT_SENT_AFTER_RESET);
      const answer = await worldfirst.refund(body, untilCancelled());
      const said = sendAnswer(answer, (taken) => ({
        ids: present({ refundId: taken.refundId }),
        differences: refundDifferences(body, taken),
      }));
      return report(said);
    },

    async inquireRefund(inquiry) {
      mayCall();
      const body = { refundRequestIds: [inquiry.refundRequestId] };
      const answer = await worldfirst.inquireRefund(body, untilCancelled());
      return report(inquiryAnswer(inquiry, answer));
    },

    async readEarlierRuns() {
      const { client, info } = Context.current();
      const { workflowId = '', runId = '' } = info.workflowExecution ?? {};
      return earlierRuns(client, workflowId, runId);
    },

    async verifyNotification(signed) {
      return verifiedNotification(worldfirst, signed);
    },

    async notifyAttention(notice) {
      if (!notifyAttention) return 'no-notifier';
      const { namespace, workflowExecution } = Context.current().info;
      const run = { namespace, runId: workflowExecution?.runId ?? '' };
      return deliver(notifyAttention, withRun(notice, run, webUiUrl));
    },
  };
}

/**
 * Whether Temporal runs this activity again after a reset, of the activity or of the workflow: the number of the attempt is 1
 * again, but the time at which it was first scheduled is not the time of this attempt.
 */
function wasReset({ attempt, scheduledTimestampMs, currentAttemptScheduledTimestampMs }: Info): boolean {
  return attempt === 1 && currentAttemptScheduledTimestampMs > scheduledTimestampMs;
}

const NOT_SENT_AFTER_RESET: Unknown = {
  kind: 'unknown',
  reason:
    'Temporal repeated the activity after a reset, and nothing was sent: the result of the earlier request is inquired first',
};

function untilCancelled(): { signal: AbortSignal } {
  return { signal: Context.current().cancellationSignal };
}

function present<T extends object>(ids: T): T {
  return Object.fromEntries(Object.entries(ids).filter(([, id]) => id !== undefined)) as T;
}
