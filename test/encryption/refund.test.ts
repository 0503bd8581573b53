import { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  type CashierRefundRequest,
  InvalidRefundRequestError,
  PayloadNotReadableError,
  RefundClient,
  workflowIdOf,
} from '../../client/index.js';
import { readDataConverter } from '../../encryption/index.js';
import { newKeyEntry } from '../../encryption/keys.js';
import { createTestEnvironment, type TestEnvironment } from '../../testing/index.js';
import '../support/environment.js'; // Temporal's logs of what tests let fail are switched off there
import { historyAsKept, listAsKept } from './raw.js';

// What is kept in secret has this word in it.
const SECRET = 'hush';
const amount = { currency: 'USD', value: 4711_08_15 };
const WAIT = { timeout: 20_000, interval: 100 };
const [first, second] = [newKeyEntry('first'), newKeyEntry('second')];

let env: TestEnvironment;

beforeAll(async () => {
  env = await createTestEnvironment({ env: { REFUND_ENCRYPTION_KEYS: first } });
});

afterAll(() => env.stop());

function cashier(refundRequestId: string, payToId: string): CashierRefundRequest {
  return {
    product: 'cashier',
    refundRequestId,
    payToId,
    refundToDetails: [
      { refundMethod: { paymentMethodType: 'WALLET_WF' }, refundToAmount: amount, refundAmount: amount },
    ],
    refundReason: `${SECRET} reason`,
  };
}

/** Other eyes on the same refunds. */
function refundsWith(keys?: string): RefundClient {
  const { connection, options } = env.client;
  const dataConverter = keys === undefined ? {} : readDataConverter({ REFUND_ENCRYPTION_KEYS: keys });
  return new RefundClient(new Client({ connection, namespace: options.namespace, dataConverter }), {
    taskQueue: env.taskQueue,
  });
}

describe('with encryption on', () => {
  test('a terminated refund is resumed: the worker reads the encrypted history of the run before', async () => {
    const { refunds, sandbox } = env;
    await refunds.start(cashier('resumed', 'pay-3-refused-once-PROCESS_FAIL-never-settles'));
    await refunds.waitUntilIdle('resumed');
    const note = { by: `${SECRET} Ana`, reason: `${SECRET} support says so` };
    await refunds.decide('resumed', { decision: 'send-with-new-id', ...note });
    const isProcessing = async () => expect((await refunds.describe('resumed')).status).toBe('processing');
    await vi.waitFor(isProcessing, WAIT);
    await refunds.getHandle('resumed').terminate('a test');
    await refunds.resume('resumed');
    await vi.waitFor(isProcessing, WAIT);
    expect((await refunds.describe('resumed')).providerRequestId).toBe('resumed-2');
    expect(sandbox.journal.moved('pay-3-refused-once-PROCESS_FAIL-never-settles')).toMatchObject([
      { id: 'resumed-2' },
    ]);
    await refunds.getHandle('resumed').terminate('the test is over');
  });

  test('refunds run, wait, are decided and replay as without it, and the server can read none of it', async () => {
    const { refunds, skipper } = env;
    const remark = { by: `${SECRET} Ana`, reason: `${SECRET} the customer called` };
    await refunds.start({ product: 'worldtrade', refundRequestId: 'plain', tradeId: 't-1', remark: SECRET });
    await skipper.skipOnStart(() => refunds.start(cashier('stuck', 'pay-1-nobody')));
    await refunds.start(cashier('escalated', 'pay-2-never-settles'));
    await vi.waitFor(
      async () => expect((await refunds.describe('escalated')).status).toBe('processing'),
      WAIT,
    );
    await refunds.escalate('escalated', remark);
    await refunds.getHandle('escalated').cancel();
    for (const id of ['plain', 'stuck', 'escalated']) await refunds.waitUntilIdle(id);
    const evidence = { ...remark, evidence: `${SECRET} evidence` };
    await refunds.decide('stuck', { decision: 'mark-failed', ...evidence });
    await refunds.decide('escalated', { decision: 'mark-succeeded', ...evidence });
    expect(await refunds.result('plain')).toMatchObject({ status: 'succeeded' });
    expect(await refunds.result('stuck')).toMatchObject({ status: 'failed', ...evidence });
    await env.check();

    const kept = [
      ...(await historyAsKept(env.client, workflowIdOf('plain'))),
      ...(await historyAsKept(env.client, workflowIdOf('stuck'))),
      ...(await historyAsKept(env.client, workflowIdOf('escalated'))),
      ...(await listAsKept(env.client)),
    ];
    const secret = new RegExp(`${SECRET}|${amount.value}|WALLET_WF|fingerprint"`);
    expect(kept.filter(({ text }) => secret.test(text))).toEqual([]);
    // The references, until they are hashed.
    expect(placesOf(kept, /^"(t-1|pay-1|pay-2)/)).toEqual([
      'WORKFLOW_EXECUTION_STARTED searchAttributes.indexedFields.RefundReference',
      'searchAttributes.indexedFields.RefundReference',
    ]);
    expect(placesOf(kept, /^(applyRefund|refund|queryTradeOrder|inquireRefund|decide|escalate)$/)).toEqual([
      'ACTIVITY_TASK_SCHEDULED activityType.name',
      'WORKFLOW_EXECUTION_SIGNALED signalName',
      'WORKFLOW_EXECUTION_STARTED workflowType.name',
      'WORKFLOW_EXECUTION_UPDATE_ACCEPTED acceptedRequest.input.name',
      'type.name',
    ]);
    expect(placesOf(kept, /"activity_type":"(queryTradeOrder|inquireRefund)"/)).toEqual([
      'MARKER_RECORDED details.data.payloads',
    ]);
  });

  test('what a workflow fails with is encrypted too, and read by who has the key', async () => {
    const workflowId = workflowIdOf(`not-valid`);
    const request = { product: 'cashier', refundRequestId: 'not-valid', [SECRET]: 1 };
    const handle = await env.client.workflow.start('refund', {
      workflowId,
      taskQueue: env.taskQueue,
      args: [request],
    });
    await expect(handle.result()).rejects.toMatchObject({
      cause: { message: expect.stringContaining(`${SECRET} is not a field`) },
    });
    const kept = await historyAsKept(env.client, workflowId);
    expect(kept).toContainEqual({
      place: 'WORKFLOW_EXECUTION_FAILED failure.message',
      text: 'Encoded failure',
    });
    expect(kept.filter(({ text }) => text.includes(SECRET))).toEqual([]);
  });
});

describe('without the keys of the namespace', () => {
  const WITHOUT_KEYS = 'have the encoding "binary/encrypted", which this process cannot read';
  const OTHER_KEYS = 'was encrypted with the key "first", and the keys here are second';
  const remark = { by: 'Ana', reason: 'the customer called' };

  beforeAll(async () => {
    await env.refunds.start(cashier('open', 'pay-3-never-settles'));
    env.leaveOpen(workflowIdOf('open'), 'messages are refused before they reach it');
    await vi.waitFor(
      async () => expect((await env.refunds.describe('open')).status).toBe('processing'),
      WAIT,
    );
  });

  test.each([
    ['no keys', undefined, WITHOUT_KEYS],
    ['other keys', second, OTHER_KEYS],
  ])('a start with %s is refused before anything is started, however often', async (_, keys, why) => {
    const refunds = refundsWith(keys);
    for (const request of [cashier('fresh', 'pay-4'), cashier('fresh', 'pay-4')]) {
      const error = await refunds.start(request).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(PayloadNotReadableError);
      expect((error as Error).message).toMatch(/^The refund was not started\. /);
      expect((error as Error).message).toContain(why);
    }
    await expect(refunds.startAndWait(cashier('fresh', 'pay-4'), { until: 'answer' })).rejects.toThrow(why);
    await expect(env.refunds.getHandle('fresh').describe()).rejects.toThrow('not found');
  });

  test.each([
    ['describe', (refunds: RefundClient) => refunds.describe('open')],
    ['list', async (refunds: RefundClient) => refunds.list()[Symbol.asyncIterator]().next()],
    ['escalate', (refunds: RefundClient) => refunds.escalate('open', remark)],
    ['checkNow', (refunds: RefundClient) => refunds.checkNow('open', remark)],
    ['decide', (refunds: RefundClient) => refunds.decide('open', { decision: 'inquire-again', ...remark })],
    ['waitUntilIdle', (refunds: RefundClient) => refunds.waitUntilIdle('open')],
    ['result', (refunds: RefundClient) => refunds.result('plain')],
  ])('%s fails with one sentence, and changes nothing', async (_, call) => {
    const { timeline } = await env.refunds.describe('open');
    for (const [keys, why] of [
      [undefined, WITHOUT_KEYS],
      [second, OTHER_KEYS],
    ] as const) {
      const error = await call(refundsWith(keys)).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(PayloadNotReadableError);
      expect((error as Error).message).toContain(why);
    }
    expect((await env.refunds.describe('open')).timeline).toEqual(timeline);
  });

  test('a request that is not valid is refused for that, without a look at the namespace', async () => {
    const request = { ...cashier('fresh', 'pay-4'), refundReason: '' };
    await expect(refundsWith().start(request)).rejects.toThrow(InvalidRefundRequestError);
  });
});

test('rotation: with the new key in front, what the old key encrypted goes on', async () => {
  const both = refundsWith(`${second},${first}`);
  expect((await both.describe('open')).status).toBe('processing');
  expect(await both.result('plain')).toMatchObject({ status: 'succeeded' });
});

function placesOf(kept: { place: string; text: string }[], pattern: RegExp): string[] {
  return [...new Set(kept.filter(({ text }) => pattern.test(text)).map(({ place }) => place))].sort();
}
