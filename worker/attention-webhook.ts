import { ApplicationFailure } from '@temporalio/common';
import type { AttentionNotice, ReconciliationNotice } from '../activities/index.js';
import { DeliveryError, StandardWebhook } from './standard-webhook.js';

/** Where notices go, and what they are signed with. */
export interface AttentionWebhookOptions {
  /** `https:`, or `http:` towards this machine; without credentials. Its path may be a secret, so it is never printed. */
  url: string;
  /** What the receiver verifies with: `whsec_`, then 24 to 64 bytes in base64. */
  secret: string;
  /** For one delivery, in milliseconds; 10,000 by default. The activity ends after 30,000. */
  timeout?: number;
}

/** What the attention webhook sends: a notifier of refunds, and of reconciliations. */
type WebhookNotifier = (
  notice: AttentionNotice | ReconciliationNotice,
  call: { signal: AbortSignal },
) => Promise<void>;

/**
 * Notifies a web server that a refund needs an operator, or that a reconciliation is not complete, by the Standard Webhooks convention
 * (https://www.standardwebhooks.com): a POST of `{ type, timestamp, data }` with `webhook-id`, `webhook-timestamp` and
 * `webhook-signature`. Any 2xx accepts the notice. Every other answer rejects with a message without the URL and the
 * secret, and is retried; only 410 Gone, by which a receiver ends its subscription, is not.
 *
 * @example
 * const webhook = attentionWebhook({ url, secret });
 * const notifiers = { notifyAttention: webhook, notifyReconciliation: webhook };
 * const worker = await createRefundWorker({ connection, worldfirst, ...notifiers });
 *
 * @throws ConfigurationError when the URL or the secret cannot be right
 */
export function attentionWebhook(options: AttentionWebhookOptions): WebhookNotifier {
  const webhook = new StandardWebhook('the attention webhook', options);
  return async ({ id, ...payload }, { signal }) => {
    try {
      await webhook.deliver(id, payload, signal);
    } catch (error) {
      if (error instanceof DeliveryError && error.isGone)
        throw ApplicationFailure.nonRetryable(error.message, 'AttentionWebhookGone');
      throw error;
    }
  };
}
