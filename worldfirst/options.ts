import { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { checkedKey, KeyError, privateKeyFrom, publicKeysFrom } from './keys.js';
import { ProxyError, proxyFor } from './proxy.js';

/** How to reach WorldFirst, and as whom. */
export interface WorldFirstClientOptions {
  /**
   * Scheme, host and port: `https://open-sea.worldfirst.com`. It is reached through the proxy that `HTTPS_PROXY`,
   * `HTTP_PROXY` and `NO_PROXY` name in the environment of the process.
   */
  baseUrl: string | URL;
  /** What stands before the name of the operation; part of what is signed. `/amsin/api/v1/business` by default. */
  pathPrefix?: string;
  /** The client id that WorldFirst gave. */
  clientId: string;
  /** The partner's RSA key, as a key or as text for {@link privateKeyFrom}. */
  privateKey: KeyObject | string;
  /** WorldFirst's RSA key, several during a rotation; as keys or as text for {@link publicKeysFrom}. */
  publicKeys: KeyObject | string | readonly (KeyObject | string)[];
  /** `2` by default. */
  keyVersion?: string;
  /** For a whole call, in milliseconds; 30,000 by default. */
  timeout?: number;
  /**
   * How far the time of an answer may be from this machine's clock, in milliseconds; 15 minutes by default. An
   * answer of another time is marked as `old`: it may be a replay.
   */
  maxClockSkew?: number;
}

const baseUrl = z.unknown().transform((given, context) => {
  const text = String(given);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // Stryker disable next-line Regex: a URL of any other scheme has no origin, and is refused for that.
  if (!url || !/^https?:$/.test(url.protocol) || url.href !== `${url.origin}/`) {
    context.addIssue(
      'must be scheme, host and port, such as https://open-sea.worldfirst.com; a path is the pathPrefix',
    );
    return z.NEVER;
  }
  return valueOrIssue(context, () => {
    proxyFor(url);
    return url;
  });
});

const pathPrefix = z
  .string()
  // The path is signed as it is sent, so it must not be one that a URL would write in another way.
  .regex(/^(\/[\w.~-]+)*\/?$/, 'must be a path such as /amsin/api/v1/business')
  .refine((path) => !/\/\.{1,2}(\/|$)/.test(path), 'must not contain . or .. as a step')
  .transform((path) => path.replace(/\/$/, ''));

const key = z.custom<KeyObject | string>((given) => typeof given === 'string' || given instanceof KeyObject, {
  error: 'must be a key or its text',
});

/** The options with defaults, and with keys in place of texts. */
export const clientOptions = z.object({
  baseUrl,
  pathPrefix: pathPrefix.default('/amsin/api/v1/business'),
  clientId: z.string().regex(/^[\x21-\x7e]+$/, 'must be visible ASCII characters without blanks'),
  privateKey: key.transform((given, context) =>
    valueOrIssue(context, () =>
      typeof given === 'string' ? privateKeyFrom(given) : checkedKey(given, 'private'),
    ),
  ),
  publicKeys: z
    .union([key.transform((one) => [one]), z.array(key).min(1, 'must hold at least one key').readonly()], {
      error: 'must be a key or its text, or a list of them',
    })
    .transform((given, context) =>
      valueOrIssue(context, () =>
        given.flatMap((each) =>
          typeof each === 'string' ? publicKeysFrom(each) : checkedKey(each, 'public'),
        ),
      ),
    ),
  keyVersion: z
    .string()
    .regex(/^[\w.-]+$/, 'must be a version such as 2')
    .default('2'),
  timeout: z
    .int()
    .min(1)
    // A longer timer of Node's would fire at once.
    .max(2 ** 31 - 1)
    .default(30_000),
  maxClockSkew: z.int().min(1).default(900_000),
});

function valueOrIssue<T>(context: z.RefinementCtx, read: () => T): T {
  try {
    return read();
  } catch (error) {
    // Stryker disable next-line ConditionalExpression: nothing else is thrown here; any other error would be a bug.
    if (!(error instanceof KeyError || error instanceof ProxyError)) throw error;
    context.addIssue(error.message);
    return z.NEVER;
  }
}
