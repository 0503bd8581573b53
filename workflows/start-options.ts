import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import { workflowIdOf } from '../rules/ids.js';
import type { RefundRequest } from '../rules/request.js';
import { type RefundOptions, withDefaults } from '../rules/schedule.js';
import { searchAttributesOf } from '../rules/search-attributes.js';
import { referenceOf } from '../rules/state.js';

/** How every refund starts, whether a client or a parent workflow starts it. Call `checkRequest` and `checkOptions` first. */
export interface RefundStart {
  workflowId: string;
  args: [RefundRequest, RefundOptions];
  workflowIdReusePolicy: 'REJECT_DUPLICATE';
  typedSearchAttributes: SearchAttributePair[];
  memo?: { reference: string };
  staticSummary: string;
}

/** @param listedReference what the list shows in place of the reference, where references are hidden */
export function startOptionsOf(
  request: RefundRequest,
  options: RefundOptions,
  listedReference = referenceOf(request),
): RefundStart {
  const reference = referenceOf(request);
  return {
    workflowId: workflowIdOf(request.refundRequestId),
    args: [request, withDefaults(options)],
    // One id is one refund for as long as Temporal remembers it.
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    typedSearchAttributes: firstAttributes(request, listedReference),
    ...(listedReference !== reference && { memo: { reference } }),
    staticSummary: `${request.product} refund ${request.refundRequestId}`,
  };
}

/**
 * What a refund starts with, so that it is listed before a worker has seen it. The list changes only where a refund waits
 * or ends, and until then it must not say that nothing was sent: `unknown` is right at every moment.
 */
function firstAttributes({ product }: RefundRequest, reference: string): SearchAttributePair[] {
  const { RefundStatus, RefundProduct, RefundReference } = searchAttributesOf({
    status: 'unknown',
    product,
    reference,
    inquiries: { done: 0, allowed: 0 },
  });
  return Object.entries({ RefundStatus, RefundProduct, RefundReference }).map(([name, value]) => ({
    key: defineSearchAttributeKey(name, 'KEYWORD'),
    value,
  }));
}
