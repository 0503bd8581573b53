import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  ApplicationFailure,
  CancelledFailure,
  TerminatedFailure,
  WorkflowFailedError,
  type WorkflowHandle,
} from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { expect, test } from 'vitest';
import {
  RefundConflictError,
  type RefundRequest,
  type RefundView,
  workflowIdOf,
} from '../../client/index.js';
import { SEARCH_ATTRIBUTES } from '../../rules/search-attributes.js';
import { expectNoDoubleEffects, seenOf } from '../support/books.js';
import { useRefunds } from '../support/environment.js';
import type * as parents from './application/parents.js';

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
// The application's own bundle.
const workflowBundle = await bundleWorkflowCode({
  workflowsPath: file('./application/parents.ts'),
  workflowInterceptorModules: [file('../../workflows/reset-detection.ts')],
  logger: new DefaultLogger('ERROR'),
});
const refunds = useRefunds({ workflowBundle });
expectNoDoubleEffects(refunds);

type Parents = typeof parents;
type ParentName = 'waits' | 'completes' | 'continuesAsNew' | 'watches' | 'watchesTwo';

/** Starts a parent workflow; its refunds are replayed when the test ends. */
async function startParent<Name extends ParentName>(
  name: Name,
  ...args: Parameters<Parents[Name]>
): Promise<WorkflowHandle<Parents[Name]>> {
  const { client, taskQueue } = refunds;
  for (const { refundRequestId } of [args[0]].flat()) refunds.started(workflowIdOf(refundRequestId));
  const workflowId = `parent-${randomUUID()}`;
  return client.workflow.start<Parents[Name]>(name, { workflowId, taskQueue, args: args as never });
}

/** Waits until the refund's answer was lost: the next inquiry is due after five minutes. */
const untilUnknown = ({ refundRequestId }: RefundRequest) => untilThere(refundRequestId, 'unknown');

/** Waits for a refund that its parent may not have started yet. */
async function untilThere(id: string, status: RefundView['status']): Promise<void> {
  const handle = refunds.client.workflow.getHandle(workflowIdOf(id));
  while (!(await handle.describe().catch(() => undefined))) await sleep(50);
  await refunds.until(id, (view) => view.status === status);
}

/** The refund goes on: its next inquiry finds that the money moved, once. */
async function expectToGoOn(request: RefundRequest): Promise<void> {
  const id = request.refundRequestId;
  const view = await refunds.refunds.checkNow(id, { by: 'Ana', reason: 'the parent is gone' });
  expect(view.timeline.map(({ event }) => event)).not.toContain('cancel');
  expect(await refunds.refunds.result(id)).toMatchObject({ status: 'succeeded' });
  expect(seenOf(refunds, request)).toMatchObject({ sends: 1, moved: 1 });
}

async function resetToTask(handle: WorkflowHandle, which: 'first' | 'last'): Promise<void> {
  const { client } = refunds;
  const { runId } = await handle.describe();
  const { events } = await handle.fetchHistory();
  const tasks = (events ?? []).filter(({ workflowTaskCompletedEventAttributes: task }) => task);
  await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId: handle.workflowId, runId },
    reason: 'a test',
    workflowTaskFinishEventId: tasks.at(which === 'first' ? 0 : -1)?.eventId ?? null,
    requestId: randomUUID(),
  });
}

test.concurrent('a parent gets the outcome of its refund', async () => {
  const request = refunds.worldtrade();
  const parent = await startParent('waits', request);
  expect(await parent.result()).toMatchObject({ status: 'succeeded' });
  expect(seenOf(refunds, request)).toMatchObject({ sends: 1, moved: 1 });
});

test.concurrent('the parent is cancelled: it ends, and the refund goes on', async () => {
  const request = refunds.worldtrade('dropped-after');
  const parent = await startParent('waits', request);
  await untilUnknown(request);
  await parent.cancel();
  const failure: unknown = await parent.result().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(WorkflowFailedError);
  expect((failure as WorkflowFailedError).cause).toBeInstanceOf(CancelledFailure);
  await expectToGoOn(request);
});

test.concurrent('the parent completes without waiting: the refund goes on', async () => {
  const request = refunds.worldtrade('dropped-after');
  const parent = await startParent('completes', request);
  await parent.result();
  await untilUnknown(request);
  await expectToGoOn(request);
});

test.concurrent('the parent is terminated: the refund goes on', async () => {
  const request = refunds.worldtrade('dropped-after');
  const parent = await startParent('waits', request);
  await untilUnknown(request);
  await parent.terminate('a test');
  const failure: unknown = await parent.result().catch((error: unknown) => error);
  expect((failure as WorkflowFailedError).cause).toBeInstanceOf(TerminatedFailure);
  await expectToGoOn(request);
});

test.concurrent('the parent continues as new, and starts the refund again: it is there already, and goes on', async () => {
  const request = refunds.worldtrade('dropped-after');
  const parent = await startParent('continuesAsNew', request);
  expect(await parent.result()).toBe('the refund is there already');
  await untilUnknown(request);
  await expectToGoOn(request);
});

test.concurrent('the parent is reset to before its start of the refund: it is there already, and goes on', async () => {
  const request = refunds.worldtrade('dropped-after');
  const parent = await startParent('waits', request);
  await untilUnknown(request);
  await resetToTask(parent, 'first');
  const failure: unknown = await refunds.client.workflow.result(parent.workflowId).catch((error) => error);
  expect((failure as WorkflowFailedError).cause?.message).toBe('Workflow execution already started');
  await expectToGoOn(request);
});

test.concurrent('the parent is reset to after its start of the refund: it gets the outcome', async () => {
  const request = refunds.worldtrade('dropped-after');
  const parent = await startParent('waits', request);
  await untilUnknown(request);
  await resetToTask(parent, 'last');
  await expectToGoOn(request);
  expect(await refunds.client.workflow.result(parent.workflowId)).toMatchObject({ status: 'succeeded' });
});

test.concurrent('a parent learns that its refund needs an operator, and later gets the outcome', async () => {
  const request = refunds.cashier('nobody');
  const id = request.refundRequestId;
  const parent = await startParent('watches', request);
  await untilThere(id, 'unknown');
  await refunds.refunds.escalate(id, { by: 'Ana', reason: 'the customer called' });
  // The test's own time limit ends this.
  while ((await parent.query<string[], []>('seen')).length === 0) await sleep(50);
  const decision = { by: 'Ana', reason: 'support found none', evidence: 'case 4711' };
  await refunds.refunds.decide(id, { decision: 'mark-failed', ...decision });
  expect(await parent.result()).toEqual(['escalated', 'failed']);
});

test.concurrent('a parent of two refunds learns which of them needs an operator', async () => {
  const requests: [RefundRequest, RefundRequest] = [
    refunds.worldtrade(),
    refunds.worldtrade('refused-PROCESS_FAIL'),
  ];
  const parent = await startParent('watchesTwo', requests);
  expect(await parent.result()).toEqual(['succeeded', 'refused-needs-person']);
});

test.concurrent('a parent that has ended does not keep its refund from waiting for an operator', async () => {
  const request = refunds.worldtrade('refused-PROCESS_FAIL');
  const parent = await startParent('completes', request);
  await parent.result();
  await untilThere(request.refundRequestId, 'needs-attention');
  const decision = { by: 'Ana', reason: 'paid in cash', evidence: 'receipt 1' };
  await refunds.refunds.decide(request.refundRequestId, { decision: 'mark-failed', ...decision });
  expect(await refunds.refunds.result(request.refundRequestId)).toMatchObject({ status: 'failed' });
});

test.concurrent('a refund of a parent is in the list from its start, as one of a client is', async () => {
  const { client } = refunds;
  const [ofParent, ofClient] = [refunds.worldtrade(), refunds.worldtrade()];
  await (await startParent('waits', ofParent)).result();
  await refunds.begin(ofClient);
  const [child, started] = await Promise.all([ofParent, ofClient].map(startedEventOf));
  const replaced = JSON.stringify(started).replaceAll(ofClient.tradeId, ofParent.tradeId);
  expect(child).toEqual(JSON.parse(replaced.replaceAll(ofClient.refundRequestId, ofParent.refundRequestId)));

  async function startedEventOf({ refundRequestId }: RefundRequest) {
    const { events } = await client.workflow.getHandle(workflowIdOf(refundRequestId)).fetchHistory();
    const { searchAttributes, input } = events?.[0]?.workflowExecutionStartedEventAttributes ?? {};
    const { summary } = events?.[0]?.userMetadata ?? {};
    const textOf = (payload?: { data?: Uint8Array | null } | null) =>
      Buffer.from(payload?.data ?? []).toString();
    return {
      input: input?.payloads?.map(textOf),
      list: Object.keys(SEARCH_ATTRIBUTES).map((name) => textOf(searchAttributes?.indexedFields?.[name])),
      summary: textOf(summary),
    };
  }
});

test.concurrent('a client that starts the refund of a parent again finds it, and is refused with another content', async () => {
  const request = refunds.worldtrade();
  await (await startParent('waits', request)).result();
  expect(await refunds.refunds.start(request)).toMatchObject({ started: false });
  await expect(refunds.refunds.start({ ...request, tradeId: 'another' })).rejects.toThrow(
    RefundConflictError,
  );
});

test.concurrent('a hidden reference stays hidden', async () => {
  const request = refunds.worldtrade();
  const hashedReference = `hmac-sha256:${request.refundRequestId}`;
  await (await startParent('waits', request, { hashedReference })).result();
  const { memo, searchAttributes } = await refunds.client.workflow
    .getHandle(workflowIdOf(request.refundRequestId))
    .describe();
  expect(searchAttributes).toMatchObject({ RefundReference: [hashedReference], RefundStatus: ['succeeded'] });
  expect(memo).toMatchObject({ reference: request.tradeId });
});

test.concurrent.for([
  { what: 'request', request: { tradeId: '' }, options: {}, sentence: /tradeId/ },
  {
    what: 'option',
    request: {},
    options: { remindAfter: 'soon' as never },
    sentence: /options\.remindAfter/,
  },
  {
    what: 'hash',
    request: {},
    options: { hashedReference: 'plain' },
    sentence: /hashedReference must begin/,
  },
])('a mistake in the $what fails the parent, and starts nothing', async ({ request, options, sentence }) => {
  const whole = refunds.worldtrade('mistake', request);
  const { client, taskQueue } = refunds;
  const args = [whole, options] as [RefundRequest, object];
  const workflowId = `parent-${randomUUID()}`;
  const parent = await client.workflow.start<Parents['waits']>('waits', { workflowId, taskQueue, args });
  const failure: unknown = await parent.result().catch((error: unknown) => error);
  const { cause } = failure as WorkflowFailedError;
  expect(cause).toBeInstanceOf(ApplicationFailure);
  expect((cause as ApplicationFailure).type).toBe('InvalidRefundRequest');
  expect((cause as ApplicationFailure).message).toMatch(sentence);
  const child = client.workflow.getHandle(workflowIdOf(whole.refundRequestId));
  await expect(child.describe()).rejects.toThrow(/not found/);
});
