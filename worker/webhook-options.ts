import type { ValidationIssue } from '../internal/check.js';

/** Where notices go, and what they are signed with. */
export interface AttentionWebhookOptions {
  /** `https:`, or `http:` towards this machine; without credentials. Its path may well be a secret, so it is never printed. */
  url: string;
  /** What the receiver verifies with: `whsec_`, then 24 to 64 bytes in base64. */
  secret: string;
  /** For one delivery, in milliseconds; 10,000 by default. The activity ends after 30,000. */
  timeout?: number;
}

/** Every mistake of the URL and the secret, by the names of the options. None repeats what it is about. */
export function checkWebhook({ url, secret }: { url?: unknown; secret?: unknown }): ValidationIssue[] {
  return [...checkUrl(url), ...checkSecret(secret)];
}

function checkUrl(given: unknown): ValidationIssue[] {
  const url = typeof given === 'string' && URL.canParse(given) ? new URL(given) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    return [{ path: 'url', message: 'must be a URL such as https://example.com/refunds' }];
  }
  // Node's fetch would refuse them at each delivery, and repeat them in its message.
  if (url.username || url.password) {
    return [{ path: 'url', message: 'must hold no user name and no password: the signature says who sends' }];
  }
  return [];
}

const PREFIX = 'whsec_';

/** Standard Webhooks, "Signature scheme": a secret is between 24 and 64 bytes, in base64 behind `whsec_`. */
function checkSecret(given: unknown): ValidationIssue[] {
  const base64 = typeof given === 'string' && given.startsWith(PREFIX) ? given.slice(PREFIX.length) : '';
  const bytes = Buffer.from(base64, 'base64');
  // Buffer reads over what is no base64; other languages' libraries do not.
  if (bytes.length >= 24 && bytes.length <= 64 && bytes.toString('base64') === base64) return [];
  return [
    {
      path: 'secret',
      message: `must be ${PREFIX} and 24 to 64 bytes in base64; this makes one: echo "${PREFIX}$(openssl rand -base64 32)"`,
    },
  ];
}
