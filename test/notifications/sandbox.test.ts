import { expect, test } from 'vitest';
import { toNodeListener } from '../../notifications/index.js';
import { startSandbox } from '../../testing/sandbox/index.js';
import { expectNoDoubleEffects } from '../support/books.js';
import { useRefunds, worldFirstOf } from '../support/environment.js';
import { serve } from '../support/loopback.js';
import { atTheEnd, handlerWith, nowhere, PATH, served, until } from './fixtures.js';

const refunds = useRefunds();
expectNoDoubleEffects(refunds);

type Handler = (request: Request) => Promise<Response>;

const AWAIT = { awaitClosureNotification: true };

function keysOf({ env }: { env: Readonly<Record<string, string>> }) {
  return {
    clientId: env.WORLDFIRST_CLIENT_ID ?? '',
    privateKey: env.WORLDFIRST_PRIVATE_KEY ?? '',
    publicKeys: env.WORLDFIRST_PUBLIC_KEY ?? '',
  };
}

// One after the other, for they share the sandbox's one URL.

test('closes: the sandbox closes the order, and the refund is confirmed', async () => {
  const { url } = await served({ client: refunds.refunds, keys: keysOf(refunds.sandbox) });
  refunds.sandbox.notifyTo(url);
  const request = refunds.worldtrade('unlisted-closes');
  await refunds.begin(request, AWAIT);
  expect(await refunds.refunds.result(request.refundRequestId)).toMatchObject({
    status: 'succeeded',
    confirmedBy: 'notification',
  });
  await until(() => refunds.sandbox.journal.notified(request.tradeId).some((each) => each.acknowledged));
  expect(refunds.sandbox.journal.notified(request.tradeId)).toHaveLength(1);
});

test('closes-twice: one outcome, and both are acknowledged', async () => {
  const { url } = await served({ client: refunds.refunds, keys: keysOf(refunds.sandbox) });
  refunds.sandbox.notifyTo(url);
  const request = refunds.worldtrade('unlisted-closes-twice');
  await refunds.begin(request, AWAIT);
  expect(await refunds.refunds.result(request.refundRequestId)).toMatchObject({
    confirmedBy: 'notification',
  });
  await until(
    () => refunds.sandbox.journal.notified(request.tradeId).filter((each) => each.acknowledged).length === 2,
  );
});

test('closes-unrefunded: the refund needs an operator', async () => {
  const { url } = await served({ client: refunds.refunds, keys: keysOf(refunds.sandbox) });
  refunds.sandbox.notifyTo(url);
  const request = refunds.worldtrade('closes-unrefunded');
  await refunds.begin(request);
  const view = await refunds.until(request.refundRequestId, ({ attention }) => attention !== undefined);
  expect(view.attention?.reason).toBe('closed-without-refund');
  expect(refunds.sandbox.journal.moved(request.tradeId)).toEqual([]);
});

test('a notification that Temporal did not accept is repeated until it is delivered', async () => {
  refunds.sandbox.notifyTo(undefined);
  const request = refunds.worldtrade('unlisted');
  await refunds.begin(request, AWAIT);
  await refunds.until(request.refundRequestId, ({ inquiries }) => inquiries.nextAt !== undefined);

  // Another one, which does not wait for minutes, stands for WorldFirst's notifications of the same order.
  const impatient = await startSandbox({ closeAfter: 0, resendAfter: Array(100).fill(100) });
  atTheEnd(() => impatient.stop());
  const { tradeId } = request;
  impatient.addFixture({ tradeId, scenario: 'closes', paymentOrderIds: ['p-1'] });
  const [away, here] = [nowhere(), refunds.refunds].map((client) =>
    handlerWith({ client, keys: keysOf(impatient), timeout: 100 }),
  );
  let handler = away?.handler as Handler;
  const { url } = await serve(toNodeListener((incoming) => handler(incoming)));
  impatient.notifyTo(`${url}${PATH}`);
  const worldfirst = worldFirstOf(impatient);
  const refundAmount = { currency: 'USD', value: 10_000 };
  await worldfirst.applyRefund({ requestId: 'r', tradeId, paymentOrderId: 'p-1', refundAmount });
  worldfirst.close();

  await until(() => impatient.journal.notified().filter(({ status }) => status === 503).length > 1);
  handler = here?.handler as Handler;
  // It reaches the refund, whose worker has the keys of another WorldFirst.
  await refunds.until(request.refundRequestId, ({ timeline }) =>
    timeline.some(({ text }) => text.startsWith('a notification was not verified')),
  );
  await until(() => impatient.journal.notified().at(-1)?.acknowledged === true);
  expect(new Set(impatient.journal.notified().map(({ requestId }) => requestId)).size).toBe(1);
});
