import { Client } from '@temporalio/client';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type ReferenceHash, RefundClient, workflowIdOf } from '../../client/index.js';
import { referenceHash } from '../../encryption/index.js';
import { newKeyEntry } from '../../encryption/keys.js';
import { createTestEnvironment, type TestEnvironment } from '../../testing/index.js';
import { ConfigurationError, readRefundConfig, readWorkerConfig } from '../../worker/index.js';
import { served } from '../notifications/fixtures.js';
import '../support/environment.js'; // Temporal's logs of what tests let fail are switched off there
import { newKey } from './fixtures.js';
import { historyAsKept, type Kept, listAsKept } from './raw.js';

const WAIT = { timeout: 20_000, interval: 100 };
const HASH = /^"hmac-sha256:[\w-]{43}"$/;
const key = newKey('r1');
let env: TestEnvironment;
let refunds: RefundClient;

beforeAll(async () => {
  env = await createTestEnvironment({
    env: { REFUND_ENCRYPTION_KEYS: newKeyEntry('2026') },
    // A refund with some waits continues as new.
    temporal: { dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': 25 } },
  });
  refunds = clientWith(referenceHash({ keys: [key] }));
});

afterAll(() => env.stop());

function clientWith(hash: ReferenceHash | undefined): RefundClient {
  return new RefundClient(env.client, { taskQueue: env.taskQueue, referenceHash: hash });
}

const worldtrade = (refundRequestId: string, tradeId: string) =>
  ({ product: 'worldtrade', refundRequestId, tradeId }) as const;

async function listed(by: RefundClient, reference: string): Promise<string[]> {
  const found: string[] = [];
  for await (const refund of by.list({ reference })) {
    expect(refund.reference).toBe(reference);
    found.push(refund.refundRequestId);
  }
  return found;
}

function referencesIn(kept: Kept[]): string[] {
  return kept.filter(({ place }) => place.endsWith('.RefundReference')).map(({ text }) => text);
}

test('a refund is listed by a hash from its start to its end, in each of its runs, and replays', async () => {
  const tradeId = 'hush-unknown-7';
  await env.skipper.skipOnStart(() => refunds.start(worldtrade('through', tradeId)));
  expect(await refunds.result('through')).toMatchObject({ status: 'succeeded', reference: tradeId });
  const { raw } = await env.client.workflow.getHandle(workflowIdOf('through')).describe();
  expect(raw.workflowExecutionInfo?.firstRunId).not.toBe(raw.workflowExecutionInfo?.execution?.runId);
  await env.check();

  const kept = [
    ...(await historyAsKept(env.client, workflowIdOf('through'))),
    ...(await listAsKept(env.client)),
  ];
  expect(kept.filter(({ text }) => text.includes('hush') || /[A-Z]{3} [\d.]+/.test(text))).toEqual([]);
  expect(new Set(referencesIn(kept).filter((text) => text !== 'null')).size).toBe(1);
  expect(referencesIn(kept)[0]).toMatch(HASH);
  await vi.waitFor(async () => expect(await listed(refunds, tradeId)).toEqual(['through']), WAIT);
  // The memo, which is encrypted, has the amount too.
  for await (const refund of refunds.list({ reference: tradeId })) expect(refund.amount).toMatch(/^USD \d+/);
});

test('another refund of the same order is refused, and its notification confirms it', async () => {
  const tradeId = 'hush-2-never-settles';
  await refunds.start(worldtrade('first', tradeId));
  await vi.waitFor(async () => {
    expect((await refunds.describe('first')).status).toBe('processing');
    expect(await listed(refunds, tradeId)).toEqual(['first']);
  }, WAIT);
  await expect(refunds.start(worldtrade('second', tradeId))).rejects.toMatchObject({
    code: 'ANOTHER_REFUND',
    otherRefundRequestId: 'first',
  });

  const { worldfirst: keys } = readWorkerConfig(env.sandbox.env);
  const { url, reports } = await served({ client: refunds, keys });
  expect((await env.sandbox.notify({ url, tradeId, isRefund: 'Y' })).acknowledged).toBe(true);
  expect(reports).toMatchObject([{ kind: 'delivered', refundRequestIds: ['first'] }]);
  expect(await refunds.result('first')).toMatchObject({ confirmedBy: 'notification' });
});

test('a check of many requests finds refunds whose reference is hidden, and compares their encrypted fingerprints', async () => {
  const tradeId = 'hush-4';
  await refunds.start(worldtrade('known', tradeId));
  await refunds.result('known');
  await vi.waitFor(async () => expect(await listed(refunds, tradeId)).toEqual(['known']), WAIT);
  const requests = [
    worldtrade('known', tradeId),
    { ...worldtrade('known', tradeId), remark: 'different' },
    worldtrade('unknown', tradeId),
    worldtrade('new', 'hush-5'),
  ];
  const results: string[] = [];
  for await (const { result } of refunds.checkMany(requests)) results.push(result);
  expect(results).toEqual(['already-there', 'conflict', 'another-refund', 'new']);
});

test('rotation: a new key in front finds what the old one listed, and `plainToo` what no key listed', async () => {
  const tradeId = 'hush-3';
  const plain = clientWith(undefined);
  const newest = newKey('r2');
  const rotated = clientWith(referenceHash({ keys: [newest, key] }));
  await refunds.start(worldtrade('old-key', tradeId));
  await rotated.start(worldtrade('new-key', tradeId), { allowAnother: true });
  await plain.start(worldtrade('no-key', tradeId), { allowAnother: true });
  for (const id of ['old-key', 'new-key', 'no-key']) await env.refunds.result(id);
  const all = clientWith(referenceHash({ keys: [newest, key], plainToo: true }));
  const found = async (by: RefundClient) => (await listed(by, tradeId)).sort();
  await vi.waitFor(async () => expect(await found(all)).toEqual(['new-key', 'no-key', 'old-key']), WAIT);
  expect(await found(rotated)).toEqual(['new-key', 'old-key']);
  expect(await found(refunds)).toEqual(['old-key']);
  expect(await found(plain)).toEqual(['no-key']);
});

test('REFUND_REFERENCE_KEYS sets the keys, and the word `plain` at their end finds references as they are', () => {
  const keys = newKeyEntry('r1');
  const [hidden, ...others] = readRefundConfig({ REFUND_REFERENCE_KEYS: keys }).referenceHash?.('t-1') ?? [];
  expect(hidden).toMatch(/^hmac-sha256:/);
  expect(others).toEqual([]);
  const both = readRefundConfig({ REFUND_REFERENCE_KEYS: `${keys},plain` });
  expect(both.referenceHash?.('t-1')).toEqual([hidden, 't-1']);
  expect(readRefundConfig({}).referenceHash).toBeUndefined();
  for (const text of ['plain', 'x'])
    expect(() => readRefundConfig({ REFUND_REFERENCE_KEYS: text })).toThrow(ConfigurationError);
});

test('without encryption a hidden reference is a configuration error, because the request can be read', () => {
  const { connection } = env.client;
  const hash = referenceHash({ keys: [key] });
  expect(() => new RefundClient(new Client({ connection }), { referenceHash: hash })).toThrow(
    ConfigurationError,
  );
});
