import { createHash } from 'node:crypto';
import { canonical } from '../internal/canonical-json.js';

/** A short hash of a JSON value; the order of its keys does not matter. */
export function fingerprint(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('base64url');
}
