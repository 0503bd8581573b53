import { makeContinueAsNewFunc, workflowInfo } from '@temporalio/workflow';
import { fitsWorkflowInput, toCarriedState } from '../rules/carried-state.js';
import type { RefundOptions } from '../rules/schedule.js';
import type { RefundState } from '../rules/state.js';
import { viewOf } from '../rules/view.js';
import type { RefundWorkflow } from './definitions.js';
import { removeFromList } from './listing.js';

/** Whether the history has become so long that the refund has to continue as new, before Temporal terminates it. */
export class HistoryLength {
  readonly #state: RefundState;
  readonly #options: RefundOptions | undefined;
  #isLong = false;
  #measuredAt = -1;

  constructor(state: RefundState, options?: RefundOptions) {
    this.#state = state;
    this.#options = options;
  }

  get isLong(): boolean {
    return this.#isLong;
  }

  /** Once for each workflow task is enough: it costs, and a flood brings hundreds of messages in one task. */
  measure(): void {
    const { historyLength, continueAsNewSuggested } = workflowInfo();
    if (historyLength === this.#measuredAt) return;
    this.#measuredAt = historyLength;
    this.#isLong =
      continueAsNewSuggested &&
      fitsWorkflowInput(this.#state.request, this.#options, toCarriedState(this.#state));
  }
}

/** Continues as new with all that is known. To be called only where no call is under way. */
export function continueAsNewWithState(state: RefundState, options?: RefundOptions): Promise<never> {
  const { typedSearchAttributes, memo } = workflowInfo();
  const attributes = typedSearchAttributes.getAll();
  removeFromList(viewOf(state));
  const continueAsNew = makeContinueAsNewFunc<RefundWorkflow>({
    typedSearchAttributes: attributes,
    ...(memo && { memo }),
  });
  return continueAsNew(state.request, options, toCarriedState(state));
}
