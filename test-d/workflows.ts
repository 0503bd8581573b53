import type { Client } from '@temporalio/client';
import { executeChild, startChild } from '@temporalio/workflow';
import type { AttentionView, RefundOutcome, RefundRequest, RefundView } from 'worldfirst-refunds';
import {
  checkNowUpdate,
  decideUpdate,
  escalateSignal,
  refund,
  refundChildOptions,
  refundQuery,
  waitUntilIdle,
  workflowIdOf,
} from 'worldfirst-refunds/workflows';
import { type Equal, expect } from './expect.js';

export async function parent(request: RefundRequest): Promise<void> {
  const outcome = await executeChild(refund, refundChildOptions(request, { remindAfter: '2h' }));
  expect<Equal<typeof outcome, RefundOutcome>>();
  const child = await startChild(refund, { ...refundChildOptions(request), taskQueue: 'worldfirst-refunds' });
  const idle = await waitUntilIdle(child);
  if (idle.outcome) expect<Equal<typeof idle.outcome, RefundOutcome>>();
  else expect<Equal<typeof idle.attention, AttentionView>>();
  // @ts-expect-error: not an interval.
  refundChildOptions(request, { remindAfter: 'soon' });
}

export async function plainClient(client: Client): Promise<void> {
  const handle = client.workflow.getHandle<typeof refund>(workflowIdOf('r-1'));
  const note = { by: 'Ana', reason: 'support called' };
  const view = await handle.executeUpdate(decideUpdate, { args: [{ ...note, decision: 'inquire-again' }] });
  expect<Equal<typeof view, RefundView>>();
  // @ts-expect-error: there is no such decision.
  await handle.executeUpdate(decideUpdate, { args: [{ ...note, decision: 'pay-again' }] });
  await handle.executeUpdate(checkNowUpdate, { args: [note] });
  await handle.signal(escalateSignal, note);
  // @ts-expect-error: a message says who sent it and why.
  await handle.signal(escalateSignal, { by: 'Ana' });
  expect<Equal<Awaited<ReturnType<typeof handle.result>>, RefundOutcome>>();
  const shown = await handle.query(refundQuery);
  expect<Equal<typeof shown, RefundView>>();
}
