import {
  defineSearchAttributeKey,
  type SearchAttributePair,
  type TypedSearchAttributes,
} from '@temporalio/common';
import type { RefundStatus } from '../rules/outcome.js';
import type { RefundRequest } from '../rules/request.js';
import {
  type RefundSearchAttributes,
  SEARCH_ATTRIBUTES,
  searchAttributesOf,
} from '../rules/search-attributes.js';
import { referenceOf } from '../rules/state.js';
import type { ReferenceHash } from './reference-hash.js';

/**
 * What a refund starts with, so that it is listed before a worker has seen it. The list changes only where a refund waits
 * or ends, and until then it must not say that nothing was sent: `unknown` is right at every moment.
 */
export function firstAttributes(request: RefundRequest, referenceHash: ReferenceHash): SearchAttributePair[] {
  const { RefundStatus, RefundProduct, RefundReference } = searchAttributesOf({
    status: 'unknown',
    product: request.product,
    reference: referenceHash(referenceOf(request))[0],
    inquiries: { done: 0, allowed: 0 },
  });
  return Object.entries({ RefundStatus, RefundProduct, RefundReference }).map(([name, value]) => ({
    key: defineSearchAttributeKey(name, 'KEYWORD'),
    value,
  }));
}

/** One search attribute of a refund, as text; undefined where it is not set. */
export function attributeOf(
  { typedSearchAttributes }: { typedSearchAttributes: TypedSearchAttributes },
  name: keyof RefundSearchAttributes,
): string | undefined {
  const type = SEARCH_ATTRIBUTES[name];
  if (type === 'Keyword')
    return typedSearchAttributes.get(defineSearchAttributeKey(name, 'KEYWORD')) ?? undefined;
  return typedSearchAttributes.get(defineSearchAttributeKey(name, 'DATETIME'))?.toISOString();
}

/** The status that the list shows. */
export function statusOf(execution: {
  typedSearchAttributes: TypedSearchAttributes;
}): RefundStatus | undefined {
  return attributeOf(execution, 'RefundStatus') as RefundStatus | undefined;
}
