import type { InquiryAnswer, ProviderIds } from '../rules/answer.js';
import { findRefund, type Inquiry } from '../rules/integrity.js';
import type { ApiAnswer } from '../worldfirst/classify-response.js';
import type { InquireRefundAnswer } from '../worldfirst/schemas.js';
import {
  failureInfoOf,
  mismatch,
  refused,
  resultInfoOf,
  throttled,
  unknown,
  unreadable,
} from './answer-parts.js';
import { askAgain } from './failures.js';

/** Only `SUCCESS` is attested; the others are the custom of the API's family. Whatever is not here is not done yet. */
const END_OF: Readonly<Record<string, 'settled' | 'declined'>> = {
  SUCCESS: 'settled',
  FAIL: 'declined',
  FAILED: 'declined',
  CANCELLED: 'declined',
  CLOSED: 'declined',
};

/**
 * What WorldFirst said about a refund that was sent.
 * @throws a retryable failure when no connection was made: nothing was asked, so asking again is no further inquiry
 */
export function inquiryAnswer(inquiry: Inquiry, answer: ApiAnswer<InquireRefundAnswer>): InquiryAnswer {
  switch (answer.kind) {
    case 'success':
      return listed(inquiry, answer);
    case 'unreadable':
      return unreadable(answer);
    case 'failure':
      if (answer.code === 'REFUND_ORDER_NOT_EXIST') return { kind: 'notFound', ...failureInfoOf(answer) };
      if (answer.meaning.kind === 'configuration') return refused(answer, 'configuration');
      // The result of an inquiry says whether the inquiry worked, and nothing about the refund.
      return unknown({
        reason: `WorldFirst refused the inquiry (${answer.code}).`,
        ...failureInfoOf(answer),
      });
    case 'unknown':
      return answer.throttled ? throttled(answer) : unknown(answer);
    case 'notSent':
      throw askAgain(`the refund ${inquiry.refundRequestId}`, answer.reason);
  }
}

function listed(
  inquiry: Inquiry,
  answer: Extract<ApiAnswer<InquireRefundAnswer>, { kind: 'success' }>,
): InquiryAnswer {
  const words = resultInfoOf(answer);
  const found = findRefund(inquiry, answer.body.refundInformation ?? []);
  if (found.kind === 'notFound') return { kind: 'notFound', ...words };
  if (found.kind === 'mismatch') return mismatch(answer, found.differences);
  const { refundStatus = '', refundId } = found.entry;
  const kind = endOf(refundStatus);
  const ids: ProviderIds = { ...(refundId !== undefined && { refundId }) };
  return { kind, ids, refundStatus, ...words };
}

/** What a `refundStatus` of WorldFirst means. */
export function endOf(refundStatus: string): 'settled' | 'declined' | 'pending' {
  return (Object.hasOwn(END_OF, refundStatus) && END_OF[refundStatus]) || 'pending';
}
