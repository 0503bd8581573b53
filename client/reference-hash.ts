import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { ConfigurationError } from '../rules/configuration-error.js';

/**
 * What a reference (`tradeId` or `payToId`) may be listed as in Temporal, whose search attributes cannot be encrypted. The first
 * one is written, and all of them are looked for. `referenceHash` of `worldfirst-refunds/encryption` makes one.
 */
export type ReferenceHash = (reference: string) => readonly [string, ...string[]];

/** References are listed as they are. */
export const plainReference: ReferenceHash = (reference) => [reference];

/**
 * Without encryption the reference can be read in the request, whatever the list says.
 * @throws ConfigurationError where a client writes payloads as they are
 */
export function requireEncryption({ options }: Client): void {
  const { payloadCodecs, payloadConverter } = options.loadedDataConverter;
  if (payloadCodecs.length > 0 || payloadConverter !== defaultPayloadConverter) return;
  const message =
    'hides nothing where payloads are not encrypted: give the client a dataConverter that encrypts (REFUND_ENCRYPTION_KEYS)';
  throw new ConfigurationError([{ path: 'referenceHash', message }]);
}
