import {
  type Check,
  identifier,
  isObject,
  object,
  optional,
  text,
  type ValidationIssue,
  where,
} from '../internal/check.js';
import { DECISIONS, type DecisionName } from './decide.js';

/** Who sends a message, and why. */
export interface AuditNote {
  by: string;
  reason: string;
}

/** A person's decision. */
export interface Decision extends AuditNote {
  decision: DecisionName;
  /** What proves it: required for `mark-succeeded` and `mark-failed`. */
  evidence?: string;
}

/** WorldTrade's notification that an order was closed, once its signature is verified. */
export interface ClosureNotification {
  /** The request id of createTradeOrder, not of the refund. */
  requestId?: string;
  tradeId: string;
  isRefund: 'Y' | 'N';
}

/** A message as it was understood, or every reason why it was not. */
export type Read<Message> = { ok: true; message: Message } | { ok: false; issues: ValidationIssue[] };

const who = identifier(1, 200);
const why = where(text(1, 2000), (reason: string) =>
  reason.trim() === '' ? 'must not be blank' : undefined,
);

const auditNote = { by: who, reason: why };

const decision = object({
  decision: where(text(1, 64), (name: string) =>
    Object.hasOwn(DECISIONS, name) ? undefined : `must be one of ${Object.keys(DECISIONS).join(', ')}`,
  ),
  ...auditNote,
  evidence: optional(text(0, 2000)),
});

const notification = object({
  tradeId: identifier(1, 64),
  isRefund: where(text(1, 1), (flag: string) =>
    flag === 'Y' || flag === 'N' ? undefined : 'must be "Y" or "N"',
  ),
});

const read =
  <Message>(check: Check) =>
  (value: unknown): Read<Message> => {
    const issues = check(value, '');
    return issues.length > 0 ? { ok: false, issues } : { ok: true, message: value as Message };
  };

/** Reads the payload of `escalate` and `checkNow`. */
export const readAuditNote = read<AuditNote>(object(auditNote));

/** Reads the payload of `decide`. */
export const readDecision = read<Decision>(decision);

/**
 * Reads the payload of `notification`. It may be the only confirmation of a refund, so only the two fields that say what
 * happened can make it unreadable: what else WorldFirst wrote is left out where it is not understood.
 */
export function readNotification(value: unknown): Read<ClosureNotification> {
  if (!isObject(value)) return { ok: false, issues: [{ path: '', message: 'must be an object' }] };
  const result = read<ClosureNotification>(notification)({
    tradeId: value.tradeId,
    isRefund: value.isRefund,
  });
  const requestId = Number.isSafeInteger(value.requestId) ? String(value.requestId) : value.requestId;
  if (!result.ok || text(0, 256)(requestId, '').length > 0) return result;
  return { ok: true, message: { requestId: requestId as string, ...result.message } };
}

/** Every mistake in one sentence. */
export function sentenceOf(issues: readonly ValidationIssue[]): string {
  return issues.map(({ path, message }) => (path ? `${path} ${message}` : message)).join('; ');
}
