import { createHash } from 'node:crypto';
import { canonical } from '../internal/canonical-json.js';

/** A short mark of a JSON value, the same whatever the order of its keys. */
export function fingerprint(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('base64url');
}
