import { randomUUID } from 'node:crypto';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { RefundClient } from 'worldfirst-refunds';
import { createTestEnvironment, type TestEnvironment } from 'worldfirst-refunds/testing';

/** The application's own code, which this file tests. */
async function payBack(refunds: RefundClient, order: { number: string; tradeId: string }): Promise<string> {
  const { answer } = await refunds.startAndWait(
    { product: 'worldtrade', refundRequestId: order.number, tradeId: order.tradeId },
    { until: 'answer' },
  );
  return answer === 'accepted' ? 'Your money is on its way.' : 'We are checking your refund.';
}

// Without this line Temporal's worker logs every step.
Runtime.install({ logger: new DefaultLogger('WARN'), shutdownSignals: [] });

const DAY = 24 * 60 * 60_000;
let env: TestEnvironment;

// New ids in every run, so that the tests can also use a server that keeps old workflows.
const run = randomUUID().slice(0, 8);
let count = 0;

/** An order. The words in its trade id choose what WorldFirst does. */
function newOrder(words: string) {
  const number = `order-${run}-${++count}`;
  return { number, workflowId: `refund:${number}`, tradeId: `trade-${run}-${count}-${words}` };
}

beforeAll(async () => {
  env = await createTestEnvironment();
}, 120_000);
// Throws when a refund of the test does not replay, or is open without a reason.
afterEach(() => env.check());
afterAll(() => env.stop());

test('an accepted refund is reported to the customer immediately', async () => {
  const order = newOrder('accepted');
  expect(await payBack(env.refunds, order)).toContain('on its way');
  expect(await env.refunds.result(order.number)).toMatchObject({ status: 'succeeded' });
});

test('when WorldFirst’s answer is lost, the money moves once, and an inquiry confirms it', async () => {
  const order = newOrder('dropped-after');
  expect(await payBack(env.refunds, order)).toContain('checking');
  // The first inquiry is due after five minutes. The test skips the wait.
  await env.skipper.resume(order.workflowId);
  expect(await env.refunds.result(order.number)).toMatchObject({
    status: 'succeeded',
    confirmedBy: 'inquiry',
  });
  expect(env.sandbox.journal.moved(order.tradeId)).toHaveLength(1);
});

test('a refused refund waits for an operator, who fixes the cause and sends it again', async () => {
  const order = newOrder('refused-once-PROCESS_FAIL');
  await payBack(env.refunds, order);
  await env.skipper.fastForward(order.workflowId, 3 * DAY);
  expect((await env.refunds.describe(order.number)).attention?.reason).toBe('refused-needs-person');
  await env.refunds.decide(order.number, {
    decision: 'send-again',
    by: 'Ana',
    reason: 'the balance is topped up',
  });
  expect(await env.refunds.result(order.number)).toMatchObject({ status: 'succeeded' });
});

test('a refund whose result stays unknown waits for an operator', async () => {
  const order = newOrder('nobody');
  await payBack(env.refunds, order);
  await env.skipper.resume(order.workflowId);
  const { attention } = await env.refunds.waitUntilIdle(order.number);
  expect(attention).toMatchObject({ reason: 'unknown-after-all-inquiries' });
  env.leaveOpen(order.workflowId, 'it waits for an operator without a time limit');
});
