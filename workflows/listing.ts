import { defineSearchAttributeKey } from '@temporalio/common';
import { upsertMemo, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { HASHED_REFERENCE, searchAttributesOf } from '../rules/search-attributes.js';
import type { RefundView } from '../rules/view.js';

/** Whether the start has put the refund into the list; a start by hand may not have. */
export function isListed(): boolean {
  return workflowInfo().typedSearchAttributes.get(STATUS) !== undefined;
}

/** Shows the refund in the list of workflows. Each change of a search attribute is billed, so only those are made that change. */
export function showInList(view: RefundView): void {
  const { RefundNextCheckAt, ...keywords } = searchAttributesOf(view);
  const current = workflowInfo().typedSearchAttributes;
  const updates = [
    ...Object.entries(keywords)
      .map(([name, value]) => ({ key: defineSearchAttributeKey(name, 'KEYWORD'), value }))
      .filter(({ key, value }) => (current.get(key) ?? null) !== value)
      // The start has set it, and a workflow has no key to make it from the reference.
      .filter(({ key }) => !current.get(key)?.startsWith(HASHED_REFERENCE)),
    ...[{ key: NEXT_CHECK_AT, value: RefundNextCheckAt ? new Date(RefundNextCheckAt) : null }].filter(
      ({ key, value }) => current.get(key)?.getTime() !== value?.getTime(),
    ),
  ];
  if (updates.length > 0) upsertSearchAttributes(updates);
  // A memo is not billed, but it cannot be searched for.
  const nextCheckAt = RefundNextCheckAt === null ? view.inquiries.nextAt : undefined;
  if (workflowInfo().memo?.nextCheckAt !== nextCheckAt) upsertMemo({ nextCheckAt });
}

/** Takes this run out of the list of refunds: the next run takes its place. */
export function removeFromList(view: RefundView): void {
  const { RefundNextCheckAt, ...keywords } = searchAttributesOf(view);
  upsertSearchAttributes([
    ...Object.keys(keywords).map((name) => ({ key: defineSearchAttributeKey(name, 'KEYWORD'), value: null })),
    { key: NEXT_CHECK_AT, value: null },
  ]);
}

const STATUS = defineSearchAttributeKey('RefundStatus', 'KEYWORD');
const NEXT_CHECK_AT = defineSearchAttributeKey('RefundNextCheckAt', 'DATETIME');
