import { DefaultLogger, Runtime } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { RefundClient } from 'worldfirst-refunds';
import { createTestEnvironment, type TestEnvironment } from 'worldfirst-refunds/testing';

/** The application's own code, which is to be tested. */
async function payBack(refunds: RefundClient, order: { number: string; tradeId: string }): Promise<string> {
  const { answer } = await refunds.startAndWait(
    { product: 'worldtrade', refundRequestId: `order-${order.number}`, tradeId: order.tradeId },
    { until: 'answer' },
  );
  return answer === 'accepted' ? 'Your money is on its way.' : 'We look into it, and come back to you.';
}

// Temporal's worker tells of all that it does, unless it is asked not to.
Runtime.install({ logger: new DefaultLogger('WARN'), shutdownSignals: [] });

const DAY = 24 * 60 * 60_000;
let env: TestEnvironment;

beforeAll(async () => {
  env = await createTestEnvironment();
}, 120_000);
// Every refund of the test must replay, and must have ended or be left open for a reason.
afterEach(() => env.check());
afterAll(() => env.stop());

test('the customer is told at once', async () => {
  expect(await payBack(env.refunds, { number: '1', tradeId: 'trade-1' })).toContain('on its way');
  expect(await env.refunds.result('order-1')).toMatchObject({ status: 'succeeded' });
});

test('WorldFirst’s answer is lost: the money moves once, and that is found out', async () => {
  const order = { number: '2', tradeId: 'trade-2-dropped-after' };
  expect(await payBack(env.refunds, order)).toContain('look into it');
  // The inquiry is due in five minutes; nobody waits for them here.
  await env.skipper.resume('refund:order-2');
  expect(await env.refunds.result('order-2')).toMatchObject({ status: 'succeeded', confirmedBy: 'inquiry' });
  expect(env.sandbox.journal.moved(order.tradeId)).toHaveLength(1);
});

test('a refused refund waits until a person has put it right', async () => {
  const order = { number: '3', tradeId: 'trade-3-refused-once-PROCESS_FAIL' };
  await payBack(env.refunds, order);
  await env.skipper.fastForward('refund:order-3', 3 * DAY);
  expect((await env.refunds.describe('order-3')).attention?.reason).toBe('refused-needs-person');
  await env.refunds.decide('order-3', {
    decision: 'send-again',
    by: 'Ana',
    reason: 'the balance is topped up',
  });
  expect(await env.refunds.result('order-3')).toMatchObject({ status: 'succeeded' });
});

test('a refund that nobody knows anything of is never given up', async () => {
  await payBack(env.refunds, { number: '4', tradeId: 'trade-4-nobody' });
  await env.skipper.resume('refund:order-4');
  const { attention } = await env.refunds.waitUntilIdle('order-4');
  expect(attention).toMatchObject({ reason: 'unknown-after-all-inquiries' });
  env.leaveOpen('refund:order-4', 'it waits for a person, for as long as it takes');
});
