import type { ChildWorkflowOptions } from '@temporalio/workflow';
import type { ValidationIssue } from '../internal/check.js';
import { checkRequest } from '../rules/check-request.js';
import type { RefundRequest } from '../rules/request.js';
import { checkOptions, type RefundOptions } from '../rules/schedule.js';
import { HASHED_REFERENCE } from '../rules/search-attributes.js';
import { invalidRequest } from './start.js';
import { type RefundStart, startOptionsOf } from './start-options.js';

/** How a parent workflow starts one refund. */
export interface RefundChildOptions extends RefundOptions {
  /**
   * What the list shows in place of the reference, where your clients hide references:
   * `referenceHash({ keys })(tradeId)[0]` of `worldfirst-refunds/encryption`. Workflow code has no keys, so an activity or the
   * starter of the parent makes it. By default the list shows the reference.
   */
  hashedReference?: string | undefined;
}

/**
 * The options with which a workflow of your own starts a refund as its child.
 *
 * @example
 * ```ts
 * const outcome = await executeChild(refund, refundChildOptions(request));
 * ```
 *
 * The refund goes on whatever happens to its parent: money may be moving, and a call that is cut off leaves its result
 * unknown. The child runs on the task queue of its parent; for another one, add `taskQueue`.
 * @throws `InvalidRefundRequest`, not retryable, with every mistake. Nothing was started then.
 */
export function refundChildOptions(
  request: RefundRequest,
  { hashedReference, ...options }: RefundChildOptions = {},
): RefundStart & Pick<ChildWorkflowOptions, 'parentClosePolicy' | 'cancellationType'> {
  const issues = [...checkRequest(request), ...checkOptions(options), ...checkHashed(hashedReference)];
  if (issues.length > 0) throw invalidRequest(issues);
  return {
    ...startOptionsOf(request, options, hashedReference),
    // A parent that completes, fails, times out or is terminated does not stop the refund.
    parentClosePolicy: 'ABANDON',
    // A parent that is cancelled does not halt the refund until an operator decides. To stop it, signal `escalate`.
    cancellationType: 'ABANDON',
  };
}

function checkHashed(reference: string | undefined): ValidationIssue[] {
  if (reference === undefined || reference.startsWith(HASHED_REFERENCE)) return [];
  return [{ path: 'hashedReference', message: `must begin with "${HASHED_REFERENCE}"` }];
}
