import { ApplicationFailure } from '@temporalio/common';
import { JsonMistake, parseJson } from '../internal/json-text.js';
import { type ClosureNotification, readNotification, sentenceOf } from '../rules/messages.js';
import type { SignedMessage } from '../worldfirst/signature.js';
import type { WorldFirstGateway } from './gateway.js';

export type { SignedMessage } from '../worldfirst/signature.js';

/** A closure notification that WorldFirst signed, or why it does not count. */
export type NotificationCheck =
  | { verified: true; notification: ClosureNotification }
  | { verified: false; reason: string };

/**
 * Verifies a closure notification, then reads it.
 * @throws a retryable failure where this worker cannot verify: another worker may
 */
export function verifiedNotification(
  worldfirst: Pick<WorldFirstGateway, 'isSignedByWorldFirst'>,
  signed: SignedMessage,
): NotificationCheck {
  if (!worldfirst.isSignedByWorldFirst)
    throw ApplicationFailure.retryable('This worker has no keys to verify a notification.', 'CannotVerify');
  if (!worldfirst.isSignedByWorldFirst(signed))
    return { verified: false, reason: 'its signature is not WorldFirst’s' };
  try {
    const read = readNotification(parseJson(signed.body));
    if (read.ok) return { verified: true, notification: read.message };
    return { verified: false, reason: sentenceOf(read.issues) };
  } catch (error) {
    if (!(error instanceof JsonMistake)) throw error;
    return { verified: false, reason: `it is not JSON: ${error.message}` };
  }
}
