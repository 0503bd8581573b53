import type { Amount } from './money.js';

/**
 * What can help after a definite refusal, as the "further action" column of WorldFirst's pages sorts it: nothing
 * (`final`), an `operator`, or a corrected `configuration` (keys, client id, contract of the API).
 */
export type Help = 'final' | 'operator' | 'configuration';

/** What WorldFirst answered, word for word, and what its page advises for that code. */
export interface ResultInfo {
  code?: string;
  message?: string;
  /** The page's further action for this code, in our words. */
  advice?: string;
}

/** A definite refusal. `signed` is false for a gateway that cannot sign for a caller it cannot identify. */
export interface Refused extends ResultInfo {
  kind: 'refused';
  code: string;
  message: string;
  advice: string;
  help: Help;
  signed: boolean;
}

/** No trustworthy answer, or the answer "unknown" (U): the request may or may not have been carried out. */
export interface Unknown extends ResultInfo {
  kind: 'unknown';
  /** What happened, as a sentence. */
  reason: string;
}

/** WorldFirst's rate limit was exceeded. That is no answer, so the question is asked again later. */
export interface Throttled extends ResultInfo {
  kind: 'throttled';
  reason: string;
}

/** An answer whose ids, amount or currency differ from what was asked, or that lacks what it must hold. */
export interface Mismatch extends ResultInfo {
  kind: 'mismatch';
  /** Each difference as a sentence. */
  differences: string[];
}

/** An answer as an activity reports it. */
export type Reported<Answer> = Answer & {
  /** Set where the worker has no attention notifier: a refund that needs an operator then makes no call for it. */
  noNotifier?: true;
  /** Set beyond the activity's first attempt: Temporal ran the call again, so an earlier one may have reached WorldFirst. */
  attempt?: number;
};

/** The ids that WorldFirst gave, as far as they are known. */
export interface ProviderIds {
  refundId?: string;
  refundOrderId?: string;
  paymentOrderId?: string;
}

/** The possible answers to the query of the trade order. */
export type OrderAnswer =
  | ({ kind: 'found'; totalAmount: Amount; paymentOrderIds: string[] } & ResultInfo)
  | Refused
  | Mismatch
  | Throttled;

/** The possible answers to a refund request. */
export type SendAnswer =
  /** WorldFirst accepted the refund (S, validly signed). */
  | ({ kind: 'accepted'; ids: ProviderIds } & ResultInfo)
  | Refused
  /** Refused now, to be tried again later under the same id. */
  | ({ kind: 'tryLater' } & ResultInfo & { code: string })
  | Unknown
  /** The refund request id has another request already, whose outcome is not known here. */
  | ({ kind: 'idInUse' } & ResultInfo & { code: string })
  /** Proof that no connection was made, so nothing was sent. */
  | { kind: 'notSent'; reason: string }
  | Mismatch;

/** The possible answers to an inquiry about a refund that was sent. */
export type InquiryAnswer =
  /** The money was returned. */
  | ({ kind: 'settled'; ids: ProviderIds; refundStatus: string } & ResultInfo)
  /** The refund ended without returning the money. */
  | ({ kind: 'declined'; ids: ProviderIds; refundStatus: string } & ResultInfo)
  /** WorldFirst knows the refund, and it is not done yet. */
  | ({ kind: 'pending'; ids: ProviderIds; refundStatus: string } & ResultInfo)
  /** WorldFirst does not know the refund (yet). */
  | ({ kind: 'notFound' } & ResultInfo)
  /** The inquiry itself was refused because of the configuration. */
  | Refused
  | Mismatch
  | Unknown
  | Throttled;
