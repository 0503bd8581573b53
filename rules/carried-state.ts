import type { RefundRequest } from './request.js';
import type { RefundState } from './state.js';

/**
 * The state that one run of a refund passes to the next, without the request, which is an argument of its own. Only a
 * refund that continues as new has it; a refund cannot be started with it.
 */
export interface CarriedState {
  version: number;
  state: Omit<RefundState, 'request'>;
}

// To be raised whenever a worker of an earlier release would misread the state.
const VERSION = 1;

/** The state for the next run. */
export function toCarriedState({ request, ...state }: RefundState): CarriedState {
  return { version: VERSION, state };
}

/**
 * The state that an earlier run left.
 * @throws where only a worker of another release can read it
 */
export function fromCarriedState(request: RefundRequest, carried: CarriedState): RefundState {
  const { version, state } = carried;
  if (version !== VERSION) {
    throw new Error(
      `Another release wrote this refund’s state (version ${version}; this worker reads ${VERSION}). ` +
        'Nothing is lost: the refund continues when a worker of that release runs.',
    );
  }
  return { ...state, request };
}

// Temporal takes no input beyond 2 MB and would fail the refund. A character may take 3 bytes, and a codec adds some.
const LARGEST_INPUT = 500_000;

/** Whether the input of a next run is small enough. */
export function fitsWorkflowInput(...input: unknown[]): boolean {
  return JSON.stringify(input).length <= LARGEST_INPUT;
}
