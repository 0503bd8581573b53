import { createHash } from 'node:crypto';

/** A 28-digit id, like WorldFirst's ids, that is derived from a text. */
export function numericId(text: string): string {
  const digest = createHash('sha256').update(text).digest('hex');
  return BigInt(`0x${digest}`).toString().padStart(28, '0').slice(0, 28);
}
