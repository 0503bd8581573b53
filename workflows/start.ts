import { ApplicationFailure, upsertMemo, workflowInfo } from '@temporalio/workflow';
import type { ValidationIssue } from '../internal/check.js';
import { type CarriedState, fromCarriedState } from '../rules/carried-state.js';
import { assumeSent } from '../rules/changes.js';
import { checkRequest } from '../rules/check-request.js';
import { workflowIdOf } from '../rules/ids.js';
import { sentenceOf } from '../rules/messages.js';
import type { RefundRequest } from '../rules/request.js';
import { checkOptions, type RefundOptions } from '../rules/schedule.js';
import { newState, note, type RefundState } from '../rules/state.js';
import { now } from './clock.js';

/**
 * Fails the workflow where it must not start. Nothing was sent then.
 * @throws `InvalidRefundRequest`, not retryable, with every mistake
 */
export function validateStart(request: unknown, options: unknown, carried: unknown): void {
  const issues = issuesOfStart(request, options, carried);
  if (issues.length === 0) return;
  throw invalidRequest(issues);
}

/** The failure of a workflow that starts no refund. */
export function invalidRequest(issues: ValidationIssue[]): ApplicationFailure {
  // A failure has to fit into the history.
  const named = issues.slice(0, 100);
  return ApplicationFailure.nonRetryable(sentenceOf(named), 'InvalidRefundRequest', named);
}

function issuesOfStart(request: unknown, options: unknown, carried: unknown): ValidationIssue[] {
  const { workflowId, continuedFromExecutionRunId, cronSchedule } = workflowInfo();
  if (cronSchedule) return [{ path: '', message: 'a refund runs once, and not on a schedule' }];
  if (carried) {
    // Only Temporal sets this, so a starter cannot give a refund a past that it never had.
    if (continuedFromExecutionRunId === undefined) {
      const message = 'comes from an earlier run of the same refund; a refund cannot be started with it';
      return [{ path: 'carried', message }];
    }
    // The request was valid when it began. Money may be moving, so the rules of a later release do not end it.
    return [];
  }
  const issues = [...checkRequest(request), ...checkOptions(options)];
  if (issues.length > 0) return issues;
  const expected = workflowIdOf((request as RefundRequest).refundRequestId);
  // Two workflows for one refund would not know of each other.
  return workflowId === expected ? [] : [{ path: '', message: `the workflow's id must be "${expected}"` }];
}

/** The state at the start of a run: a new refund, one that was sent before, or the state of the run before. */
export function stateAtStart(
  request: RefundRequest,
  options?: RefundOptions,
  carried?: CarriedState,
): RefundState {
  if (carried) {
    const state = fromCarriedState(request, carried);
    note(state, now(), 'continued', 'the same refund continues in a new run: the history was long');
    // The list shows when the refund started, and Temporal knows the start of the run only. It is also what the first task
    // leaves in the history: a task that leaves nothing is replayed together with the next one, in another order.
    upsertMemo({ startedAt: state.startedAt });
    return state;
  }
  const { alreadySent } = options ?? {};
  const earlier = typeof alreadySent === 'object' ? alreadySent : undefined;
  const startedAt = earlier ? new Date(earlier.startedAt) : workflowInfo().startTime;
  const state = newState(request, startedAt);
  note(state, now(), 'started', `started: ${request.product} refund ${request.refundRequestId}`);
  if (alreadySent) {
    state.generation = earlier?.generation ?? 1;
    // Another system may have used ids as this one makes them.
    if (!earlier) state.nextIdUnknown = true;
    const by = earlier ? 'an earlier workflow of this refund' : 'another system or an earlier workflow';
    assumeSent(state, now(), 'already-sent', `${by} may have sent the refund`);
  }
  return state;
}
