import { quoted } from '../internal/check.js';
import { JsonMistake, parseJson } from '../internal/json-text.js';
import { type ClosureNotification, readNotification, sentenceOf } from '../rules/messages.js';
import { type SignedMessage, TIME, verifySignature } from '../worldfirst/signature.js';
import type { OwnSide } from './own-side.js';
import { type Or, refuse } from './refusal.js';

/** A notification, and the message that WorldFirst signed: the refund verifies it again. */
export interface VerifiedMessage {
  notification: ClosureNotification;
  signed: SignedMessage;
}

/**
 * Reads a notification, once its signature is verified.
 *
 * There is no limit for the age of `Request-Time`: WorldFirst sends a notification again for 27 hours, does not
 * document whether with a new time, and documents no allowed clock skew. A replay of an old notification repeats only
 * what the refund knows.
 */
export function verify(
  headers: Headers,
  body: string,
  { path, clientId, publicKeys }: OwnSide,
): Or<VerifiedMessage> {
  const [from, time, signature] = ['client-id', 'request-time', 'signature'].map((name) => headers.get(name));
  if (from !== clientId) {
    const what = from ? `is ${quoted(from)}` : 'is missing';
    return refuse(400, 'INVALID_CLIENT', `Client-Id ${what}; expected ${quoted(clientId)}`);
  }
  if (!time || !TIME.test(time))
    return refuse(400, 'PARAM_ILLEGAL', `Request-Time ${time ? `is ${quoted(time)}` : 'is missing'}`);
  if (!signature) return refuse(400, 'INVALID_SIGNATURE', 'Signature is missing');
  if (!verifySignature({ path, clientId, time, body }, signature, publicKeys))
    return refuse(400, 'INVALID_SIGNATURE', `the signature is not valid. ${likelyMistake(path, body)}`);
  const read = contentOf(body);
  if ('refusal' in read) return read;
  return { ...read, signed: { body, path, clientId, requestTime: time, signature } };
}

function contentOf(body: string): Or<{ notification: ClosureNotification }> {
  let content: unknown;
  try {
    content = parseJson(body);
  } catch (error) {
    if (!(error instanceof JsonMistake)) throw error;
    return refuse(400, 'PARAM_ILLEGAL', `signed by WorldFirst, but not JSON: ${error.message}`);
  }
  const read = readNotification(content);
  if (read.ok) return { notification: read.message };
  const mistakes = sentenceOf(read.issues);
  return refuse(400, 'PARAM_ILLEGAL', `signed by WorldFirst, but not a closure notification: ${mistakes}`);
}

function likelyMistake(path: string, body: string): string {
  if (body === '') return 'The body is empty: mount the handler before any body parser';
  return `If WorldFirst sent it, check that ${path} is the path registered at WorldFirst, that the public key is WorldFirst's, and that the body was not changed`;
}
