import type { RefundRequest } from './request.js';
import type { RefundState } from './state.js';

/**
 * What one run of a refund hands to the next: all that is known of it, but the request, which travels beside it. A
 * refund makes it for itself; nobody else can start one with it.
 */
export interface CarriedState {
  version: number;
  state: Omit<RefundState, 'request'>;
}

// To be raised whenever a worker of an earlier release would misread the state.
const VERSION = 1;

/** What is handed to the next run. */
export function toCarriedState({ request, ...state }: RefundState): CarriedState {
  return { version: VERSION, state };
}

/**
 * The state that an earlier run left.
 * @throws where a worker of another release has to take it up
 */
export function fromCarriedState(request: RefundRequest, carried: CarriedState): RefundState {
  const { version, state } = carried;
  if (version !== VERSION) {
    throw new Error(
      `The refund was carried over by another release (version ${version} of its state, and this worker knows ${VERSION}). ` +
        'It goes on, with nothing lost, once a worker of that release runs.',
    );
  }
  return { ...state, request };
}

// Temporal takes no input beyond 2 MB and would fail the refund. A character may take 3 bytes, and a codec adds some.
const LARGEST_INPUT = 500_000;

/** Whether a next run can be handed so much. */
export function fitsWorkflowInput(...input: unknown[]): boolean {
  return JSON.stringify(input).length <= LARGEST_INPUT;
}
