import { createSecretKey, randomBytes } from 'node:crypto';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import type { EncryptionKey } from '../../encryption/index.js';

/** A key that no other test has. */
export function newKey(id: string): EncryptionKey {
  return { id, key: createSecretKey(randomBytes(32)) };
}

/** A value as the SDK's default converter writes it. */
export function plainPayload(value: unknown): Payload {
  return defaultPayloadConverter.toPayload(value) as Payload;
}

/** The value of a payload. */
export function contentOf(payload: Payload | undefined): unknown {
  return payload && defaultPayloadConverter.fromPayload(payload);
}

/** One entry of a payload's metadata, as text. */
export function metadataOf(payload: Payload, name: string): string {
  return Buffer.from(payload.metadata?.[name] ?? []).toString();
}
