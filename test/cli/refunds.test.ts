import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { RefundClient, type RefundOptions, type RefundStatus } from '../../client/index.js';
import { type Sandbox, startSandbox } from '../../testing/sandbox/index.js';
import { Cli, type Program } from './cli.js';

const run = randomUUID().slice(0, 8);
let count = 0;
const newId = () => `cli-${run}-${++count}`;

let sandbox: Sandbox;
let cli: Cli;
let worker: Program;
let connection: Connection;
/** Starts refunds and looks at them without starting a process, where the command line is not what a test is about. */
let refunds: RefundClient;
beforeAll(async () => {
  sandbox = await startSandbox();
  cli = new Cli({ TEMPORAL_ADDRESS: inject('temporalAddress'), REFUND_TASK_QUEUE: `cli-${run}` });
  worker = cli.start(['worker'], sandbox.env);
  connection = await Connection.connect({ address: inject('temporalAddress') });
  refunds = new RefundClient(new Client({ connection }), { taskQueue: `cli-${run}` });
  await worker.says('worker ready');
});
afterAll(async () => {
  const { code, stderr } = await worker.end('SIGTERM');
  cli.stop();
  await sandbox.stop();
  await connection.close();
  expect(code, stderr).toBe(0);
});

// An order is refunded once, so each refund has an order of its own; the words choose what happens.
const tradeOf = (id: string, words: string) => `${id}-${words}`;
const flagsOf = (id: string, words: string) => ['--request-id', id, '--trade-id', tradeOf(id, words)];
const start = (id: string, words: string, ...flags: string[]) =>
  cli.json(['refund', 'worldtrade', ...flagsOf(id, words), ...flags]);
const begin = (id: string, words: string, options: RefundOptions = {}) =>
  refunds.start({ product: 'worldtrade', refundRequestId: id, tradeId: tradeOf(id, words) }, options);
/** Resolves once a refund is listed as standing there: the list lags behind. */
const listed = (reference: string, status: RefundStatus) =>
  vi.waitUntil(async () => {
    for await (const _ of refunds.list({ reference, status })) return true;
    return false;
  }, PATIENTLY);
const BY = ['--by', 'ana', '--reason', 'as agreed'];
// A call of the command line takes a moment, and more where others run beside it.
const PATIENTLY = { timeout: 30_000 };
const FAST = ['--inquire-after', '100ms', '--settle-after', '100ms'];

describe.concurrent('starting a refund', () => {
  test('prints the started refund, and the second time that the refund already exists', async () => {
    const id = newId();
    const first = await start(id, 'works');
    expect(first).toEqual({
      code: 0,
      document: { refundRequestId: id, workflowId: `refund:${id}`, runId: expect.any(String), started: true },
    });
    const second = await start(id, 'works');
    expect(second).toEqual({ code: 0, document: { ...first.document, started: false } });
  });

  test('from flags or from a file, in any order of keys, is the same refund', async () => {
    const id = newId();
    const flags = ['--pay-to-id', 'pay-1', '--amount', 'USD 12.34', '--reason', 'returned'];
    const first = await cli.json(['refund', 'cashier', '--request-id', id, ...flags]);
    expect(first.document.started).toBe(true);
    const money = { value: 1234, currency: 'USD' };
    const detail = {
      refundAmount: money,
      refundToAmount: money,
      refundMethod: { paymentMethodType: 'WALLET_WF' },
    };
    const request = {
      refundReason: 'returned',
      refundToDetails: [detail],
      payToId: 'pay-1',
      refundRequestId: id,
      product: 'cashier',
    };
    const second = await cli.json(['refund', '-'], { input: `\uFEFF${JSON.stringify(request)}` });
    expect(second).toMatchObject({ code: 0, document: { started: false } });
  });

  test('under an id that is in use with other content exits with 4', async () => {
    const id = newId();
    await start(id, 'works');
    expect(await start(id, 'settles-1')).toMatchObject({
      code: 4,
      document: { error: { code: 'REFUND_CONFLICT' } },
    });
  });
});

describe.concurrent('another refund of the same order', () => {
  test('is rejected with exit code 4, unless --allow-another is given', async () => {
    const id = newId();
    await begin(id, 'works');
    const another = ['refund', 'worldtrade', '--request-id', newId(), '--trade-id', tradeOf(id, 'works')];
    await listed(tradeOf(id, 'works'), 'succeeded');
    expect(await cli.json(another)).toMatchObject({
      code: 4,
      document: { error: { code: 'ANOTHER_REFUND' } },
    });
    expect(await cli.json([...another, '--allow-another'])).toMatchObject({
      code: 0,
      document: { started: true },
    });
  });
});

describe.concurrent('refund --wait', () => {
  test('exits with 0 when the money was returned', async () => {
    const { code, document } = await start(newId(), 'works', '--wait');
    expect(code).toBe(0);
    expect(document).toMatchObject({ status: 'succeeded', outcome: { confirmedBy: 'inquiry' } });
  });

  test('exits with 1 when WorldFirst refused the refund', async () => {
    const { code, document } = await start(newId(), 'refused-REFUND_PERIOD_EXPIRED', '--wait');
    expect(code).toBe(1);
    expect(document).toMatchObject({ status: 'failed', outcome: { code: 'REFUND_PERIOD_EXPIRED' } });
  });

  test('exits with 3 when the refund needs an operator, and shows the commands for a decision', async () => {
    const id = newId();
    const args = ['refund', 'worldtrade', ...flagsOf(id, 'nobody'), '--wait', ...FAST];
    const { code, stdout } = await cli.run(args);
    expect(code).toBe(3);
    expect(stdout).toContain('Needs an operator: unknown-after-all-inquiries');
    expect(stdout).toMatch(/^ {2}mark-succeeded .* Needs evidence\.$/m);
    expect(stdout).toContain(`worldfirst-refunds decide ${id} DECISION --by YOU --reason 'WHY'\n`);
    expect(stdout).not.toContain('send-with-new-id');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it looks for colours
    expect(stdout).not.toMatch(/\u001b/);
  });

  test('stops waiting on Ctrl-C, and the refund continues', async () => {
    const id = newId();
    const waiting = cli.start(['refund', 'worldtrade', ...flagsOf(id, 'nobody'), '--wait']);
    await waiting.says('waiting until');
    const { code, stderr } = await waiting.end('SIGINT');
    expect(code).toBe(130);
    expect(stderr).toContain(`The refund continues; see it with: worldfirst-refunds show ${id}`);
    expect((await cli.json(['show', id])).code).toBe(0);
  });

  test('uses the schedule of the environment where no flag sets one', async ({ expect }) => {
    const id = newId();
    const env = { REFUND_INQUIRY_INTERVALS: '1h,2h' };
    await cli.run(['refund', 'worldtrade', ...flagsOf(id, 'nobody')], { env });
    await expect.poll(async () => (await refunds.describe(id)).inquiries.allowed, PATIENTLY).toBe(2);
  });
});

describe.concurrent('a running refund', () => {
  test('can be escalated, decided and shown', async ({ expect }) => {
    const id = newId();
    await begin(id, 'nobody');
    const escalated = await cli.json(['escalate', id, ...BY]);
    expect(escalated).toMatchObject({ code: 0, document: { refundRequestId: id } });
    await expect.poll(async () => (await refunds.describe(id)).status, PATIENTLY).toBe('needs-attention');

    const without = await cli.json(['decide', id, 'mark-failed', ...BY]);
    expect(without).toMatchObject({ code: 1, document: { error: { code: 'DECISION_REFUSED' } } });
    const decided = await cli.json(['decide', id, 'mark-failed', ...BY, '--evidence', 'ticket 4711']);
    expect(decided).toMatchObject({ code: 0, document: { status: 'failed', outcome: { by: 'ana' } } });

    const { code, stdout } = await cli.run(['show', id]);
    expect(code).toBe(0);
    expect(stdout).toContain('ticket 4711');
  });

  test('can be checked before its next planned inquiry', async ({ expect }) => {
    const id = newId();
    await begin(id, 'unknown-1');
    await expect.poll(async () => (await refunds.describe(id)).inquiries.nextAt, PATIENTLY).toBeDefined();
    expect(await cli.json(['check', id, ...BY])).toMatchObject({ code: 0 });
    await expect.poll(async () => (await refunds.describe(id)).status, PATIENTLY).toBe('succeeded');
  });

  test('with control characters in its texts shows them without their effect', async () => {
    const id = newId();
    await begin(id, 'nobody');
    await cli.run(['escalate', id, '--by', 'ana', '--reason', 'look \u001b[31mhere\u001b[0m']);
    const { stdout } = await cli.run(['show', id]);
    expect(stdout).toContain('look here');
  });

  test.each([['show'], ['check', ...BY], ['escalate', ...BY], ['decide', 'send-again', ...BY]])(
    'that does not exist: %s ends with 5',
    async (command, ...rest) => {
      const args = [command, 'there-is-no-such-refund', ...rest].filter((word) => word !== undefined);
      expect(await cli.json(args)).toMatchObject({
        code: 5,
        document: { error: { code: 'REFUND_NOT_FOUND' } },
      });
    },
  );
});

describe.concurrent('the list', () => {
  test('shows refunds that need an operator, by reason, product and reference', async () => {
    const id = newId();
    const reference = tradeOf(id, 'nobody');
    await begin(id, 'nobody', { inquiryIntervals: ['100ms'] });
    await listed(reference, 'needs-attention');
    const filter = ['--status', 'needs-attention', '--product', 'worldtrade', '--reference', reference];
    const summary = {
      refundRequestId: id,
      workflowId: `refund:${id}`,
      status: 'needs-attention',
      product: 'worldtrade',
      reference,
      amount: 'USD 100.00',
      attention: 'unknown-after-all-inquiries',
      startedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    };
    expect((await cli.json(['list', ...filter])).document).toEqual([summary]);
    const { stdout } = await cli.run(['list', ...filter]);
    const [head = '', row = ''] = stdout.split('\n');
    expect(row.indexOf('needs-attention')).toBe(head.indexOf('STATUS'));
    expect((await cli.json(['list', ...filter, '--older-than', '1h'])).document).toEqual([]);
  });

  test('has a link to the same list in the Web UI, where its address is known', async () => {
    const args = ['list', '--status', 'needs-attention', '--reference', 'nothing-of-this'];
    const { stdout, stderr } = await cli.run(args, {
      env: { REFUND_WEB_UI_URL: 'https://temporal.example.com' },
    });
    expect(stdout).toBe('no refunds\n');
    const { searchParams } = new URL(/in the Web UI: (https:\S+)/.exec(stderr)?.[1] ?? '');
    expect(searchParams.get('savedQuery')).toBe('Refunds: needs-attention, nothing-of-this');
    expect(searchParams.get('query')).toContain("RefundReference = 'nothing-of-this'");
    expect((await cli.run(args)).stderr).not.toContain('Web UI');
    const wrong = await cli.run(args, { env: { REFUND_WEB_UI_URL: 'temporal' } });
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('REFUND_WEB_UI_URL') });
  });

  test('is preceded by a warning of a misspelt variable, in every format', async () => {
    const env = { REFUND_REFERENCE_KEY: 'a:b' };
    for (const format of [[], ['--json'], ['--json-lines']]) {
      const { code, stderr } = await cli.run(['list', '--limit', '1', ...format], { env });
      expect(code).toBe(0);
      expect(stderr).toContain('Did you mean REFUND_REFERENCE_KEYS?');
    }
  });

  test('is newest first, although Temporal lists running refunds first', async () => {
    const [older, newer] = [newId(), newId()];
    const tradeId = tradeOf(older, 'refused-ACCESS_DENIED');
    await begin(older, 'refused-ACCESS_DENIED');
    await listed(tradeId, 'needs-attention');
    const request = { product: 'worldtrade', refundRequestId: newer, tradeId } as const;
    await refunds.start(request, { allowAnother: true });
    await refunds.waitUntilIdle(newer);
    const closing = { by: 'ana', reason: 'a second one', evidence: 'ticket 4711' };
    await refunds.decide(newer, { decision: 'mark-failed', ...closing });
    await listed(tradeId, 'failed');
    const { document } = await cli.json(['list', '--reference', tradeId]);
    expect(document).toMatchObject([
      { refundRequestId: newer, status: 'failed' },
      { refundRequestId: older, status: 'needs-attention' },
    ]);
  });

  test('reports that there are more refunds than it shows', async () => {
    const [first, second] = [newId(), newId()];
    await Promise.all([begin(first, 'works'), begin(second, 'works')]);
    await Promise.all([first, second].map((id) => listed(tradeOf(id, 'works'), 'succeeded')));
    const { stderr, stdout } = await cli.run(['list', '--limit', '1']);
    expect(stderr).toContain('increase --limit (shown: 1)');
    expect(stdout.trim().split('\n')).toHaveLength(2);
  });
});
