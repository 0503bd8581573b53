import { createHash } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import { Webhook } from 'standardwebhooks';
import type { AttentionNotice, AttentionNotifier } from '../activities/index.js';
import { ConfigurationError } from '../rules/configuration-error.js';
import { type AttentionWebhookOptions, checkWebhook } from './webhook-options.js';

const DEFAULT_TIMEOUT = 10_000;

/**
 * Tells a web server that a refund needs a person, as Standard Webhooks has it (https://www.standardwebhooks.com): a
 * POST of `{ type, timestamp, data }` with `webhook-id`, `webhook-timestamp` and `webhook-signature`. Any 2xx takes the
 * notice. Everything else rejects with a message that holds neither the URL nor the secret, and is worth another
 * attempt; only 410 Gone, by which a receiver asks to be left alone, is not.
 *
 * @example
 * const worker = await createRefundWorker({ connection, worldfirst, notifyAttention: attentionWebhook({ url, secret }) });
 *
 * @throws ConfigurationError when the URL or the secret cannot be right
 */
export function attentionWebhook({
  url,
  secret,
  timeout = DEFAULT_TIMEOUT,
}: AttentionWebhookOptions): AttentionNotifier {
  const issues = checkWebhook({ url, secret });
  if (issues.length > 0) throw new ConfigurationError(issues);
  const webhook = new Webhook(secret);
  return async (notice, { signal }) => {
    const limit = AbortSignal.timeout(timeout);
    const request = { ...signed(webhook, notice), signal: AbortSignal.any([signal, limit]) };
    const response = await fetch(url, request).catch((error: unknown) => {
      // Not as it came: an AbortError counts as cancelled and is not tried again, though a worker may only shut down.
      if (signal.aborted) throw new Error('the call of the attention webhook was broken off');
      throw new Error(`the attention webhook ${limit.aborted ? 'gave no answer in time' : failureOf(error)}`);
    });
    // Whatever it says, and however that ends: the status counts.
    response.body?.cancel().catch(() => {});
    if (response.ok) return;
    const message = `the attention webhook answered ${response.status}`;
    throw response.status === 410
      ? ApplicationFailure.nonRetryable(message, 'AttentionWebhookGone')
      : new Error(message);
  };
}

function signed(webhook: Webhook, { id, type, timestamp, data }: AttentionNotice): RequestInit {
  const [webhookId, now] = [headerIdOf(id), new Date()];
  const body = JSON.stringify({ type, timestamp, data });
  return {
    method: 'POST',
    // A redirect could lead the notice to somebody else, or turn it into a GET.
    redirect: 'manual',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'worldfirst-refunds',
      'webhook-id': webhookId,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': webhook.sign(webhookId, now, body),
    },
    body,
  };
}

/** A notice's id holds what the caller chose: a dot would be taken for the end of the id, and 退款 is no header. */
function headerIdOf(noticeId: string): string {
  return `msg_${createHash('sha256').update(noticeId).digest('base64url')}`;
}

function failureOf(error: unknown): string {
  // Messages of fetch name hosts and may repeat a URL; the codes of its causes are enough to go by.
  const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
  return code ? `could not be reached (${code})` : 'could not be reached';
}
