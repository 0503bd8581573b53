import { makeContinueAsNewFunc, upsertMemo, workflowInfo } from '@temporalio/workflow';
import { type CarriedOver, canBeHandedOver, carriedOver, takenUp } from '../rules/carried-over.js';
import type { RefundRequest } from '../rules/request.js';
import { newState, note, type RefundState } from '../rules/state.js';
import { viewOf } from '../rules/view.js';
import type { RefundCase } from './case.js';
import { removeFromList } from './listing.js';
import type { refund as refundWorkflow } from './refund.js';

/** The state that a run begins with: that of a new refund, or what the run before has left. */
export function stateAtStart(request: RefundRequest, carried?: CarriedOver | null): RefundState {
  const { startTime } = workflowInfo();
  const state = carried ? takenUp(request, carried) : newState(request, startTime);
  const [event, text] = carried
    ? (['continued', 'goes on in another run, for its history had become long'] as const)
    : (['started', `started: ${request.product} refund ${request.refundRequestId}`] as const);
  note(state, new Date().toISOString(), event, text);
  // The list shows when the refund started, and Temporal knows that of the run only. Written here, it is also what the first
  // task of the run leaves in the history: one that leaves nothing is replayed together with the next, in another order.
  if (carried) upsertMemo({ startedAt: state.startedAt });
  return state;
}

/** Whether the history has become so long that the refund is to go on in another run, before Temporal ends it. */
export function isLong({ state, options }: RefundCase): boolean {
  return workflowInfo().continueAsNewSuggested && canBeHandedOver(state.request, options, carriedOver(state));
}

/** Goes on in another run with all that is known. To be called only where nothing is under way. */
export function goOnInAnotherRun({ state, options }: RefundCase): Promise<never> {
  const { typedSearchAttributes, memo } = workflowInfo();
  const attributes = typedSearchAttributes.getAll();
  removeFromList(viewOf(state));
  const goOn = makeContinueAsNewFunc<typeof refundWorkflow>({
    typedSearchAttributes: attributes,
    ...(memo && { memo }),
  });
  return goOn(state.request, options, carriedOver(state));
}
