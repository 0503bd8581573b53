import {
  type Check,
  type Infer,
  identifier,
  isObject,
  issuesOf,
  narrow,
  object,
  optional,
  text,
  type ValidationIssue,
  where,
} from '../internal/check.js';
import { DECISIONS, type DecisionName } from './decision.js';

// Placeholders of earlier examples: pasted unchanged, they would close a refund without a real name.
const PLACEHOLDERS = ['your name', 'why', 'what shows it'];

const isPlaceholder = (text: string) => PLACEHOLDERS.includes(text.trim().toLowerCase());

const filledIn = (text: string) =>
  isPlaceholder(text) ? `is the placeholder "${text.trim()}"; replace it` : undefined;

const note = {
  by: where(identifier(1, 200), filledIn),
  reason: where(text(1, 2000), (reason) => (reason.trim() === '' ? 'must not be blank' : filledIn(reason))),
};

const auditNote = object(note);

const decision = object({
  decision: narrow(
    text(1, 64),
    (name): name is DecisionName => Object.hasOwn(DECISIONS, name),
    `must be one of ${Object.keys(DECISIONS).join(', ')}`,
  ),
  ...note,
  /** Proof, such as WorldFirst's answer: required for `mark-succeeded` and `mark-failed`. */
  evidence: optional(where(text(0, 2000), filledIn)),
});

const orderRequestId = text(0, 256);

const closureNotification = object({
  /** The request id of createTradeOrder, not of the refund. */
  requestId: optional(orderRequestId),
  tradeId: identifier(1, 64),
  isRefund: narrow(text(1, 1), (flag) => flag === 'Y' || flag === 'N', 'must be "Y" or "N"'),
});

const signedNotification = object({
  /** The raw body, character for character. */
  body: text(1, 65_536),
  /** The path of the URL that WorldFirst knows. */
  path: text(1, 2048),
  /** The headers of the same names. */
  clientId: text(1, 256),
  requestTime: text(1, 64),
  signature: text(1, 4096),
  /** Which of the order's refunds it is about, as far as its receiver knows; `this` by default. */
  concerns: optional(
    narrow(
      text(1, 16),
      (which) => which === 'this' || which === 'another' || which === 'unclear',
      'must be "this", "another" or "unclear"',
    ),
  ),
});

/** The person or program behind a message, and the reason for it. */
export interface AuditNote extends Infer<typeof auditNote> {}

/** An operator's decision. */
export interface Decision extends Infer<typeof decision> {}

/** A decision that was applied, and when. */
export type Decided = Decision & { at: string };

/** The content of WorldTrade's notification that an order was closed. */
export interface ClosureNotification extends Infer<typeof closureNotification> {}

/** A closure notification as WorldFirst signed it, so that its receiver can verify it. */
export interface SignedNotification extends Infer<typeof signedNotification> {}

/** A message as it was read, or every mistake in it. */
export type Read<Message> = { ok: true; message: Message } | { ok: false; issues: ValidationIssue[] };

const read =
  <Message>(check: Check<Message>) =>
  (value: unknown): Read<Message> => {
    const issues = issuesOf(check, value);
    return issues.length > 0 ? { ok: false, issues } : { ok: true, message: value as Message };
  };

/** Reads the payload of `escalate` and `checkNow`. */
export const readAuditNote = read<AuditNote>(auditNote);

/** Reads the payload of `decide`. */
export const readDecision = read<Decision>(decision);

/**
 * Reads the payload of `notification`. It may be the only confirmation of a refund, so only the two fields that say what
 * happened can make it unreadable: what else WorldFirst wrote is left out where it is not understood.
 */
export function readNotification(value: unknown): Read<ClosureNotification> {
  if (!isObject(value)) return { ok: false, issues: [{ path: '', message: 'must be an object' }] };
  const { requestId: given, tradeId, isRefund } = value;
  const requestId = Number.isSafeInteger(given) ? String(given) : given;
  // Stryker disable next-line ArrayDeclaration: only whether there is a mistake counts, not its path.
  const isUnderstood = orderRequestId(requestId, []).length === 0;
  return read<ClosureNotification>(closureNotification)({
    ...(isUnderstood && { requestId }),
    tradeId,
    isRefund,
  });
}

/** Reads the payload of the signal `notification`. */
export const readSignedNotification = read<SignedNotification>(signedNotification);

/** Every mistake in one sentence. */
export function sentenceOf(issues: readonly ValidationIssue[]): string {
  return issues.map(({ path, message }) => (path ? `${path} ${message}` : message)).join('; ');
}
