import { generateKeyPairSync } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import type { WorldFirstGateway } from '../../activities/index.js';
import type { RefundRequest } from '../../client/index.js';
import { WorldFirstClient } from '../../worldfirst/index.js';
import {
  answersToSends,
  expectNoDoubleEffects,
  requestOf,
  seenOf,
  sendsOf,
  waitsOf,
} from '../support/books.js';
import { useRefunds } from '../support/environment.js';
import { lateGateway } from '../support/gateway.js';

const { privateKey: strangersKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

/** What becomes of the next calls for a trade or payment, instead of being made; one after the other. */
const scripts = new Map<string, ('as it is' | 'not sent' | "with a stranger's key")[]>();

/** The true client, but for the sendings that a test has a script for. */
const gateway: WorldFirstGateway = {
  ...lateGateway(() => refunds.worldfirst),
  applyRefund: (body, options) => scripted(body.tradeId, (client) => client.applyRefund(body, options)),
  refund: (body, options) => scripted(body.payToId, (client) => client.refund(body, options)),
};

async function scripted<Answer>(
  reference: string,
  call: (client: WorldFirstClient) => Promise<Answer>,
): Promise<Answer | { kind: 'notSent'; reason: string }> {
  switch (scripts.get(reference)?.shift()) {
    case 'not sent':
      return { kind: 'notSent', reason: 'The connection was refused. This call was not sent.' };
    case "with a stranger's key": {
      const { url, env } = refunds.sandbox;
      const client = new WorldFirstClient({
        baseUrl: url,
        clientId: env.WORLDFIRST_CLIENT_ID as string,
        privateKey: strangersKey,
        publicKeys: env.WORLDFIRST_PUBLIC_KEY as string,
      });
      return call(client).finally(() => client.close());
    }
    default:
      return call(refunds.worldfirst);
  }
}

const refunds = useRefunds({ worldfirst: gateway });
expectNoDoubleEffects(refunds);

const PRODUCTS = ['worldtrade', 'cashier'] as const;

function script(request: RefundRequest, ...steps: ('as it is' | 'not sent' | "with a stranger's key")[]) {
  scripts.set(request.product === 'worldtrade' ? request.tradeId : request.payToId, steps);
}

// These close the sandbox for everybody, so they run one after the other.

afterEach(() => refunds.sandbox.acceptConnections());

test('while WorldFirst refuses connections nothing is sent; later the refund is sent once, and no inquiry is counted', async () => {
  const request = refunds.cashier();
  await refunds.sandbox.refuseConnections();
  const id = await refunds.begin(request);
  const away = await refunds.until(id, ({ lastAnswer }) => lastAnswer?.kind === 'notSent');
  expect(away.status).toBe('applying');
  expect(away.inquiries).toMatchObject({ done: 0, allowed: 0 });
  await refunds.sandbox.acceptConnections();

  const view = await refunds.refunds.waitUntilIdle(id);
  expect(view.outcome).toMatchObject({ status: 'succeeded', confirmedBy: 'inquiry' });
  expect(seenOf(refunds, request)).toEqual({ queries: 0, sends: 1, inquiries: 1, moved: 1 });
  expect(waitsOf(view).every((wait) => wait.startsWith('send the refund in '))).toBe(true);
});

test('a query of the order that could not connect is repeated, and nothing is sent', async () => {
  const request = refunds.worldtrade();
  await refunds.sandbox.refuseConnections();
  const id = await refunds.begin(request);
  const handle = refunds.refunds.getHandle(id);
  await expect
    .poll(async () => (await handle.describe()).raw.pendingActivities?.[0]?.lastFailure?.message, {
      timeout: 20_000,
    })
    .toMatch(/The query about the order .* got no answer/);
  expect(await refunds.refunds.describe(id)).toMatchObject({ status: 'preparing' });
  await refunds.sandbox.acceptConnections();
  const view = await refunds.refunds.waitUntilIdle(id);
  expect(view.outcome).toMatchObject({ status: 'succeeded' });
  expect(seenOf(refunds, request)).toEqual({ queries: 1, sends: 1, inquiries: 1, moved: 1 });
});

test('an inquiry that could not connect for longer than its retries counts, and the next one finds the result', async () => {
  const request = refunds.cashier('dropped-after');
  const id = await refunds.begin(request, { inquiryIntervals: ['5m', '5m'] });
  await refunds.until(id, ({ inquiries }) => inquiries.nextAt !== undefined);
  await refunds.sandbox.refuseConnections();
  await refunds.skipper.pastNextTimer(`refund:${id}`);
  await refunds.until(id, ({ inquiries }) => inquiries.done === 1);
  await refunds.sandbox.acceptConnections();
  await refunds.skipper.resume(`refund:${id}`);
  const view = await refunds.refunds.waitUntilIdle(id);
  expect(view.outcome ?? view.attention).toMatchObject({ status: 'succeeded' });
  expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 1, moved: 1 });
});

// These are side by side again.

test.concurrent.for(PRODUCTS)(
  '%s: nothing was sent, so the refund is tried again with growing waits, and sent once',
  async (product) => {
    const request = requestOf(refunds, product);
    script(request, ...Array(10).fill('not sent'));
    const view = await refunds.run(request);
    expect(view.outcome).toMatchObject({ status: 'succeeded' });
    expect(waitsOf(view).map((wait) => /in (.+?):/.exec(wait)?.[1])).toEqual([
      '1 s',
      '2 s',
      '4 s',
      '8 s',
      '16 s',
      '32 s',
      '1 min 4 s',
      '2 min 8 s',
      '4 min 16 s',
      '5 min',
    ]);
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 1, moved: 1 });
  },
);

test.concurrent('an attempt that was not sent, then a lost answer: only inquiries follow', async () => {
  const request = refunds.cashier('dropped-after');
  script(request, 'not sent', 'not sent');
  const view = await refunds.run(request);
  expect(waitsOf(view).at(-1)).toBe('inquiry 1 of 7 in 5 min: the result is unknown');
  expect(view.outcome).toMatchObject({ status: 'succeeded' });
  expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 1, moved: 1 });
});

test.concurrent('an attempt that was not sent, then a final refusal: the refund fails, because no earlier request exists', async () => {
  const request = refunds.worldtrade('refused-REFUND_PERIOD_EXPIRED');
  script(request, 'not sent');
  const view = await refunds.run(request);
  expect(view.outcome).toMatchObject({ status: 'failed', code: 'REFUND_PERIOD_EXPIRED' });
  expect(seenOf(refunds, request)).toMatchObject({ sends: 1, moved: 0 });
});

test.concurrent('a repeat that was not sent leaves the submission unknown, and the next inquiry follows', async () => {
  const request = refunds.worldtrade('unknown-3');
  script(request, 'as it is', 'not sent', 'not sent');
  const view = await refunds.run(request);
  expect(answersToSends(view)).toEqual([
    expect.stringMatching(/^the result is unknown/),
    expect.stringMatching(/^this call was not sent/),
    expect.stringMatching(/^this call was not sent/),
  ]);
  expect(view.outcome).toMatchObject({ status: 'succeeded' });
  expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 3, moved: 1 });
});

test.concurrent('repeats that were never sent: after seven inquiries the refund needs an operator, and a new id is not possible', async () => {
  const request = refunds.cashier('nobody');
  script(request, 'as it is', ...Array(7).fill('not sent'));
  const { attention } = await refunds.run(request);
  expect(attention?.reason).toBe('unknown-after-all-inquiries');
  expect(attention?.decisions).not.toContain('send-with-new-id');
  expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 7, moved: 0 });
});

test.concurrent.for(PRODUCTS)(
  '%s: the gateway does not know our key and cannot sign: after the configuration is fixed the refund continues',
  async (product) => {
    const request = requestOf(refunds, product);
    script(request, "with a stranger's key");
    const { attention } = await refunds.run(request);
    expect(attention?.reason).toBe('configuration');
    expect(attention?.explanation).toContain('INVALID_SIGNATURE');
    expect(attention?.advice).toContain('private key');
    // Anybody can say an unsigned no, so it proves nothing about the request.
    expect(attention?.decisions).toEqual(['inquire-again', 'send-again', 'mark-succeeded', 'mark-failed']);
    // The gateway turned it away unread, so the journal has it, and no money moved.
    expect(seenOf(refunds, request)).toMatchObject({ sends: 1, inquiries: 0, moved: 0 });

    await refunds.refunds.decide(request.refundRequestId, {
      decision: 'send-again',
      by: 'Ana',
      reason: 'key mended',
    });
    const view = await refunds.refunds.waitUntilIdle(request.refundRequestId);
    expect(view.outcome).toMatchObject({ status: 'succeeded', providerRequestId: request.refundRequestId });
    expect(new Set(sendsOf(refunds, request).map(({ body }) => body)).size).toBe(1);
    expect(seenOf(refunds, request)).toMatchObject({ sends: 2, inquiries: 1, moved: 1 });
  },
);
