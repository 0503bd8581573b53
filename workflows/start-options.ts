import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import { workflowIdOf } from '../rules/ids.js';
import type { RefundRequest } from '../rules/request.js';
import type { RefundOptions } from '../rules/schedule.js';
import { searchAttributesOf } from '../rules/search-attributes.js';
import { referenceOf, requestedAmount } from '../rules/state.js';

/** How every refund starts, whether a client or a parent workflow starts it. Call `checkRequest` and `checkOptions` first. */
export interface RefundStart {
  workflowId: string;
  args: [RefundRequest, RefundOptions];
  workflowIdReusePolicy: 'REJECT_DUPLICATE';
  typedSearchAttributes: SearchAttributePair[];
  memo?: { reference: string; amount?: string };
  staticSummary: string;
}

/** @param listedReference what the list shows in place of the reference, where references are hidden */
export function startOptionsOf(
  request: RefundRequest,
  options: RefundOptions,
  listedReference = referenceOf(request),
): RefundStart {
  const { RefundReference, RefundAmount, ...listed } = firstAttributes(request);
  const isHidden = listedReference !== RefundReference;
  return {
    workflowId: workflowIdOf(request.refundRequestId),
    // Only the options that were given: the list of default intervals would fill the first page of the Web UI.
    args: [request, options],
    // One id is one refund for as long as Temporal remembers it.
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    typedSearchAttributes: keywords({
      ...listed,
      RefundReference: listedReference,
      ...(!isHidden && { RefundAmount }),
    }),
    // Unlike search attributes, a memo is encrypted.
    ...(isHidden && { memo: { reference: RefundReference, ...(RefundAmount && { amount: RefundAmount }) } }),
    staticSummary: `${request.product} refund ${request.refundRequestId}`,
  };
}

/**
 * What a refund starts with, so that it is listed before a worker has seen it. The list changes only where a refund waits
 * or ends, and until then it must not say that nothing was sent: `unknown` is right at every moment.
 */
function firstAttributes(request: RefundRequest) {
  const amount = requestedAmount(request);
  const { RefundAttention, RefundNextCheckAt, ...known } = searchAttributesOf({
    status: 'unknown',
    product: request.product,
    reference: referenceOf(request),
    ...(amount && { amount }),
    inquiries: { done: 0, allowed: 0 },
  });
  return known;
}

function keywords(values: Record<string, string | null>): SearchAttributePair[] {
  return Object.entries(values).flatMap(([name, value]) =>
    value === null ? [] : [{ key: defineSearchAttributeKey(name, 'KEYWORD'), value }],
  );
}
