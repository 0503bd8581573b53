import { createHash } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import { Webhook } from 'standardwebhooks';
import type { AttentionNotice, AttentionNotifier } from '../activities/index.js';
import { ConfigurationError } from '../rules/configuration-error.js';

/** Where notices go, and what they are signed with. */
export interface AttentionWebhookOptions {
  /** `https:`, or `http:` towards this machine; without credentials. Its path may be a secret, so it is never printed. */
  url: string;
  /** What the receiver verifies with: `whsec_`, then 24 to 64 bytes in base64. */
  secret: string;
  /** For one delivery, in milliseconds; 10,000 by default. The activity ends after 30,000. */
  timeout?: number;
}

const DEFAULT_TIMEOUT = 10_000;

/**
 * Notifies a web server that a refund needs an operator, by the Standard Webhooks convention
 * (https://www.standardwebhooks.com): a POST of `{ type, timestamp, data }` with `webhook-id`, `webhook-timestamp` and
 * `webhook-signature`. Any 2xx accepts the notice. Every other answer rejects with a message without the URL and the
 * secret, and is retried; only 410 Gone, by which a receiver ends its subscription, is not.
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
  const issues = Object.entries({ url: checkWebhookUrl(url), secret: checkWebhookSecret(secret) }).flatMap(
    ([path, message]) => (message === undefined ? [] : [{ path, message }]),
  );
  if (issues.length > 0) throw new ConfigurationError(issues);
  const webhook = new Webhook(secret);
  return async (notice, { signal }) => {
    const limit = AbortSignal.timeout(timeout);
    const request = { ...signed(webhook, notice), signal: AbortSignal.any([signal, limit]) };
    const response = await fetch(url, request).catch((error: unknown) => {
      // Not the original error: an AbortError counts as cancelled and is not retried, although the worker may only shut down.
      if (signal.aborted) throw new Error('the call to the attention webhook was aborted');
      throw new Error(`the attention webhook ${limit.aborted ? 'gave no answer in time' : failureOf(error)}`);
    });
    // Only the status counts, not the body.
    response.body?.cancel().catch(() => {});
    if (response.ok) return;
    const message = `the attention webhook answered ${response.status}`;
    throw response.status === 410
      ? ApplicationFailure.nonRetryable(message, 'AttentionWebhookGone')
      : new Error(message);
  };
}

function signed(webhook: Webhook, { id, ...payload }: AttentionNotice): RequestInit {
  const [webhookId, now] = [headerIdOf(id), new Date()];
  const body = JSON.stringify(payload);
  return {
    method: 'POST',
    // A redirect could send the notice to another receiver, or turn it into a GET.
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

/** A notice's id contains an id of the caller: a dot would end it for receivers, and 退款 cannot be in a header. */
function headerIdOf(noticeId: string): string {
  return `msg_${createHash('sha256').update(noticeId).digest('base64url')}`;
}

function failureOf(error: unknown): string {
  // Messages of fetch name hosts and may repeat a URL; the codes of its causes suffice.
  const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
  return code ? `could not be reached (${code})` : 'could not be reached';
}

/** What is wrong with the URL, without repeating it. */
export function checkWebhookUrl(given: unknown): string | undefined {
  const url = typeof given === 'string' && URL.canParse(given) ? new URL(given) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) return 'must be a URL such as https://example.com/refunds';
  // Node's fetch would refuse them at each delivery, and repeat them in its message.
  if (url.username || url.password)
    return 'must not contain a user name or a password: the signature identifies the sender';
  return undefined;
}

const PREFIX = 'whsec_';

/** What is wrong with the secret. Standard Webhooks, "Signature scheme": 24 to 64 bytes, in base64 behind `whsec_`. */
export function checkWebhookSecret(given: unknown): string | undefined {
  const base64 = typeof given === 'string' && given.startsWith(PREFIX) ? given.slice(PREFIX.length) : '';
  const bytes = Buffer.from(base64, 'base64');
  // Buffer ignores characters that are not base64; libraries of other languages do not.
  if (bytes.length >= 24 && bytes.length <= 64 && bytes.toString('base64') === base64) return undefined;
  return `must be ${PREFIX} and 24 to 64 bytes in base64; create one with: echo "${PREFIX}$(openssl rand -base64 32)"`;
}
