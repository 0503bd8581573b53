import { describe, expect, test } from 'vitest';
import { fingerprint } from '../../client/fingerprint.js';
import { type RefundView, workflowIdOf } from '../../client/index.js';
import { formatAmount } from '../../rules/money.js';
import { notificationSignal } from '../../workflows/definitions.js';
import { useRefunds } from '../support/environment.js';
import { historyOf } from '../support/history.js';

const refunds = useRefunds();

/** What the Web UI's page of a workflow is made from. */
async function pageOf(id: string) {
  const handle = refunds.refunds.getHandle(id);
  const { typedSearchAttributes, memo } = await handle.describe();
  const metadata = await handle.query<{
    currentDetails?: string;
    definition?: Record<string, { name: string; description?: string }[]>;
  }>('__temporal_workflow_metadata');
  const attributes = Object.fromEntries(
    typedSearchAttributes
      .getAll()
      .filter(({ key }) => key.name.startsWith('Refund'))
      .map(({ key, value }) => [key.name, value]),
  );
  return { attributes, memo, details: metadata.currentDetails ?? '', definition: metadata.definition ?? {} };
}

/** What is on show says the same as the view. */
async function expectAgreement(view: RefundView) {
  const { attributes, memo, details } = await pageOf(view.refundRequestId);
  const nextAt = view.inquiries.nextAt;
  // The amount of an order that is unknown at the start is in the memo until another attribute changes.
  const { RefundAmount = memo?.amount } = attributes;
  expect({ ...attributes, RefundAmount }).toEqual({
    RefundStatus: view.status,
    RefundProduct: view.product,
    RefundReference: view.reference,
    RefundAmount: view.amount && formatAmount(view.amount),
    ...(view.attention && { RefundAttention: view.attention.reason }),
    ...(view.status === 'processing' && nextAt && { RefundNextCheckAt: new Date(nextAt) }),
  });
  expect(memo?.nextCheckAt).toBe(view.status === 'processing' ? undefined : nextAt);
  expect(details).toContain(`# ${view.status}\n`);
  expect(details).toContain(view.reference);
  return { attributes, details };
}

describe('at rest, the search attributes and the details agree with the view', () => {
  test.concurrent('while it waits for the next inquiry', async () => {
    const id = await refunds.begin(refunds.cashier('nobody'));
    const view = await refunds.until(id, ({ inquiries }) => inquiries.nextAt !== undefined);
    expect(view).toMatchObject({ status: 'unknown' });
    const { details } = await expectAgreement(view);
    expect(details).toContain(`**Next:** inquiry 1 of 7, at ${view.inquiries.nextAt?.slice(0, 10)}`);
  });

  test.concurrent('while it waits for the settlement', async () => {
    const id = await refunds.begin(refunds.worldtrade('never-settles'));
    const view = await refunds.until(id, ({ inquiries }) => inquiries.nextAt !== undefined);
    expect(view).toMatchObject({ status: 'processing' });
    const { attributes, details } = await expectAgreement(view);
    expect(attributes).toHaveProperty('RefundNextCheckAt');
    expect(details).toContain('**Next:** settlement inquiry 2 of 19');
  });

  test.concurrent('while WorldFirst asks to try again later', async () => {
    const id = await refunds.begin(refunds.worldtrade('refused-REFUND_FAILED_TRY_AGAIN_LATER'));
    const view = await refunds.until(id, ({ inquiries }) => inquiries.nextAt !== undefined);
    expect(view).toMatchObject({ status: 'applying' });
    await expectAgreement(view);
  });

  test.concurrent('when it needs an operator, after all its waits', async () => {
    const view = await refunds.run(refunds.worldtrade('nobody'));
    const { attributes, details } = await expectAgreement(view);
    expect(attributes).toHaveProperty('RefundAttention', 'unknown-after-all-inquiries');
    expect(details).toContain('## Needs an operator: unknown-after-all-inquiries');
    expect(details).toContain('"decision": "inquire-again"');
    expect(details).not.toContain('send-with-new-id');
    expect(details).toContain('"evidence":');
    const { shown } = await historyOf(refunds, view.refundRequestId);
    expect(shown).toMatchObject([
      { seconds: 365 * 86_400, summary: 'WAITS FOR AN OPERATOR: unknown-after-all-inquiries' },
    ]);
  });

  test.concurrent('when another reason has taken the place of the first one: the timer names the second', async () => {
    const request = refunds.worldtrade('phases');
    const { refundRequestId: id, tradeId } = request;
    await refunds.run(request);
    await refunds.refunds
      .getHandle(id)
      .signal(notificationSignal, refunds.sandbox.signedNotification({ tradeId, isRefund: 'Y' }));
    const view = await refunds.until(id, ({ attention }) => attention?.reason === 'refunded-elsewhere');
    await expectAgreement(view);
    const { shown } = await historyOf(refunds, id);
    expect(shown.map(({ summary }) => summary)).toEqual([
      'WAITS FOR AN OPERATOR: several-payments',
      'WAITS FOR AN OPERATOR: refunded-elsewhere',
    ]);
  });

  test.concurrent('when the time of the timer is over: the refund still waits, and a decision is applied', async () => {
    const { refundRequestId: id } = await refunds.run(refunds.cashier('refused-once-PROCESS_FAIL'));
    await refunds.skipper.fastForward(workflowIdOf(id), 400 * 86_400_000);
    expect(await refunds.refunds.describe(id)).toMatchObject({ status: 'needs-attention' });
    const { shown } = await historyOf(refunds, id);
    expect(shown).toMatchObject([{ firedAt: expect.any(Number) }]);
    await refunds.refunds.decide(id, { decision: 'send-again', by: 'Ana', reason: 'support says so' });
    expect(await refunds.refunds.waitUntilIdle(id)).toMatchObject({ status: 'succeeded' });
  });

  test.concurrent.for([
    ['plain', 'succeeded'],
    ['unlisted', 'accepted'],
    ['refused-REFUND_PERIOD_EXPIRED', 'failed'],
  ])('when it has ended (%s): %s', async ([words, status]) => {
    const view = await refunds.run(refunds.worldtrade(words));
    expect(view.status).toBe(status);
    const { attributes } = await expectAgreement(view);
    expect(attributes).not.toHaveProperty('RefundAttention');
    expect(attributes).not.toHaveProperty('RefundNextCheckAt');
  });

  test.concurrent('when it needed an operator, and then ended', async () => {
    const { refundRequestId: id } = await refunds.run(refunds.cashier('refused-once-PROCESS_FAIL'));
    await refunds.refunds.decide(id, { decision: 'send-again', by: 'Ana', reason: 'support says so' });
    const view = await refunds.refunds.waitUntilIdle(id);
    expect(view.status).toBe('succeeded');
    const { attributes, details } = await expectAgreement(view);
    expect(attributes).not.toHaveProperty('RefundAttention');
    expect(details).toContain('decided send-again: support says so (Ana)');
  });
});

test.concurrent('each call has a summary, and the repeat of a refund request is marked', async () => {
  const request = refunds.worldtrade('unknown-2');
  await refunds.run(request);
  const { calls } = await historyOf(refunds, request.refundRequestId);
  expect(calls.map(({ type, summary }) => [type, summary])).toEqual([
    ['queryTradeOrder', 'query the trade order'],
    ['applyRefund', 'send the refund'],
    ['inquireRefund', 'inquiry 1 of 7'],
    ['applyRefund', 'send the identical refund again'],
    ['inquireRefund', 'inquiry 2 of 7'],
  ]);
});

test.concurrent('the memo has the fingerprint of the request, which detects another content under the same id', async () => {
  const request = refunds.cashier();
  await refunds.run(request);
  const { memo } = await pageOf(request.refundRequestId);
  expect(memo).toEqual({ fingerprint: fingerprint(request) });
});

test.concurrent('each message of a refund has a description', async () => {
  const request = refunds.cashier();
  await refunds.run(request);
  const { definition } = await pageOf(request.refundRequestId);
  const named = (kind: string) => (definition[kind] ?? []).map(({ name }) => name);
  expect(named('queryDefinitions')).toContain('refund');
  expect(named('signalDefinitions')).toEqual(
    expect.arrayContaining(['checkNow', 'decide', 'escalate', 'notification']),
  );
  expect(named('updateDefinitions')).toEqual(expect.arrayContaining(['checkNow', 'decide']));
  const silent = Object.values(definition)
    .flatMap((kind) => (Array.isArray(kind) ? kind : []))
    .filter(({ description }) => !description);
  expect(silent).toEqual([]);
});

test.concurrent('a refund that succeeds at once changes its search attributes once', async () => {
  const request = refunds.cashier();
  await refunds.run(request);
  const { events } = await refunds.refunds.getHandle(request.refundRequestId).fetchHistory();
  expect(events?.filter((event) => event.upsertWorkflowSearchAttributesEventAttributes)).toHaveLength(1);
});
