import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure, type WorkflowFailedError } from '@temporalio/client';
import { expect, test } from 'vitest';
import type { WorldTradeRefundRequest } from '../../client/index.js';
import { toCarriedState } from '../../rules/carried-state.js';
import { newState } from '../../rules/state.js';
import { useRefunds } from '../support/environment.js';

const refunds = useRefunds();
let count = 0;

/** Starts a refund as the Web UI or Temporal's CLI would, and resolves to the failure with which it ended. */
async function byHand(args: unknown[], workflowId?: string): Promise<ApplicationFailure> {
  count += 1;
  const id = workflowId ?? `refund:by-hand-${process.pid}-${count}`;
  const handle = await refunds.client.workflow.start('refund', {
    workflowId: id,
    taskQueue: refunds.taskQueue,
    args,
  });
  refunds.started(id);
  const error = await handle.result().then(
    (outcome) => expect.fail(`it ended as ${JSON.stringify(outcome)}`),
    (failed: WorkflowFailedError) => failed.cause,
  );
  expect(error).toBeInstanceOf(ApplicationFailure);
  const failure = error as ApplicationFailure;
  expect(failure.type).toBe('InvalidRefundRequest');
  expect(failure.nonRetryable).toBe(true);
  const { history } = await handle.fetchHistory().then((history) => ({ history }));
  expect(history.events?.some((event) => event.activityTaskScheduledEventAttributes)).toBe(false);
  return failure;
}

const valid = (id: string) => ({ product: 'worldtrade', refundRequestId: id, tradeId: 'trade-valid' });
const ownId = () => `by-hand-${process.pid}-${count + 1}`;

test('a request with mistakes fails with the path of each mistake, and nothing is sent', async () => {
  const failure = await byHand([
    {
      product: 'worldtrade',
      refundRequestId: '',
      tradeId: 'x'.repeat(65),
      refundAmount: { currency: 'usd', value: 1.5 },
      remark: 7,
      payToId: 'of the other product',
    },
    { inquiryIntervals: ['5 minuts'], settlementIntervals: [], patience: true },
  ]);
  const [issues] = failure.details as [{ path: string; message: string }[]];
  expect(issues.map(({ path }) => path)).toEqual([
    'refundRequestId',
    'tradeId',
    'refundAmount.currency',
    'refundAmount.value',
    'remark',
    'payToId',
    'options.inquiryIntervals[0]',
    'options.settlementIntervals',
    'options.patience',
  ]);
  for (const { path, message } of issues) expect(failure.message).toContain(`${path} ${message}`);
});

test('a cashier request with mistakes fails with each mistake', async () => {
  const amount = { currency: 'USD', value: 0 };
  const failure = await byHand([
    {
      product: 'cashier',
      payToId: 'p',
      refundToDetails: [{ refundMethod: {}, refundToAmount: amount, refundAmount: amount }],
      refundReason: '',
      refundRequestTime: 'yesterday',
      refundOrder: [],
    },
  ]);
  const [issues] = failure.details as [{ path: string }[]];
  expect(issues.map(({ path }) => path)).toEqual([
    'refundRequestId',
    'refundToDetails[0].refundMethod.paymentMethodType',
    'refundToDetails[0].refundToAmount.value',
    'refundToDetails[0].refundAmount.value',
    'refundReason',
    'refundRequestTime',
    'refundOrder',
  ]);
});

test.for<[string, unknown[]]>([
  ['no input at all', []],
  ['null', [null]],
  ['a text', ['r-1']],
  ['a list', [[valid('r-1')]]],
  ['a number', [7]],
])('%s is no request', async ([, args]) => {
  const { message } = await byHand(args);
  expect(message).toContain('a refund request must be an object');
});

test.for<[string, unknown]>([
  ['an empty object', {}],
  ['an unknown product', { ...valid('r-1'), product: 'wallet' }],
])('%s: the product is missing', async ([, request]) => {
  const { message } = await byHand([request]);
  expect(message).toContain('product must be "worldtrade" or "cashier"');
});

test.for<[string, unknown]>([
  ['a text', 'fast'],
  ['a list', [['5m']]],
  ['more than seven inquiries', { inquiryIntervals: Array(8).fill('5m') }],
  ['a negative interval', { inquiryIntervals: ['-5m'] }],
  ['an interval without a unit', { inquiryIntervals: ['5'] }],
  ['an interval that never ends', { settlementIntervals: ['99999d'] }],
  ['an awaiting that is neither true nor false', { awaitClosureNotification: 'yes' }],
])('options that are not right (%s): nothing is sent', async ([, options]) => {
  const { message } = await byHand([valid(ownId()), options]);
  expect(message).toContain('options');
});

test('a workflow id that does not belong to the refund fails: it could send the refund a second time', async () => {
  const { message } = await byHand([valid('r-1')], `my-refund-${process.pid}`);
  expect(message).toContain(`the workflow's id must be "refund:r-1"`);
});

test('a valid refund that is started by hand runs like any other, and is in the list', async () => {
  const request = refunds.worldtrade();
  const workflowId = `refund:${request.refundRequestId}`;
  const handle = await refunds.client.workflow.start('refund', {
    workflowId,
    taskQueue: refunds.taskQueue,
    args: [request, null],
  });
  refunds.started(workflowId);
  expect(await handle.result()).toMatchObject({ status: 'succeeded' });
  const { searchAttributes } = await handle.describe();
  expect(searchAttributes).toMatchObject({
    RefundStatus: ['succeeded'],
    RefundProduct: ['worldtrade'],
    RefundReference: [request.tradeId],
  });
});

test('WorldFirst received no call for the invalid requests', () => {
  const ids = refunds.sandbox.journal.entries.map(({ reference, id }) => reference ?? id);
  expect(ids.filter((id) => id === 'trade-valid' || id === 'r-1')).toEqual([]);
});

test('a starter cannot pass the state of an earlier run', async () => {
  const request = valid(ownId()) as WorldTradeRefundRequest;
  const { version, state } = toCarriedState(newState(request, new Date()));
  const forged = { version, state: { ...state, step: 'send', submission: 'refused', generation: 2 } };
  const failure = await byHand([request, null, forged], `refund:${request.refundRequestId}`);
  expect(failure.message).toMatch(/^carried .*cannot be started with it$/);
});

test('a refund cannot run on a schedule: its next run would look like one that continues', async () => {
  const id = ownId();
  count += 1;
  const { client, taskQueue } = refunds;
  const workflowId = `refund:${id}`;
  const options = { workflowId, taskQueue, args: [valid(id)], cronSchedule: '@every 1s' };
  const { firstExecutionRunId } = await client.workflow.start('refund', options);
  const first = client.workflow.getHandle(workflowId, firstExecutionRunId);
  while ((await first.describe()).status.name === 'RUNNING') await sleep(50);
  await client.workflow.getHandle(workflowId).terminate('one run was enough');
  const { events } = await first.fetchHistory();
  const { failure } = events?.at(-1)?.workflowExecutionFailedEventAttributes ?? {};
  expect(failure?.applicationFailureInfo?.type).toBe('InvalidRefundRequest');
  expect(failure?.message).toMatch(/not on a schedule/);
});

test('the result of a workflow that failed at its start gives the reason', async () => {
  const id = ownId();
  await byHand([{ ...valid(id), tradeId: '' }], `refund:${id}`);
  await expect(refunds.refunds.result(id)).rejects.toThrow(
    /did not start a refund: tradeId must not be empty/,
  );
});
