import type { KeyObject } from 'node:crypto';
import { type SignedMessage, signatureHeader } from '../../worldfirst/signature.js';
import type { Delivery } from './delivery.js';
import { chinaTime } from './result-bodies.js';

/** The client id and keys that the sandbox signs with. */
export interface Identity {
  clientId: string;
  keyVersion: string;
  privateKey: KeyObject;
  /** A key that no client knows. */
  otherKey: () => Promise<KeyObject>;
}

/** The time and signature headers of an answer or a notification. */
export async function signatureOf(
  { body, signedBy, signedText = body, age = 0 }: Delivery & { kind: 'answer' },
  path: string,
  { clientId, keyVersion, privateKey, otherKey }: Identity,
): Promise<{ time: string; signature: { Signature?: string } }> {
  const time = chinaTime(new Date(Date.now() - age));
  if (signedBy === 'none') return { time, signature: {} };
  const key = signedBy === 'sandbox' ? privateKey : await otherKey();
  const text = { path, clientId, time, body: signedText };
  return { time, signature: { Signature: signatureHeader(text, { privateKey: key, keyVersion }) } };
}

/** A message to the partner, signed now. */
export function signedMessage(
  body: string,
  path: string,
  { clientId, keyVersion, privateKey }: Pick<Identity, 'clientId' | 'keyVersion' | 'privateKey'>,
): SignedMessage {
  const requestTime = chinaTime(new Date());
  const text = { path, clientId, time: requestTime, body };
  return { body, path, clientId, requestTime, signature: signatureHeader(text, { privateKey, keyVersion }) };
}
