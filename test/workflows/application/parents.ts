// Workflows of an application's own that refund.
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { continueAsNew, defineQuery, executeChild, setHandler, startChild } from '@temporalio/workflow';
import {
  type RefundChildOptions,
  type RefundOutcome,
  type RefundRequest,
  refund,
  refundChildOptions,
  waitUntilIdle,
} from '../../../workflows/index.js';

export * from '../../../workflows/index.js';

export async function waits(request: RefundRequest, options?: RefundChildOptions): Promise<RefundOutcome> {
  return executeChild(refund, refundChildOptions(request, options));
}

export async function completes(request: RefundRequest): Promise<void> {
  await startChild(refund, refundChildOptions(request));
}

/** Starts the refund in each of its two runs. */
export async function continuesAsNew(request: RefundRequest, isSecondRun = false): Promise<string> {
  try {
    await startChild(refund, refundChildOptions(request));
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return 'the refund is there already';
    throw error;
  }
  return isSecondRun ? 'started twice' : continueAsNew<typeof continuesAsNew>(request, true);
}

export const seenQuery = defineQuery<string[]>('seen');

/** Notes each time at which the refund is idle, until it has ended. */
export async function watches(request: RefundRequest): Promise<string[]> {
  const seen: string[] = [];
  setHandler(seenQuery, () => seen);
  const child = await startChild(refund, refundChildOptions(request));
  for (;;) {
    const { outcome, attention } = await waitUntilIdle(child);
    seen.push(outcome ? outcome.status : attention.reason);
    if (outcome) return seen;
  }
}

/** Where each of two refunds is idle for the first time. */
export async function watchesTwo(requests: [RefundRequest, RefundRequest]): Promise<string[]> {
  return Promise.all(
    requests.map(async (request) => {
      const child = await startChild(refund, refundChildOptions(request));
      const { outcome, attention } = await waitUntilIdle(child);
      return outcome ? outcome.status : attention.reason;
    }),
  );
}
