import { expect, test } from 'vitest';
import type { RefundFilter, RefundSummary } from '../../client/index.js';
import { expectNoDoubleEffects } from '../support/books.js';
import { eventsOf, rests, usePatientRefunds } from '../support/patient.js';
import { resetWorkflow } from '../support/reset.js';

const refunds = usePatientRefunds();
expectNoDoubleEffects(refunds);

const NOTE = { by: 'Ana', reason: 'a test' };
// The list lags behind the refunds.
const PATIENTLY = { timeout: 30_000 };

async function listed(filter: RefundFilter): Promise<RefundSummary[]> {
  const found: RefundSummary[] = [];
  for await (const each of refunds.refunds.list(filter)) found.push(each);
  return found;
}

const statusesOf = async (filter: RefundFilter) => (await listed(filter)).map(({ status }) => status);

test.concurrent('a refund that failed and was reset is listed once, as it is after the reset', async ({
  expect,
}) => {
  const request = refunds.worldtrade('refused-REFUND_PERIOD_EXPIRED');
  const { tradeId: reference, refundRequestId: id } = request;
  await refunds.run(request);
  await expect.poll(() => statusesOf({ reference, status: 'failed' }), PATIENTLY).toEqual(['failed']);
  await resetWorkflow(refunds, request, 'first task');
  await refunds.until(id, (view) => eventsOf(view).includes('reset') && rests(view));
  await expect.poll(() => statusesOf({ reference }), PATIENTLY).toEqual(['needs-attention']);
  expect(await statusesOf({ reference, status: 'failed' })).toEqual([]);
  expect((await refunds.refunds.findByReference(reference)).map(({ status }) => status)).toEqual([
    'needs-attention',
  ]);
});

test.concurrent('a refund that is resumed is listed once, with the time at which it first started', async ({
  expect,
}) => {
  const request = refunds.worldtrade('settles-3');
  const { tradeId: reference, refundRequestId: id } = request;
  await refunds.begin(request);
  await refunds.until(id, rests);
  await expect.poll(() => statusesOf({ reference }), PATIENTLY).toEqual(['processing']);
  const [before] = await listed({ reference });
  await refunds.refunds.getHandle(id).terminate('a test');
  await expect.poll(() => statusesOf({ reference }), PATIENTLY).toEqual(['stopped']);
  expect((await listed({ reference }))[0]).not.toHaveProperty('nextCheckAt');
  await refunds.refunds.resume(id);
  await refunds.until(id, rests);
  await expect.poll(() => statusesOf({ reference }), PATIENTLY).toEqual(['processing']);
  expect((await listed({ reference }))[0]?.startedAt).toBe(before?.startedAt);
  expect(await statusesOf({ reference, status: 'stopped' })).toEqual([]);
});

test.concurrent('the result of a refund that is reset meanwhile is the result of the later run', async () => {
  const request = refunds.worldtrade('settles-3');
  const id = await refunds.begin(request);
  await refunds.until(id, rests);
  const result = refunds.refunds.result(id);
  // A rejection before it is awaited would end the process.
  result.catch(() => {});
  await resetWorkflow(refunds, request, 'last task');
  await refunds.until(id, (view) => eventsOf(view).includes('reset') && rests(view));
  await refunds.refunds.escalate(id, NOTE);
  await refunds.until(id, ({ attention }) => attention?.reason === 'escalated');
  await refunds.refunds.decide(id, { decision: 'mark-succeeded', evidence: 'case 4711', ...NOTE });
  expect(await result).toMatchObject({ status: 'succeeded', confirmedBy: 'operator' });
});

test.concurrent('the result of a refund that is reset and then terminated is that it was stopped', async () => {
  const request = refunds.cashier('settles-3');
  const id = await refunds.begin(request);
  await refunds.until(id, rests);
  const result = refunds.refunds.result(id).catch((error: unknown) => error);
  await resetWorkflow(refunds, request, 'last task');
  await refunds.until(id, (view) => eventsOf(view).includes('reset') && rests(view));
  await refunds.refunds.getHandle(id).terminate('the end of it');
  expect(await result).toMatchObject({
    code: 'REFUND_STOPPED',
    message: expect.stringContaining('was terminated by'),
  });
});
