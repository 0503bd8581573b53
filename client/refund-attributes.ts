import { defineSearchAttributeKey, type TypedSearchAttributes } from '@temporalio/common';
import type { RefundStatus } from '../rules/outcome.js';
import { SEARCH_ATTRIBUTES } from '../rules/search-attributes.js';

/** One search attribute of a refund, as text; undefined where it is not set. */
export function attributeOf(
  { typedSearchAttributes }: { typedSearchAttributes: TypedSearchAttributes },
  name: keyof typeof SEARCH_ATTRIBUTES,
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
