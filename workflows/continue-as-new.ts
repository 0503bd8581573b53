import { makeContinueAsNewFunc, upsertMemo, workflowInfo } from '@temporalio/workflow';
import {
  type CarriedState,
  fitsWorkflowInput,
  fromCarriedState,
  toCarriedState,
} from '../rules/carried-state.js';
import type { RefundRequest } from '../rules/request.js';
import { newState, note, type RefundState } from '../rules/state.js';
import { viewOf } from '../rules/view.js';
import { removeFromList } from './listing.js';
import type { refund as refundWorkflow } from './refund.js';
import type { RefundRun } from './refund-run.js';

/** The state that a run begins with: that of a new refund, or what the run before has left. */
export function stateAtStart(request: RefundRequest, carried?: CarriedState | null): RefundState {
  const { startTime } = workflowInfo();
  const state = carried ? fromCarriedState(request, carried) : newState(request, startTime);
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
export function shouldContinueAsNew({ state, options }: RefundRun): boolean {
  return (
    workflowInfo().continueAsNewSuggested && fitsWorkflowInput(state.request, options, toCarriedState(state))
  );
}

/** Goes on in another run with all that is known. To be called only where nothing is under way. */
export function continueAsNewWithState({ state, options }: RefundRun): Promise<never> {
  const { typedSearchAttributes, memo } = workflowInfo();
  const attributes = typedSearchAttributes.getAll();
  removeFromList(viewOf(state));
  const goOn = makeContinueAsNewFunc<typeof refundWorkflow>({
    typedSearchAttributes: attributes,
    ...(memo && { memo }),
  });
  return goOn(state.request, options, toCarriedState(state));
}
