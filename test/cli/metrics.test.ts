// @module-tag long
import { createServer } from 'node:net';
import { expect, test, vi } from 'vitest';
import { freePorts } from '../../testing/free-ports.js';
import { signedHeaders } from '../notifications/fixtures.js';
import { expectLoopbackOnly } from '../support/listening.js';
import { openedForTest } from '../support/loopback.js';
import { otlpReceiver } from '../support/otlp-receiver.js';
import { useCli } from './use-cli.js';

const setting = useCli('cli-metrics');
const { cli, queue, env } = setting;

/** What Prometheus reads, by the sample's name and the labels that are not of the SDK. */
async function scrape(port: number): Promise<Map<string, number>> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  const lines = (await response.text()).split('\n').filter((line) => !line.startsWith('#'));
  return new Map(
    lines.flatMap((line) => {
      const [, name = '', labels = '', value = ''] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      const own = labels.replaceAll(/(^|,)(namespace|taskQueue|workflowType|activityType)="[^"]*"/g, '');
      return name ? [[`${name}{${own.replace(/^,/, '')}}`, Number(value)]] : [];
    }),
  );
}

const PATIENT = { timeout: 30_000, interval: 200 };

async function start(name: string, tradeId: string): Promise<number | null> {
  const args = ['refund', 'worldtrade', '--request-id', `${queue}-${name}`, '--trade-id', tradeId, '--wait'];
  return (await cli.run(args, { env })).code;
}

test('a worker serves the metrics of its refunds beside those of the SDK', async () => {
  const [port = 0] = await freePorts(1);
  const worker = cli.start(['worker', '--metrics', String(port)], env);
  await worker.says('worker ready');
  expectLoopbackOnly(worker.child.pid, [port]);
  const first = await scrape(port);
  const zeros = [
    'worldfirst_refunds_ended_total{outcome="succeeded",product="worldtrade"}',
    'worldfirst_refunds_attention_opened_total{product="cashier",reason="escalated"}',
    'worldfirst_refunds_bad_signatures_total{operation="refund"}',
  ];
  expect(zeros.map((name) => first.get(name))).toEqual([0, 0, 0]);

  expect(await start('good', `trade-${queue}`)).toBe(0);
  expect(await start('refused', `trade-refused-REFUND_PERIOD_EXPIRED-${queue}`)).toBe(1);
  expect(await start('asks', `trade-refused-INVALID_SIGNATURE-${queue}`)).toBe(3);
  const about = ['--by', 'ana', '--reason', 'closed by WorldFirst', '--evidence', 'mail 7'];
  const decided = await cli.run(['decide', `${queue}-asks`, 'mark-failed', ...about], { env });
  expect([decided.code, decided.stderr]).toEqual([0, '']);

  const samples = await vi.waitFor(async () => {
    const all = await scrape(port);
    expect(all.get('worldfirst_refunds_ended_total{outcome="failed",product="worldtrade"}')).toBe(2);
    return all;
  }, PATIENT);
  const expected = {
    'worldfirst_refunds_ended_total{outcome="succeeded",product="worldtrade"}': 1,
    'worldfirst_refunds_attention_opened_total{product="worldtrade",reason="configuration"}': 1,
    'worldfirst_refunds_attention_closed_total{product="worldtrade",reason="configuration"}': 1,
    'worldfirst_refunds_attention_opened_total{product="worldtrade",reason="escalated"}': 0,
    'worldfirst_refunds_decisions_total{decision="mark-failed",result="applied"}': 1,
    'worldfirst_refunds_inquiries_total{product="worldtrade",result="settled"}': 1,
    'worldfirst_refunds_calls_total{code="SUCCESS",operation="applyRefund",result="success"}': 1,
    'worldfirst_refunds_calls_total{code="REFUND_PERIOD_EXPIRED",operation="applyRefund",result="failure"}': 1,
    'worldfirst_refunds_calls_total{code="INVALID_SIGNATURE",operation="applyRefund",result="failure"}': 1,
    'worldfirst_refunds_calls_total{code="SUCCESS",operation="queryTradeOrder",result="success"}': 3,
    'worldfirst_refunds_call_duration_seconds_count{operation="applyRefund",result="failure"}': 2,
    'worldfirst_refunds_call_duration_seconds_bucket{operation="applyRefund",result="failure",le="50"}': 2,
    [`temporal_workflow_completed_total{task_queue="${queue}",workflow_type="refund"}`]: 3,
  };
  const found = Object.keys(expected).map((name) => [name, samples.get(name)]);
  expect(Object.fromEntries(found)).toEqual(expected);
  // No label has an id.
  const labels = [...samples.keys()].join('\n').replaceAll(`task_queue="${queue}"`, '');
  expect(labels).not.toContain(queue);
  expect((await worker.end('SIGTERM')).code).toBe(0);
});

test('a code that WorldFirst invents, too many calls and a wrong signature are counted', async () => {
  const [port = 0] = await freePorts(1);
  const worker = cli.start(['worker', '--metrics', String(port)], env);
  await worker.says('worker ready');
  await start('invented', `trade-refused-NEVER_HEARD_OF-${queue}`);
  const startOnly = (name: string, scenario: string) =>
    cli.run(
      [
        'refund',
        'worldtrade',
        '--request-id',
        `${queue}-${name}`,
        '--trade-id',
        `trade-${scenario}-${queue}`,
      ],
      {
        env,
      },
    );
  await startOnly('forged', 'wrong-signature-after');
  await startOnly('throttled', 'throttled-before');
  await vi.waitFor(async () => {
    const all = await scrape(port);
    const names = [
      'worldfirst_refunds_calls_total{code="other",operation="applyRefund",result="failure"}',
      'worldfirst_refunds_bad_signatures_total{operation="applyRefund"}',
      'worldfirst_refunds_throttled_calls_total{operation="applyRefund"}',
    ];
    expect(names.map((name) => all.get(name))).toEqual([1, 1, 1]);
  }, PATIENT);
  await worker.end('SIGTERM');
});

test('a receiver counts its notifications by their result', async () => {
  const [port = 0] = await freePorts(1);
  const program = cli.start(
    ['notifications', '--port', '0', '--metrics', `localhost:${port}`, '--json'],
    env,
  );
  const { url } = JSON.parse(await program.prints());
  const body = '{"tradeId":"T-1","isRefund":"Y"}';
  const headers = signedHeaders(body, { clientId: env.WORLDFIRST_CLIENT_ID as string });
  await fetch(url, { method: 'POST', headers, body });
  await setting.sandbox.notify({ url, tradeId: 'T-unheard-of', isRefund: 'Y' });
  await vi.waitFor(async () => {
    const all = await scrape(port);
    expect(all.get('worldfirst_refunds_notifications_total{result="refused"}')).toBe(1);
    expect(all.get('worldfirst_refunds_notifications_total{result="unknown-trade"}')).toBe(1);
  }, PATIENT);
  expect((await program.end('SIGTERM')).code).toBe(0);
});

test.each(['worker', 'notifications'])(
  '%s ends with 2 if the port for metrics is in use',
  async (command) => {
    const { port } = await openedForTest(createServer());
    const args = command === 'worker' ? [] : ['--port', '0'];
    const { code, stderr } = await cli.run([command, ...args, '--metrics', String(port)], { env });
    expect([code, stderr]).toEqual([2, expect.stringContaining('The metrics cannot be opened')]);
  },
);

test.each([
  ['OTEL_EXPORTER_OTLP_ENDPOINT', ''],
  ['OTEL_EXPORTER_OTLP_METRICS_ENDPOINT', '/v1/metrics'],
])('a worker sends its metrics to the collector that %s names', async (variable, path) => {
  const collector = await otlpReceiver();
  const worker = cli.start(['worker'], {
    ...env,
    [variable]: `${collector.url}${path}`,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20b',
    OTEL_METRIC_EXPORT_INTERVAL: '200',
  });
  await worker.says('worker ready');
  await vi.waitFor(() => {
    const sent = collector.requests.find(({ body }) => body.includes('worldfirst_refunds_ended'));
    expect([sent?.path, sent?.headers['x-key']]).toEqual(['/v1/metrics', 'a b']);
  }, PATIENT);
  expect((await worker.end('SIGTERM')).code).toBe(0);
});
