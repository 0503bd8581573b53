import { Client, Connection } from '@temporalio/client';
import { expect, inject, test, vi } from 'vitest';
import { RefundClient, type RefundView, type WorldTradeRefundRequest } from '../../client/index.js';
import type { NotificationHandlerOptions } from '../../notifications/index.js';
import { expectNoDoubleEffects } from '../support/books.js';
import { useRefunds } from '../support/environment.js';
import { atTheEnd, served, until } from './fixtures.js';

const refunds = useRefunds();
expectNoDoubleEffects(refunds);

const CONFIRMED_ONLY_BY_NOTIFICATION = { awaitClosureNotification: true };

/** A receiver that trusts the sandbox. */
async function receiver(options: Partial<NotificationHandlerOptions> = {}) {
  const { env } = refunds.sandbox;
  return served({
    client: refunds.refunds,
    keys: {
      clientId: env.WORLDFIRST_CLIENT_ID ?? '',
      privateKey: env.WORLDFIRST_PRIVATE_KEY ?? '',
      publicKeys: env.WORLDFIRST_PUBLIC_KEY ?? '',
    },
    ...options,
  });
}

/** The list lags behind by moments. */
async function listed({ tradeId }: WorldTradeRefundRequest, isSo = (_: { endedAt?: string }) => true) {
  await until(async () => {
    for await (const refund of refunds.refunds.list({ reference: tradeId })) if (isSo(refund)) return true;
    return false;
  });
}

/** A refund that WorldFirst has taken, and that waits for its settlement in real time. */
async function waiting(words = 'unlisted'): Promise<WorldTradeRefundRequest> {
  const request = refunds.worldtrade(words);
  const id = await refunds.begin(request, CONFIRMED_ONLY_BY_NOTIFICATION);
  await refunds.until(id, ({ inquiries }) => inquiries.done > 0 && inquiries.nextAt !== undefined);
  await listed(request);
  return request;
}

const heardBy = ({ timeline }: RefundView) => timeline.filter(({ event }) => event === 'notification').length;

test.concurrent('Y confirms an accepted refund that no inquiry finds', async () => {
  const request = await waiting();
  const { url, reports } = await receiver();
  const answer = await refunds.sandbox.notify({ url, tradeId: request.tradeId, isRefund: 'Y' });
  // The sandbox has verified the signature of the acknowledgement.
  expect(answer).toEqual({
    status: 200,
    body: '{"result":{"resultCode":"SUCCESS","resultMessage":"success","resultStatus":"S"}}',
    acknowledged: true,
  });
  expect(await refunds.refunds.result(request.refundRequestId)).toMatchObject({
    status: 'succeeded',
    confirmedBy: 'notification',
  });
  expect(reports).toMatchObject([{ kind: 'delivered', refundRequestIds: [request.refundRequestId] }]);
});

test.concurrent('Y confirms a refund whose answer was lost', async () => {
  const request = refunds.worldtrade('dropped-after');
  const id = await refunds.begin(request);
  await refunds.until(id, ({ status, inquiries }) => status === 'unknown' && inquiries.nextAt !== undefined);
  await listed(request);
  const { url } = await receiver();
  await refunds.sandbox.notify({ url, tradeId: request.tradeId, isRefund: 'Y' });
  expect(await refunds.refunds.result(id)).toMatchObject({ confirmedBy: 'notification' });
});

test.concurrent('N for an accepted refund asks an operator', async () => {
  const request = await waiting();
  const { url } = await receiver();
  const answer = await refunds.sandbox.notify({ url, tradeId: request.tradeId, isRefund: 'N' });
  expect(answer.acknowledged).toBe(true);
  const view = await refunds.until(request.refundRequestId, ({ status }) => status === 'needs-attention');
  expect(view.attention?.reason).toBe('closed-without-refund');
});

test.concurrent('the same notification ten times at once, and later again: one outcome', async () => {
  const request = await waiting();
  const { url } = await receiver();
  const closure = { url, tradeId: request.tradeId, isRefund: 'Y', requestId: 'create-1' } as const;
  const answers = await Promise.all(Array.from({ length: 10 }, () => refunds.sandbox.notify(closure)));
  expect(answers.every(({ acknowledged }) => acknowledged)).toBe(true);
  const outcome = await refunds.refunds.result(request.refundRequestId);
  await listed(request, ({ endedAt }) => endedAt !== undefined);
  expect((await refunds.sandbox.notify(closure)).acknowledged).toBe(true);
  expect(await refunds.refunds.result(request.refundRequestId)).toEqual(outcome);
  expect(outcome).toMatchObject({ status: 'succeeded', confirmedBy: 'notification' });
});

test.concurrent('a notification that is replayed does not reach the refund a second time', async () => {
  const request = await waiting();
  const { url, reports } = await receiver();
  const closure = { url, tradeId: request.tradeId, isRefund: 'N', requestId: 'create-1' } as const;
  for (let i = 0; i < 5; i++) expect((await refunds.sandbox.notify(closure)).acknowledged).toBe(true);
  const view = await refunds.until(request.refundRequestId, ({ attention }) => attention !== undefined);
  expect(heardBy(view)).toBe(1);
  expect(reports.map(({ kind }) => kind)).toEqual(['delivered', ...Array(4).fill('nothing-new')]);
});

test.concurrent("a repeat after an operator's decision does not halt the refund again", async () => {
  const request = await waiting('never-settles');
  const closure = { tradeId: request.tradeId, isRefund: 'N', requestId: 'create-1' } as const;
  await refunds.sandbox.notify({ url: (await receiver()).url, ...closure });
  const { refundRequestId } = request;
  await refunds.until(refundRequestId, ({ attention }) => attention !== undefined);
  await refunds.refunds.decide(refundRequestId, {
    decision: 'inquire-again',
    by: 'Ana',
    reason: 'WorldFirst says that it is on its way',
  });
  // Another process, which does not know what this one has delivered.
  await refunds.sandbox.notify({ url: (await receiver()).url, ...closure });
  const view = await refunds.until(
    refundRequestId,
    (now) => heardBy(now) === 2 && now.inquiries.nextAt !== undefined,
  );
  expect(view).toMatchObject({ status: 'processing' });
  expect(view.attention).toBeUndefined();

  await refunds.sandbox.notify({ url: (await receiver()).url, ...closure, isRefund: 'Y' });
  expect(await refunds.refunds.result(refundRequestId)).toMatchObject({ confirmedBy: 'notification' });
});

test.concurrent('after another refund of the order, a refund is not sent, whatever an operator decides', async () => {
  const request = refunds.worldtrade('unpaid');
  const { refundRequestId, tradeId } = request;
  await refunds.begin(request, CONFIRMED_ONLY_BY_NOTIFICATION);
  await refunds.until(refundRequestId, ({ attention }) => attention?.reason === 'no-payment');
  await listed(request);
  await refunds.sandbox.notify({
    url: (await receiver()).url,
    tradeId,
    isRefund: 'Y',
    requestId: 'create-1',
  });
  const view = await refunds.until(
    refundRequestId,
    ({ attention }) => attention?.reason === 'refunded-elsewhere',
  );
  expect(view.attention?.decisions).toEqual(['cancel', 'mark-failed']);

  refunds.sandbox.addFixture({ tradeId, paymentOrderIds: ['paid-now'], scenario: 'unlisted' });
  await expect(
    refunds.refunds.decide(refundRequestId, { decision: 'send-again', by: 'Ana', reason: 'paid now' }),
  ).rejects.toMatchObject({ code: 'DECISION_REFUSED', refusal: 'DOES_NOT_APPLY' });
  await refunds.refunds.decide(refundRequestId, {
    decision: 'cancel',
    by: 'Ana',
    reason: 'refunded by hand',
  });
  expect(await refunds.refunds.result(refundRequestId)).toMatchObject({ status: 'cancelled' });
  expect(refunds.sandbox.journal.sends(refundRequestId)).toEqual([]);
});

test.concurrent('a notification without a refund is acknowledged and reported', async () => {
  const { url, reports } = await receiver();
  const answer = await refunds.sandbox.notify({ url, tradeId: 'trade-of-others', isRefund: 'Y' });
  expect(answer.acknowledged).toBe(true);
  expect(reports).toEqual([
    {
      kind: 'unknown-trade',
      message: expect.stringContaining('"trade-of-others"'),
      notification: { requestId: expect.any(String), tradeId: 'trade-of-others', isRefund: 'Y' },
    },
  ]);
});

test.concurrent('an id with quotes does not change the list query', async () => {
  await waiting();
  const { url, reports } = await receiver();
  for (const tradeId of [`x' OR RefundProduct = 'worldtrade`, `\\' OR 'a' = 'a`, '"', '退款 %_*'])
    expect((await refunds.sandbox.notify({ url, tradeId, isRefund: 'Y' })).acknowledged, tradeId).toBe(true);
  expect(reports.map(({ kind }) => kind)).toEqual(Array(4).fill('unknown-trade'));
});

test.concurrent('a cashier refund whose payToId equals the trade id gets no notification', async () => {
  const request = refunds.cashier('never-settles');
  const id = await refunds.begin(request);
  await refunds.until(id, ({ status }) => status === 'processing');
  await until(async () => {
    for await (const _ of refunds.refunds.list({ reference: request.payToId })) return true;
    return false;
  });
  const { url, reports } = await receiver();
  await refunds.sandbox.notify({ url, tradeId: request.payToId, isRefund: 'Y' });
  expect(reports).toMatchObject([{ kind: 'unknown-trade' }]);
});

test.concurrent('two open refunds of one order both get the notification', async () => {
  const first = await waiting();
  const second = refunds.worldtrade('', {
    tradeId: first.tradeId,
    refundRequestId: `${first.refundRequestId}-b`,
  });
  // A second one is a mistake, which must be made on purpose; for its amount it is not sent.
  const onPurpose = { ...CONFIRMED_ONLY_BY_NOTIFICATION, allowAnother: true };
  await refunds.begin({ ...second, refundAmount: { currency: 'USD', value: 1 } }, onPurpose);
  await refunds.until(second.refundRequestId, ({ attention }) => attention?.reason === 'amount-differs');
  const ids = async () => {
    const found: string[] = [];
    for await (const each of refunds.refunds.list({ reference: first.tradeId }))
      found.push(each.refundRequestId);
    return found;
  };
  await until(async () => (await ids()).length === 2);
  const { url, reports } = await receiver();
  await refunds.sandbox.notify({ url, tradeId: first.tradeId, isRefund: 'Y' });
  expect(reports).toMatchObject([
    {
      kind: 'delivered',
      refundRequestIds: expect.arrayContaining([first.refundRequestId, second.refundRequestId]),
    },
  ]);
  expect(await refunds.refunds.result(first.refundRequestId)).toMatchObject({ status: 'succeeded' });
  await refunds.until(second.refundRequestId, ({ attention }) => attention?.reason === 'refunded-elsewhere');
});

test.concurrent.for([
  { words: 'plain', status: 'succeeded', isRefund: 'Y', kind: 'nothing-new' },
  { words: 'plain', status: 'succeeded', isRefund: 'N', kind: 'contradiction' },
  { words: 'unlisted', status: 'accepted', isRefund: 'Y', kind: 'nothing-new' },
  { words: 'unlisted', status: 'accepted', isRefund: 'N', kind: 'contradiction' },
  { words: 'missing', status: 'failed', isRefund: 'Y', kind: 'contradiction' },
  { words: 'missing', status: 'failed', isRefund: 'N', kind: 'nothing-new' },
] as const)(
  'a refund that has ended as $status, and then $isRefund: acknowledged, $kind',
  async ({ words, status, isRefund, kind }) => {
    const request = refunds.worldtrade(words);
    expect(await refunds.run(request)).toMatchObject({ status });
    await listed(request, ({ endedAt }) => endedAt !== undefined);
    const { url, reports } = await receiver();
    const answer = await refunds.sandbox.notify({ url, tradeId: request.tradeId, isRefund });
    expect(answer.acknowledged).toBe(true);
    expect(reports).toMatchObject([{ kind, refundRequestIds: [request.refundRequestId] }]);
    if (kind === 'contradiction') expect(reports[0]?.message).toContain(`ended as ${status}`);
    expect(await refunds.refunds.describe(request.refundRequestId)).toMatchObject({ status });
  },
);

test.concurrent('a refund whose workflow was terminated: acknowledged, and reported as stopped', async () => {
  const request = await waiting();
  await refunds.refunds.getHandle(request.refundRequestId).terminate('test');
  await listed(request, ({ endedAt }) => endedAt !== undefined);
  const { url, reports } = await receiver();
  expect((await refunds.sandbox.notify({ url, tradeId: request.tradeId, isRefund: 'Y' })).acknowledged).toBe(
    true,
  );
  expect(reports).toMatchObject([{ kind: 'stopped', refundRequestIds: [request.refundRequestId] }]);
});

test.concurrent('a refund that ends between the list and the signal: acknowledged', async () => {
  const request = await waiting();
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  atTheEnd(() => connection.close());
  const client = new Client({
    connection,
    interceptors: {
      workflow: [
        {
          async signal(input, next) {
            await refunds.refunds.getHandle(request.refundRequestId).terminate('just now');
            return next(input);
          },
        },
      ],
    },
  });
  const { url, reports } = await receiver({ client: new RefundClient(client) });
  expect((await refunds.sandbox.notify({ url, tradeId: request.tradeId, isRefund: 'Y' })).acknowledged).toBe(
    true,
  );
  expect(reports).toMatchObject([{ kind: 'nothing-new' }]);
});

test.concurrent('a report that throws does not prevent the acknowledgement', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const { url } = await receiver({ report: () => Promise.reject(new Error('the log is full')) });
  const { url: other } = await receiver({
    report: () => {
      throw new Error('the log is full');
    },
  });
  for (const each of [url, other])
    expect((await refunds.sandbox.notify({ url: each, tradeId: 'none', isRefund: 'Y' })).acknowledged).toBe(
      true,
    );
});
