import { createHmac } from 'node:crypto';
import type { ReferenceHash } from '../client/reference-hash.js';
import { HASHED_REFERENCE } from '../rules/search-attributes.js';
import { checkKeys, type EncryptionKey } from './keys.js';

/** What {@link referenceHash} works with. */
export interface ReferenceHashOptions {
  /** The newest first: it is written, and refunds that are listed by any of them are found. */
  keys: readonly EncryptionKey[];
  /** Whether refunds are found too that are listed with the reference as it is; false by default. Each search then names it. */
  plainToo?: boolean;
}

/**
 * Hides references (`tradeId`, `payToId`) in Temporal's list: `RefundReference` is HMAC-SHA256 of the reference. Give the same to
 * every `RefundClient` of the namespace, together with a data converter that encrypts.
 *
 * @example
 * ```ts
 * const refunds = new RefundClient(client, { referenceHash: referenceHash({ keys }) });
 * ```
 *
 * @throws {@link ConfigurationError} without a key, or for a key that is not right
 */
export function referenceHash({ keys, plainToo = false }: ReferenceHashOptions): ReferenceHash {
  checkKeys(keys);
  return (reference) => {
    const hashes = keys.map(
      ({ key }) => HASHED_REFERENCE + createHmac('sha256', key).update(reference).digest('base64url'),
    );
    return [...hashes, ...(plainToo ? [reference] : [])] as [string, ...string[]];
  };
}
