import type { KeyObject } from 'node:crypto';
import { inChinaTime } from '../rules/bodies.js';
import { privateKeyFrom } from '../worldfirst/keys.js';
import { signatureHeader } from '../worldfirst/signature.js';

/** A message that WorldFirst would sign. */
export interface WorldFirstMessage {
  /** An `answer` to a request, or a `notification` to your URL. */
  kind: 'answer' | 'notification';
  /** The path of the request, or of the notification URL. */
  path: string;
  /** Byte for byte as it is sent. */
  body: string;
  clientId: string;
  /** The private key that stands for WorldFirst's. */
  privateKey: KeyObject | string;
  /** `2` by default. */
  keyVersion?: string;
  /** Now by default. */
  time?: Date;
}

/**
 * The headers of a message as WorldFirst would sign it, to test the receiver of such messages.
 *
 * @example
 * const body = JSON.stringify({ tradeId: 't-1', isRefund: 'Y' });
 * const headers = signAsWorldFirst({ kind: 'notification', path: '/worldfirst', body, clientId, privateKey });
 * await fetch('http://127.0.0.1:8080/worldfirst', { method: 'POST', headers, body });
 *
 * @throws {@link KeyError} when the key cannot be read
 */
export function signAsWorldFirst(message: WorldFirstMessage): Record<string, string> {
  const { kind, path, body, clientId, keyVersion = '2', time = new Date() } = message;
  const privateKey =
    typeof message.privateKey === 'string' ? privateKeyFrom(message.privateKey) : message.privateKey;
  const signedAt = inChinaTime(time);
  return {
    'Content-Type': 'application/json; charset=UTF-8',
    'Client-Id': clientId,
    [kind === 'answer' ? 'Response-Time' : 'Request-Time']: signedAt,
    Signature: signatureHeader({ path, clientId, time: signedAt, body }, { privateKey, keyVersion }),
  };
}
