import { defineSearchAttributeKey } from '@temporalio/common';
import { upsertMemo, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { Decided } from '../rules/messages.js';
import { HASHED_REFERENCE, searchAttributesOf } from '../rules/search-attributes.js';
import type { RefundView } from '../rules/view.js';

/** Whether the start has put the refund into the list; a start by hand may not have. */
export function isListed(): boolean {
  return workflowInfo().typedSearchAttributes.get(STATUS) !== undefined;
}

/**
 * Shows the refund in the list of workflows. Each change of a search attribute is billed, so only those are made that change.
 * @param decided the operator's last decision
 */
export function showInList(view: RefundView, decided?: Decided): void {
  const { RefundReference, RefundAmount, RefundNextCheckAt, ...others } = searchAttributesOf(view);
  const { typedSearchAttributes: current, memo = {} } = workflowInfo();
  const isHidden = current.get(REFERENCE)?.startsWith(HASHED_REFERENCE) === true;
  // A workflow has no key to make the hash from the reference; the start has set it.
  const keywords = isHidden ? others : { ...others, RefundReference, RefundAmount };
  const updates = [
    ...Object.entries(keywords)
      .map(([name, value]) => ({ key: defineSearchAttributeKey(name, 'KEYWORD'), value }))
      .filter(({ key, value }) => (current.get(key) ?? null) !== value),
    ...[{ key: NEXT_CHECK_AT, value: RefundNextCheckAt ? new Date(RefundNextCheckAt) : null }].filter(
      ({ key, value }) => current.get(key)?.getTime() !== value?.getTime(),
    ),
    // The time of the change, and not of the decision: an audit export reads forward in time, and must not miss it.
    ...(isNewDecision(view, decided) ? [{ key: DECIDED_AT, value: new Date() }] : []),
  ];
  // The amount alone is not worth an Action: until something else changes too, the memo has it.
  if (updates.some(({ key }) => key.name !== AMOUNT.name)) upsertSearchAttributes(updates);
  const isAmountListed = workflowInfo().typedSearchAttributes.get(AMOUNT) === (RefundAmount ?? undefined);
  // A memo is not billed, but it cannot be searched for.
  const nextCheckAt = RefundNextCheckAt === null ? view.inquiries.nextAt : undefined;
  const amount = isAmountListed ? memo.amount : RefundAmount;
  if (memo.nextCheckAt !== nextCheckAt || memo.amount !== amount) upsertMemo({ nextCheckAt, amount });
}

/** A decision that ended the refund comes with its end. */
function isNewDecision({ outcome }: RefundView, decided: Decided | undefined): boolean {
  const listedAt = workflowInfo().typedSearchAttributes.get(DECIDED_AT);
  return decided !== undefined && !outcome && !(listedAt && listedAt >= new Date(decided.at));
}

/** Takes this run out of the list of refunds: the next run takes its place. */
export function removeFromList(view: RefundView): void {
  const { RefundNextCheckAt, ...keywords } = searchAttributesOf(view);
  upsertSearchAttributes([
    ...Object.keys(keywords).map((name) => ({ key: defineSearchAttributeKey(name, 'KEYWORD'), value: null })),
    { key: NEXT_CHECK_AT, value: null },
    { key: DECIDED_AT, value: null },
  ]);
}

const REFERENCE = defineSearchAttributeKey('RefundReference', 'KEYWORD');
const AMOUNT = defineSearchAttributeKey('RefundAmount', 'KEYWORD');
const STATUS = defineSearchAttributeKey('RefundStatus', 'KEYWORD');
const NEXT_CHECK_AT = defineSearchAttributeKey('RefundNextCheckAt', 'DATETIME');
const DECIDED_AT = defineSearchAttributeKey('RefundDecidedAt', 'DATETIME');
