import { inspect } from 'node:util';
import { RefundClient } from '../../client/index.js';
import { attentionWebhook, readWorkerConfig } from '../../worker/index.js';
import { privateKeyFrom, publicKeysFrom, WorldFirstClient } from '../../worldfirst/index.js';
import { cashierBody } from '../worldfirst/fixtures.js';

/** The environment of a worker. */
export type Env = Record<string, string>;

/**
 * What somebody might set in place of what is right, with secrets in it.
 * @param cutFile a file with a part of the private key
 */
export function everyMistake(right: Env, others: { key: string; cutFile: string }): Env[] {
  const {
    WORLDFIRST_PRIVATE_KEY: key = '',
    WORLDFIRST_PUBLIC_KEY: publicKey = '',
    REFUND_ATTENTION_WEBHOOK_SECRET: secret = '',
  } = right;
  const bare = key.replaceAll(/-----[^-]+-----|\n/g, '');
  return [
    { WORLDFIRST_PRIVATE_KEY: publicKey },
    { WORLDFIRST_PUBLIC_KEY: key },
    { WORLDFIRST_PRIVATE_KEY: key.slice(0, 900) },
    { WORLDFIRST_PRIVATE_KEY: bare.slice(0, -40) },
    { WORLDFIRST_PRIVATE_KEY: `${key}${others.key}` },
    { WORLDFIRST_PRIVATE_KEY: '', WORLDFIRST_PRIVATE_KEY_FILE: key },
    { WORLDFIRST_PRIVATE_KEY_FILE: bare },
    { WORLDFIRST_PRIVATE_KEY: '', WORLDFIRST_PRIVATE_KEY_FILE: others.cutFile },
    { WORLDFIRST_BASE_URL: `https://ana:${bare.slice(100, 140)}@worldfirst.example` },
    { WORLDFIRST_KEY_VERSION: `2, signature=${bare.slice(0, 80)}` },
    { REFUND_ATTENTION_WEBHOOK_SECRET: secret.slice('whsec_'.length) },
    { REFUND_ATTENTION_WEBHOOK_SECRET: `${secret.slice(0, -4)}!!!!` },
    { REFUND_ATTENTION_WEBHOOK_SECRET: '' },
    { REFUND_ATTENTION_WEBHOOK_URL: '' },
    // A slash after the colon would make it the URL of a path on the host `ana`, which is valid.
    { REFUND_ATTENTION_WEBHOOK_URL: `https://ana:${bare.slice(200, 240).replaceAll('/', 'x')}@example.com` },
  ];
}

/** Calls that must fail, each with a secret where it does not belong. */
export function attempts(right: Env, mistakes: readonly Env[]): (() => unknown)[] {
  const { WORLDFIRST_PRIVATE_KEY: key = '', REFUND_ATTENTION_WEBHOOK_SECRET: secret = '' } = right;
  const options = { baseUrl: 'https://x.example', clientId: 'x', privateKey: key, publicKeys: key };
  const everywhere = { clientId: key, keyVersion: key, pathPrefix: key, baseUrl: key, publicKeys: [] };
  // These requests are refused before Temporal is asked.
  const refunds = new RefundClient({} as never);
  const request = { ...cashierBody, product: 'cashier' } as const;
  return [
    ...mistakes.map((changes) => () => readWorkerConfig({ ...right, ...changes })),
    () => privateKeyFrom(key.slice(0, 500)),
    () => privateKeyFrom(key.slice(30, 500)),
    () => privateKeyFrom(key + key),
    () => publicKeysFrom(key),
    () => new WorldFirstClient(options),
    () => new WorldFirstClient({ ...options, ...everywhere }),
    () => attentionWebhook({ url: 'no URL', secret: secret.slice(3) }),
    () => refunds.start({ ...request, refundReason: '', payToId: key }),
    () => refunds.start({ ...request, refundToDetails: key as never }),
  ];
}

/** What a call throws, at once or later; undefined where it throws nothing. */
export async function errorOf(attempt: () => unknown): Promise<unknown> {
  try {
    await attempt();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** An error or an object in every way in which a log might write it. */
export function inEveryWay(value: unknown): string {
  const { stack, cause, issues } = (value ?? {}) as Error & { issues?: unknown };
  return [
    inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true }),
    JSON.stringify(value) ?? '',
    String(value),
    stack ?? '',
    JSON.stringify(issues) ?? '',
    cause === undefined ? '' : inEveryWay(cause),
  ].join('\n');
}
