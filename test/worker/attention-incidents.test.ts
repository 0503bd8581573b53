import { createServer, type IncomingHttpHeaders } from 'node:http';
import { json } from 'node:stream/consumers';
import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import type { AttentionNotice, AttentionNotifier } from '../../activities/index.js';
import { RefundClient } from '../../client/index.js';
import { notifyPagerDuty } from '../../examples/attention-pagerduty.js';
import { notifySlack } from '../../examples/attention-slack.js';
import { NO_CODE_LIMIT } from '../../testing/no-code-limit.js';
import { type Sandbox, startSandbox } from '../../testing/sandbox/index.js';
import { noticeSchema } from '../../tools/docs/notice-schema.js';
import { createRefundWorker, readWorkerConfig } from '../../worker/index.js';
import { type Opened, opened } from '../support/loopback.js';

const taskQueue = `incidents-${process.pid}`;
const WEB_UI = 'https://temporal.example.com';
const ABOUT = { by: 'Ana <ana@example.com>', reason: 'closed by WorldFirst', evidence: 'mail 7' };

// biome-ignore lint/suspicious/noExplicitAny: what it holds is what the tests look at
type Body = any;

/** A server of Slack or PagerDuty: it keeps what it receives. */
const received: { body: Body; headers: IncomingHttpHeaders }[] = [];
let status = 202;
const listener = createServer(async (request, response) => {
  received.push({ body: await json(request), headers: request.headers });
  response.writeHead(status).end('ok');
});
const url = () => `${receiver.url}/services/hidden`;

let receiver: Opened;
let sandbox: Sandbox;
let connection: NativeConnection;
let refunds: RefundClient;
let count = 0;
beforeAll(async () => {
  receiver = await opened(listener);
  sandbox = await startSandbox();
  connection = await NativeConnection.connect({ address: inject('temporalAddress') });
  refunds = new RefundClient(new Client({ connection }), { taskQueue });
});
afterEach(() => {
  received.length = 0;
  status = 202;
});
afterAll(async () => {
  await receiver.close();
  await sandbox.stop();
  await connection.close();
});

/** Runs a refund that needs an operator, decides that it failed, and returns all of its notices. */
async function noticesOf(notify: AttentionNotifier): Promise<AttentionNotice[]> {
  const notices: AttentionNotice[] = [];
  const config = readWorkerConfig({
    ...sandbox.env,
    REFUND_TASK_QUEUE: taskQueue,
    REFUND_WEB_UI_URL: WEB_UI,
  });
  const notifyAttention: AttentionNotifier = async (notice, call) => {
    await notify(notice, call);
    notices.push(notice);
  };
  const worker = await createRefundWorker({ ...NO_CODE_LIMIT, connection, ...config, notifyAttention });
  await worker.runUntil(async () => {
    count += 1;
    const id = `${taskQueue}-${count}`;
    const request = { product: 'worldtrade', refundRequestId: id, tradeId: `trade-phases-${id}` } as const;
    await refunds.startAndWait(request, { until: 'idle' });
    await vi.waitFor(() => expect(notices).toHaveLength(1), { timeout: 20_000 });
    await refunds.decide(id, { decision: 'mark-failed', ...ABOUT });
  });
  // The worker has ended, so it has delivered what it had to deliver.
  return notices;
}

test('a notice opens an incident, and another one closes it once the refund is decided', async () => {
  const [opened, closed, ...more] = await noticesOf(async () => {});
  expect(more).toEqual([]);
  expect(opened?.type).toBe('refund.needs-attention');
  expect(closed).toMatchObject({
    type: 'refund.attention-closed',
    data: {
      incident: opened?.data.incident,
      closed: { decision: 'mark-failed', by: ABOUT.by, outcome: 'failed' },
    },
  });
  for (const { id: _, ...body } of [opened as AttentionNotice, closed as AttentionNotice]) {
    expect(noticeSchema.safeParse(body).error).toBeUndefined();
    const { data } = body;
    const { workflowId, runId = '' } = data;
    const path = `/namespaces/default/workflows/${encodeURIComponent(workflowId)}/${runId}`;
    expect(runId).not.toBe('');
    expect(data.link).toBe(`${WEB_UI}${path}`);
  }
});

test('a closing notice that is not accepted is sent again', async () => {
  let failures = 0;
  const notices = await noticesOf(async ({ type }) => {
    if (type !== 'refund.attention-closed' || failures === 1) return;
    failures += 1;
    throw new Error('the receiver is down');
  });
  expect([failures, notices.map(({ type }) => type)]).toEqual([
    1,
    ['refund.needs-attention', 'refund.attention-closed'],
  ]);
});

describe('the example for PagerDuty', () => {
  test('triggers an incident and resolves the same one', async () => {
    const notices = await noticesOf(notifyPagerDuty({ routingKey: 'R0UT1NG', url: url() }));
    const [trigger, resolve] = received.map(({ body }) => body);
    expect(trigger).toEqual({
      routing_key: 'R0UT1NG',
      event_action: 'trigger',
      dedup_key: expect.stringMatching(/^.{1,255}$/),
      payload: {
        summary: expect.stringMatching(/needs an operator: several-payments$/),
        source: notices[0]?.data.workflowId,
        severity: expect.stringMatching(/^(critical|error|warning|info)$/),
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        group: 'worldtrade/several-payments',
        class: 'several-payments',
        custom_details: expect.objectContaining({
          money: 'Nothing was sent, so this refund moved no money.',
          command: notices[0]?.data.command,
        }),
      },
      links: [{ href: notices[0]?.data.link, text: expect.any(String) }],
    });
    expect(resolve).toMatchObject({ event_action: 'resolve', dedup_key: trigger.dedup_key });
  });

  test('does not repeat an event that PagerDuty rejects', async () => {
    status = 400;
    const [notice] = await noticesOf(async () => {});
    const notify = notifyPagerDuty({ routingKey: 'R0UT1NG', url: url() });
    const failure = notify(notice as AttentionNotice, { signal: AbortSignal.timeout(5_000) });
    await expect(failure).rejects.toMatchObject({ nonRetryable: true });
    await expect(failure).rejects.not.toThrow(/R0UT1NG|hidden/);
  });
});

describe('the example for Slack', () => {
  test('posts the reason with a link and the command, then the decision, with marks of Slack escaped', async () => {
    const notices = await noticesOf(notifySlack({ url: url() }));
    const [opened, closed] = received.map(({ body }) => body);
    expect(opened.text).toContain('needs an operator: several-payments');
    const [heading, text] = opened.blocks.map((block: Body) => block.text.text);
    expect(heading).toContain(`<${notices[0]?.data.link}|`);
    expect(text).toContain(`Decide: ${notices[0]?.data.command}`);
    expect(closed.blocks[1].text.text).toBe('Ana &lt;ana@example.com&gt; decided mark-failed.');
  });

  test('does not put its secret URL into an error', async () => {
    status = 500;
    const [notice] = await noticesOf(async () => {});
    const failure = notifySlack({ url: url() })(notice as AttentionNotice, {
      signal: AbortSignal.timeout(5_000),
    });
    await expect(failure).rejects.toThrow('Slack answered 500');
    await expect(failure).rejects.not.toThrow(/hidden/);
  });
});
