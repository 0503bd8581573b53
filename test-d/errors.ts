import type * as root from 'worldfirst-refunds';
import {
  type AnyRefundError,
  type DecisionRefusal,
  isRefundError,
  type RefundErrorCode,
  type ValidationIssue,
} from 'worldfirst-refunds';
import { type Equal, expect } from './expect.js';

type ErrorOf<Export> = Export extends abstract new (
  ...args: never
) => infer Instance
  ? Instance extends root.RefundError
    ? Instance
    : never
  : never;
type Classes = {
  [Name in Exclude<keyof typeof root, 'RefundError'>]: ErrorOf<(typeof root)[Name]>;
}[Exclude<keyof typeof root, 'RefundError'>];

// Every class is in the union, and every code has a class.
expect<Equal<Classes, AnyRefundError>>();
expect<Equal<AnyRefundError['code'], RefundErrorCode>>();

export function explain(error: unknown): string {
  if (!isRefundError(error)) throw error;
  switch (error.code) {
    case 'INVALID_REQUEST':
      expect<Equal<typeof error.issues, readonly ValidationIssue[]>>();
      return error.message;
    case 'ANOTHER_REFUND':
      return `${error.otherRefundRequestId} instead of ${error.refundRequestId}`;
    case 'DECISION_REFUSED':
      expect<Equal<typeof error.refusal, DecisionRefusal>>();
      return error.refundRequestId;
    case 'NO_WORKER':
      expect<Equal<typeof error.taskQueue, string | undefined>>();
      return error.refundRequestId;
    case 'REFUND_CONFLICT':
    case 'REFUND_NOT_FOUND':
    case 'REFUND_NOT_RUN':
    case 'REFUND_STOPPED':
    case 'REFUND_PAUSED':
    case 'REFUND_ENDED':
    case 'CHECK_REFUSED':
      return error.refundRequestId;
    case 'MISSING_SEARCH_ATTRIBUTES':
    case 'TEMPORAL_BUSY':
    case 'TEMPORAL_REFUSED':
    case 'TEMPORAL_UNREACHABLE':
    case 'PAYLOAD_NOT_READABLE':
    case 'CODEC_FAILED':
      // @ts-expect-error: these errors are about the connection or the namespace, and not about one refund.
      return error.refundRequestId;
    default:
      expect<Equal<typeof error, never>>();
      return error;
  }
}
