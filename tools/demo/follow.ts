import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { type RefundClient, type RefundView, workflowIdOf } from 'worldfirst-refunds';
import type { TimeSkipper } from 'worldfirst-refunds/testing';
import type { DemoRefund } from './refunds.js';

// How long people see each wait, whatever it is by the refund's own clock.
const GLIMPSE_MS = 400;

/** Runs one refund of the demo in skipped time until it ends, or waits for a person who decides nothing. */
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
    await sleep(GLIMPSE_MS);
    if (view.inquiries.nextAt) await skipping.pastNextTimer(workflowId);
    if (view.attention && undecided) {
      // A person would type this into the Web UI's signal dialog.
      await client.workflow.getHandle(workflowId).signal('decide', undecided);
      undecided = undefined;
    }
  }
}
