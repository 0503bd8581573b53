import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { type RefundClient, type RefundView, workflowIdOf } from 'worldfirst-refunds';
import type { TimeSkipper } from 'worldfirst-refunds/testing';
import type { DemoRefund } from './refunds.js';

// How long each wait is shown, however long it is by the refund's own clock.
const SHOWN_MS = 400;

/** Runs one refund of the demo in skipped time until it ends, or needs an operator and the demo has no decision. */
export async function follow(
  { request, decision }: DemoRefund,
  refunds: RefundClient,
  skipping: TimeSkipper,
  client: Client,
  show: (view: RefundView) => void,
): Promise<RefundView> {
  const { refundRequestId } = request;
  const workflowId = workflowIdOf(refundRequestId);
  await refunds.start(request);
  let undecided = decision;
  for (;;) {
    const view = await refunds.describe(refundRequestId);
    show(view);
    if (view.outcome || (view.attention && !decision)) return view;
    await sleep(SHOWN_MS);
    if (view.inquiries.nextAt) await skipping.pastNextTimer(workflowId);
    if (view.attention && undecided) {
      // An operator can send the same signal in the Web UI.
      await client.workflow.getHandle(workflowId).signal('decide', undecided);
      undecided = undefined;
    }
  }
}
