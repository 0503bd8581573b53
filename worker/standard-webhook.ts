import { createHash } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { ConfigurationError } from '../rules/configuration-error.js';

/** Where events go, and what they are signed with. */
export interface StandardWebhookOptions {
  /** Its path may be a secret, so it is never printed. */
  url: string;
  /** `whsec_`, then 24 to 64 bytes in base64. */
  secret: string;
  /** For one delivery, in milliseconds; 10,000 by default. */
  timeout?: number | undefined;
}

const DEFAULT_TIMEOUT = 10_000;

/** A delivery that the receiver did not accept; the message has neither the URL nor the secret. */
export class DeliveryError extends Error {
  /** Set after 410 Gone, by which a receiver ends its subscription. */
  readonly isGone: boolean;

  constructor(message: string, isGone = false) {
    super(message);
    this.isGone = isGone;
  }
}

/**
 * Sends events by the Standard Webhooks convention (https://www.standardwebhooks.com): a POST with `webhook-id`,
 * `webhook-timestamp` and `webhook-signature`. Any 2xx accepts an event.
 */
export class StandardWebhook {
  readonly #name: string;
  readonly #url: string;
  readonly #webhook: Webhook;
  readonly #timeout: number;

  /**
   * @param name what messages call it, such as `the attention webhook`
   * @throws ConfigurationError when the URL or the secret cannot be right
   */
  constructor(name: string, { url, secret, timeout = DEFAULT_TIMEOUT }: StandardWebhookOptions) {
    const issues = Object.entries({ url: checkWebhookUrl(url), secret: checkWebhookSecret(secret) }).flatMap(
      ([path, message]) => (message === undefined ? [] : [{ path, message }]),
    );
    if (issues.length > 0) throw new ConfigurationError(issues);
    this.#name = name;
    this.#url = url;
    this.#webhook = new Webhook(secret);
    this.#timeout = timeout;
  }

  /**
   * Sends one event, once.
   * @param id the same for every delivery of one event, so that a receiver recognizes a repeat
   * @throws DeliveryError where it was not accepted
   */
  async deliver(id: string, payload: object, signal: AbortSignal): Promise<void> {
    const limit = AbortSignal.timeout(this.#timeout);
    const request = { ...signed(this.#webhook, id, payload), signal: AbortSignal.any([signal, limit]) };
    const response = await fetch(this.#url, request).catch((error: unknown) => {
      // Not the original error: an AbortError counts as cancelled and is not retried, although the worker may only shut down.
      if (signal.aborted) throw new DeliveryError(`the call to ${this.#name} was aborted`);
      throw new DeliveryError(`${this.#name} ${limit.aborted ? 'gave no answer in time' : failureOf(error)}`);
    });
    // Only the status counts, not the body.
    response.body?.cancel().catch(() => {});
    if (!response.ok)
      throw new DeliveryError(`${this.#name} answered ${response.status}`, response.status === 410);
  }
}

function signed(webhook: Webhook, id: string, payload: object): RequestInit {
  const [webhookId, now] = [headerIdOf(id), new Date()];
  const body = JSON.stringify(payload);
  return {
    method: 'POST',
    // A redirect could send the event to another receiver, or turn it into a GET.
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

/** An event's id contains an id of the caller: a dot would end it for receivers, and 退款 cannot be in a header. */
function headerIdOf(id: string): string {
  return `msg_${createHash('sha256').update(id).digest('base64url')}`;
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
