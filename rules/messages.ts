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

// WorldFirst may add fields to its notifications at any time, so only the known ones are looked at.
const notification: Check = (value, path) =>
  isObject(value)
    ? object({
        requestId: optional(text(0, 256)),
        tradeId: identifier(1, 64),
        isRefund: where(text(1, 1), (flag: string) =>
          flag === 'Y' || flag === 'N' ? undefined : 'must be "Y" or "N"',
        ),
      })({ requestId: value.requestId, tradeId: value.tradeId, isRefund: value.isRefund }, path)
    : [{ path, message: 'must be an object' }];

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

/** Reads the payload of `notification`; what else WorldFirst may have put there is left out. */
export function readNotification(value: unknown): Read<ClosureNotification> {
  const result = read<ClosureNotification>(notification)(value);
  if (!result.ok) return result;
  const { requestId, tradeId, isRefund } = result.message;
  return { ok: true, message: { ...(requestId !== undefined && { requestId }), tradeId, isRefund } };
}

/** Every mistake in one sentence. */
export function sentenceOf(issues: readonly ValidationIssue[]): string {
  return issues.map(({ path, message }) => (path ? `${path} ${message}` : message)).join('; ');
}
