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
import { DECISIONS, type DecisionName } from './decision.js';

/** The person or program behind a message, and the reason for it. */
export interface AuditNote {
  by: string;
  reason: string;
}

/** An operator's decision. */
export interface Decision extends AuditNote {
  decision: DecisionName;
  /** What shows that it is so: required for `mark-succeeded` and `mark-failed`. */
  evidence?: string;
}

/** A decision that was applied, and when. */
export type Decided = Decision & { at: string };

/** The content of WorldTrade's notification that an order was closed. */
export interface ClosureNotification {
  /** The request id of createTradeOrder, not of the refund. */
  requestId?: string;
  tradeId: string;
  isRefund: 'Y' | 'N';
}

/** A closure notification as WorldFirst signed it, so that whoever acts on it can verify it. */
export interface SignedNotification {
  /** The raw body, character for character. */
  body: string;
  /** The path of the URL that WorldFirst knows. */
  path: string;
  /** The headers of the same names. */
  clientId: string;
  requestTime: string;
  signature: string;
  /** Which of the order's refunds it is about, as far as its receiver knows; `this` by default. */
  concerns?: 'this' | 'another' | 'unclear';
}

/** A message as it was read, or every mistake in it. */
export type Read<Message> = { ok: true; message: Message } | { ok: false; issues: ValidationIssue[] };

// The examples of earlier builds had these; pasted unchanged they would close a refund in nobody's name.
const PLACEHOLDERS = ['your name', 'why', 'what shows it'];

const isPlaceholder = (text: string) => PLACEHOLDERS.includes(text.trim().toLowerCase());

const filledIn = (text: string) =>
  isPlaceholder(text) ? `is the placeholder "${text.trim()}"; write your own words` : undefined;

const who = where(identifier(1, 200), filledIn);
const why = where(text(1, 2000), (reason: string) =>
  reason.trim() === '' ? 'must not be blank' : filledIn(reason),
);

const auditNote = { by: who, reason: why };

const decision = object({
  decision: where(text(1, 64), (name: string) =>
    Object.hasOwn(DECISIONS, name) ? undefined : `must be one of ${Object.keys(DECISIONS).join(', ')}`,
  ),
  ...auditNote,
  evidence: optional(where(text(0, 2000), filledIn)),
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

/** Reads the payload of the signal `notification`. */
export const readSignedNotification = read<SignedNotification>(
  object({
    body: text(1, 65_536),
    path: text(1, 2048),
    clientId: text(1, 256),
    requestTime: text(1, 64),
    signature: text(1, 4096),
    concerns: optional(
      where(text(1, 16), (which: string) =>
        ['this', 'another', 'unclear'].includes(which) ? undefined : 'must be this, another or unclear',
      ),
    ),
  }),
);

/** Every mistake in one sentence. */
export function sentenceOf(issues: readonly ValidationIssue[]): string {
  return issues.map(({ path, message }) => (path ? `${path} ${message}` : message)).join('; ');
}
