import type { Amount } from './money.js';

/**
 * Who can help after a definite refusal, as the "further action" column of WorldFirst's pages sorts it:
 * nobody (`final`), a `person`, or whoever runs the set-up (`setup`: keys, client id, contract of the API).
 */
export type Help = 'final' | 'operator' | 'configuration';

/** What WorldFirst said, word for word, and what its page advises for that code. */
export interface ResultInfo {
  code?: string;
  message?: string;
  /** The page's further action for this code, in our words. */
  advice?: string;
}

/** WorldFirst's definite no. `signed` is false for a gateway that cannot sign for a caller it cannot identify. */
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
  /** What happened, as a sentence for a person. */
  reason: string;
}

/** WorldFirst has too many calls to answer this question now. That is no answer, so it is asked again, later. */
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

/**
 * An answer as an activity reports it. `tellsNobody`: the worker has no notifier, so that a refund which needs a person now
 * need not look for one.
 */
export type Reported<Answer> = Answer & { noNotifier?: true };

/** The ids that WorldFirst gave, as far as they are known. */
export interface ProviderIds {
  refundId?: string;
  refundOrderId?: string;
  paymentOrderId?: string;
}

/** What the query of the trade order can tell. */
export type OrderAnswer =
  | ({ kind: 'found'; totalAmount: Amount; paymentOrderIds: string[] } & ResultInfo)
  | Refused
  | Mismatch
  | Throttled;

/** What the sending of a refund can tell. */
export type SendAnswer =
  /** WorldFirst took the refund (S, validly signed). */
  | ({ kind: 'accepted'; ids: ProviderIds } & ResultInfo)
  | Refused
  /** Refused now, to be tried again later under the same id. */
  | ({ kind: 'tryLater' } & ResultInfo & { code: string })
  | Unknown
  /** Proof that no connection was made, so nothing was sent. */
  | { kind: 'notSent'; reason: string }
  | Mismatch;

/** What an inquiry can tell about a refund that was sent. */
export type InquiryAnswer =
  /** The money was returned. */
  | ({ kind: 'settled'; ids: ProviderIds; refundStatus: string } & ResultInfo)
  /** The refund ended without returning the money. */
  | ({ kind: 'declined'; ids: ProviderIds; refundStatus: string } & ResultInfo)
  /** WorldFirst knows the refund, and it is not done yet. */
  | ({ kind: 'pending'; ids: ProviderIds; refundStatus: string } & ResultInfo)
  /** WorldFirst does not know the refund (yet). */
  | ({ kind: 'notFound' } & ResultInfo)
  /** The inquiry itself was refused because of our set-up. */
  | Refused
  | Mismatch
  | Unknown
  | Throttled;
