// @module-tag long
import { createServer } from 'node:http2';
import { expect, test, vi } from 'vitest';
import { SPAN_ATTRIBUTES } from '../../worker/redact-spans.js';
import { openedForTest } from '../support/loopback.js';
import { type OtlpReceiver, otlpReceiver, type ReceivedSpan, treeOf } from '../support/otlp-receiver.js';
import { useCli } from './use-cli.js';

const setting = useCli('cli-traces');
const { cli, queue, env } = setting;

/** A collector, and the variables that name it. */
async function collector(): Promise<{ receiver: OtlpReceiver; otel: Record<string, string> }> {
  const receiver = await otlpReceiver();
  const otel = {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_METRICS_EXPORTER: 'none',
  };
  return { receiver, otel };
}

/** Runs a command in a process of its own: OpenTelemetry's interfaces are global. */
function run(args: string[], otel: Record<string, string>) {
  return cli.start(args, { ...env, ...otel }).ended;
}

const worldtrade = (name: string, trade = 'plain') => [
  'refund',
  'worldtrade',
  '--request-id',
  `${queue}-${name}`,
  '--trade-id',
  `trade-${trade}-${queue}-${name}`,
];

/** The spans of each trace. */
function traces(spans: readonly ReceivedSpan[]): ReceivedSpan[][] {
  const ids = new Set(spans.map(({ traceId }) => traceId));
  return [...ids].map((id) => spans.filter(({ traceId }) => traceId === id));
}

const named = (spans: readonly ReceivedSpan[], name: string) => spans.filter((span) => span.name === name);
const PATH = '/amsin/api/v1/business';

test('the command, the workflow, its activities and the calls to WorldFirst are one trace', async () => {
  const { receiver, otel } = await collector();
  const attributes = {
    OTEL_SERVICE_NAME: 'payments',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=test',
  };
  const headers = { OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20b' };
  const worker = cli.start(['worker'], { ...env, ...otel, ...attributes, ...headers });
  await worker.says('worker ready');
  expect((await run([...worldtrade('good'), '--wait'], otel)).code).toBe(0);
  expect((await worker.end('SIGTERM')).code).toBe(0);

  const [trace = [], ...others] = traces(receiver.spans());
  expect(others).toEqual([]);
  const activity = (name: string, api: string) => [
    `      StartActivity:${name}`,
    `        RunActivity:${name}`,
    `          POST ${PATH}/${api}`,
  ];
  expect(treeOf(trace)).toEqual([
    'refund',
    '  StartWorkflow:refund',
    '    RunWorkflow:refund',
    ...activity('queryTradeOrder', 'worldtrade/queryTradeOrder'),
    ...activity('applyRefund', 'worldtrade/applyRefund'),
    ...activity('inquireRefund', 'inquireRefund'),
  ]);
  const port = Number(new URL(setting.sandbox.url).port);
  const [call] = named(trace, `POST ${PATH}/worldtrade/applyRefund`);
  expect(call).toMatchObject({ kind: 3, scope: 'worldfirst-refunds', status: { code: 0 } });
  expect(call?.attributes).toEqual({
    'http.request.method': 'POST',
    'http.response.status_code': 200,
    'server.address': '127.0.0.1',
    'server.port': port,
    'url.full': `${setting.sandbox.url}${PATH}/worldtrade/applyRefund`,
    'worldfirst.operation': 'applyRefund',
    'worldfirst.result.code': 'SUCCESS',
    'worldfirst.result.kind': 'success',
  });
  const workflowId = `refund:${queue}-good`;
  const ofTemporal = trace.filter(({ scope }) => scope.startsWith('@temporalio/'));
  expect(new Set(ofTemporal.map((span) => span.attributes.temporalWorkflowId))).toEqual(
    new Set([workflowId]),
  );
  expect(named(trace, 'RunWorkflow:refund')[0]?.resource).toMatchObject({
    'service.name': 'payments',
    'deployment.environment': 'test',
  });
  // The worker's last.
  expect(receiver.requests.at(-1)).toMatchObject({ path: '/v1/traces', headers: { 'x-key': 'a b' } });
});

test('nothing that anybody wrote leaves the process, and no secret', async () => {
  const { receiver, otel } = await collector();
  const worker = cli.start(['worker'], { ...env, ...otel });
  await worker.says('worker ready');
  // The refund stops for an operator; WorldFirst's message, the operator's name and the reason stay in Temporal.
  expect((await run([...worldtrade('asks', 'refused-INVALID_SIGNATURE'), '--wait'], otel)).code).toBe(3);
  const said = ['--by', 'planted-name', '--reason', 'planted-reason', '--evidence', 'planted-evidence'];
  const decided = await run(['decide', `${queue}-asks`, 'mark-failed', ...said], otel);
  expect([decided.code, decided.stderr]).toEqual([0, '']);
  // The activity fails with a sentence about what happened.
  expect((await run([...worldtrade('fails', 'query-badgateway'), '--wait'], otel)).code).toBe(0);
  expect((await worker.end('SIGTERM')).code).toBe(0);

  const spans = receiver.spans();
  expect(named(spans, 'HandleUpdate:decide')).toHaveLength(1);
  const [refused] = named(spans, `POST ${PATH}/worldtrade/applyRefund`);
  expect(refused?.attributes).toMatchObject({
    'worldfirst.result.kind': 'failure',
    'worldfirst.result.code': 'INVALID_SIGNATURE',
  });
  const failed = spans
    .filter(({ status }) => status.code === 2)
    .map(({ name, attributes }) => [name, attributes['error.type']]);
  expect(failed).toEqual([
    [`POST ${PATH}/worldtrade/queryTradeOrder`, '502'],
    ['RunActivity:queryTradeOrder', 'ApplicationFailure'],
    ['StartActivity:queryTradeOrder', 'ApplicationFailure'],
  ]);
  for (const span of spans) {
    expect(Object.keys(SPAN_ATTRIBUTES), span.name).toEqual(
      expect.arrayContaining(Object.keys(span.attributes)),
    );
    expect([span.events, span.links, span.status.message], span.name).toEqual([[], [], undefined]);
  }
  const sent = receiver.requests.map(({ body }) => body.toString()).join('\n');
  const keyPieces = (env.WORLDFIRST_PRIVATE_KEY ?? '').match(/[\w+/=]{40,}/g) ?? [];
  expect(keyPieces.length).toBeGreaterThan(5);
  for (const secret of [
    'planted',
    'trade-',
    'fingerprint',
    'answered',
    env.WORLDFIRST_CLIENT_ID,
    ...keyPieces,
  ])
    expect(sent).not.toContain(secret);
});

test('each protocol of OpenTelemetry is spoken, and a trace has a path of its own', async () => {
  const { receiver, otel } = await collector();
  const { OTEL_EXPORTER_OTLP_PROTOCOL: _, ...usual } = otel;
  expect((await run(worldtrade('protobuf'), usual)).code).toBe(0);
  const own = {
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${receiver.url}/own`,
    OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-key=b',
  };
  expect((await run(worldtrade('own-path'), own)).code).toBe(0);
  expect(
    receiver.requests.map(({ path, headers }) => [path, headers['content-type'], headers['x-key']]),
  ).toEqual([
    ['/v1/traces', 'application/x-protobuf', undefined],
    ['/own', 'application/x-protobuf', 'b'],
  ]);
  for (const { body } of receiver.requests) expect(body.toString('latin1')).toContain('StartWorkflow:refund');

  const paths: unknown[] = [];
  const grpc = createServer().on('stream', (stream, headers) => {
    paths.push(headers[':path']);
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '0' },
      { endStream: true },
    );
  });
  const { url } = await openedForTest(grpc);
  await run(worldtrade('grpc'), {
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
  });
  expect(paths).toEqual(['/opentelemetry.proto.collector.trace.v1.TraceService/Export']);
});

test.each([
  ['OTEL_SDK_DISABLED', 'true', ''],
  ['OTEL_TRACES_EXPORTER', 'none', ''],
  ['OTEL_TRACES_SAMPLER', 'always_off', ''],
  [
    'OTEL_TRACES_EXPORTER',
    'zipkin',
    'warning: no traces are exported: OTEL_TRACES_EXPORTER must be otlp or none',
  ],
  ['OTEL_EXPORTER_OTLP_PROTOCOL', 'udp', 'must be one of http/protobuf, http/json, grpc'],
])('%s=%s exports nothing', async (variable, value, warning) => {
  const { receiver, otel } = await collector();
  const { code, stderr } = await run(worldtrade(`${variable}-${value}`), { ...otel, [variable]: value });
  expect([code, receiver.requests]).toEqual([0, []]);
  if (warning) expect(stderr).toContain(warning);
  else expect(stderr).toBe('');
});

test('a collector that is not there stops no refund, and is reported in one line', async () => {
  const { code, stderr } = await run(worldtrade('no-collector'), {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
  });
  expect([code, stderr]).toEqual([
    0,
    expect.stringMatching(/^warning: traces could not be exported: .*ECONNREFUSED.*\n$/),
  ]);
});

test('a notification is traced from the receiver to the refund', async () => {
  const { receiver, otel } = await collector();
  const worker = cli.start(['worker'], { ...env, ...otel });
  const program = cli.start(['notifications', '--port', '0', '--json'], { ...env, ...otel });
  const [{ url }] = [JSON.parse(await program.prints())];
  await worker.says('worker ready');
  expect((await run([...worldtrade('notified', 'never-settles'), '--settle-after', '1h'], otel)).code).toBe(
    0,
  );
  const tradeId = `trade-never-settles-${queue}-notified`;
  await vi.waitFor(
    async () => {
      await setting.sandbox.notify({ url, tradeId, isRefund: 'Y' });
      expect((await cli.run(['show', `${queue}-notified`, '--json'], { env })).stdout).toContain(
        '"succeeded"',
      );
    },
    { timeout: 30_000, interval: 500 },
  );
  expect((await program.end('SIGTERM')).code).toBe(0);
  expect((await worker.end('SIGTERM')).code).toBe(0);
  const sent =
    traces(receiver.spans()).find((trace) => named(trace, 'SignalWorkflow:notification').length > 0) ?? [];
  expect(treeOf(sent).slice(0, 2)).toEqual(['SignalWorkflow:notification', '  HandleSignal:notification']);
});
