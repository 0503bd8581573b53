import { describe, expect, onTestFinished, test } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../testing/sandbox/index.js';
import { receiver, until } from './notification-receiver.js';
import { clientOf } from './raw-client.js';

async function sandboxWith(options: SandboxOptions): Promise<Sandbox> {
  const sandbox = await startSandbox({ closeAfter: 0, resendAfter: Array(7).fill(5), ...options });
  onTestFinished(() => sandbox.stop());
  return sandbox;
}

async function refund(sandbox: Sandbox, tradeId: string, requestId?: string): Promise<void> {
  const client = clientOf(sandbox);
  await client.apply(await client.applyBody(tradeId, requestId));
}

const statuses = (sandbox: Sandbox) => sandbox.journal.notified().map(({ status }) => status);
const isAcknowledged = (sandbox: Sandbox) => () =>
  sandbox.journal.notified().some(({ acknowledged }) => acknowledged);

describe('the notification of an order that is closed after its refund', () => {
  test('is resent with the same request id until it is acknowledged', async () => {
    const sandbox = await sandboxWith({});
    const { url, received } = await receiver(sandbox, { refusals: 3 });
    sandbox.notifyTo(url);
    await refund(sandbox, 'trade-1-closes');
    await until(isAcknowledged(sandbox));
    expect(statuses(sandbox)).toEqual([503, 503, 503, 200]);
    expect(new Set(received.map(({ requestId }) => requestId)).size).toBe(1);
    expect(sandbox.journal.notified('trade-1-closes').at(-1)).toMatchObject({
      url,
      isRefund: 'Y',
      acknowledged: true,
    });
  });

  test('is resent seven times at most', async () => {
    const sandbox = await sandboxWith({});
    const { url } = await receiver(sandbox, { refusals: 100 });
    sandbox.notifyTo(url);
    await refund(sandbox, 'trade-1-closes');
    await until(() => statuses(sandbox).filter((status) => status === 503).length === 8);
    await refund(sandbox, 'trade-2-closes');
    await until(() => sandbox.journal.notified('trade-2-closes').length > 0);
    expect(sandbox.journal.notified('trade-1-closes')).toHaveLength(8);
  });

  test('is resent to the current URL after an attempt that reached no receiver', async () => {
    const sandbox = await sandboxWith({ notifyUrl: 'http://127.0.0.1:1/hook' });
    await refund(sandbox, 'trade-1-closes');
    await until(() => sandbox.journal.notified().length > 1);
    const { url } = await receiver(sandbox);
    sandbox.notifyTo(url);
    await until(isAcknowledged(sandbox));
    expect(statuses(sandbox)[0]).toBeUndefined();
  });

  test('is sent for one closure, even if the order is refunded twice', async () => {
    const sandbox = await sandboxWith({});
    const { url, received } = await receiver(sandbox);
    sandbox.notifyTo(url);
    await refund(sandbox, 'trade-1-closes', 'first');
    await refund(sandbox, 'trade-1-closes', 'second');
    await refund(sandbox, 'trade-2-closes');
    await until(() => received.some(({ tradeId }) => tradeId === 'trade-2-closes'));
    expect(received.filter(({ tradeId }) => tradeId === 'trade-1-closes')).toHaveLength(1);
  });

  test('is not sent without a URL', async () => {
    const sandbox = await sandboxWith({});
    await refund(sandbox, 'trade-1-closes');
    const { url, received } = await receiver(sandbox);
    await new Promise((resolve) => setTimeout(resolve, 50));
    sandbox.notifyTo(url);
    await refund(sandbox, 'trade-2-closes');
    await until(() => received.length > 0);
    expect(received.map(({ tradeId }) => tradeId)).toEqual(['trade-2-closes']);
  });
});

test('a notification URL that is not a URL is refused', async () => {
  await expect(startSandbox({ notifyUrl: 'hooks' })).rejects.toThrow('Invalid URL');
  const sandbox = await sandboxWith({});
  expect(() => sandbox.notifyTo('hooks')).toThrow('Invalid URL');
});

test('the journal lists the closure notifications', async () => {
  const sandbox = await sandboxWith({});
  const { url } = await receiver(sandbox);
  await sandbox.notify({ url, tradeId: 'trade-1', isRefund: 'N', requestId: 'create-1' });
  const served = await (await fetch(`${sandbox.url}/journal`)).json();
  expect(served).toMatchObject({
    notifications: [
      { url, tradeId: 'trade-1', isRefund: 'N', requestId: 'create-1', status: 200, acknowledged: true },
    ],
  });
});
