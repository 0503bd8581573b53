import type { WorkflowClientInterceptor } from '@temporalio/client';
import type { WorkerPlugin } from '@temporalio/worker';
import { redactSpans } from '../worker/redact-spans.js';
import { isSwitchedOff, otlpVariable } from './otel-variables.js';
import type { Output } from './output.js';
import { version } from './version.js';

/** OpenTelemetry's traces, as far as a command needs them. */
export interface Traces {
  /** For a worker. */
  plugin: WorkerPlugin;
  /** For a client. */
  interceptor: WorkflowClientInterceptor;
  /** Runs something in a span, to which the spans of its calls belong. */
  inSpan<T>(name: string, run: () => Promise<T>): Promise<T>;
  /** Exports what has ended. */
  close(): Promise<void>;
}

/**
 * Opens traces if OpenTelemetry's standard variables ask for them, and registers them for the process. OpenTelemetry's
 * packages are optional: without them a warning says which are missing, and the command does its work without traces.
 */
export async function openTraces(env: NodeJS.ProcessEnv, output: Output): Promise<Traces | undefined> {
  if (!isWanted(env, output)) return undefined;
  const protocol = otlpVariable(env, 'TRACES', 'PROTOCOL') ?? 'http/protobuf';
  const exporter = EXPORTERS[protocol as Protocol];
  if (!exporter) {
    const known = Object.keys(EXPORTERS).join(', ');
    output.warn(`no traces are exported: OTEL_EXPORTER_OTLP_PROTOCOL must be one of ${known}`);
    return undefined;
  }
  const packages = await load(exporter).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND' && error.code !== 'MODULE_NOT_FOUND') throw error;
  });
  // OpenTelemetry's SDK 2 has no such class, and Temporal's plugin needs the SDK 1.
  if (packages && 'Resource' in packages.resources) return opened(packages, output);
  output.warn(
    `no traces are exported, because OpenTelemetry's packages are not installed (OTEL_TRACES_EXPORTER=none ends this warning): ${installation(exporter.name)}`,
  );
  return undefined;
}

/** An endpoint asks for traces, and so does `OTEL_TRACES_EXPORTER=otlp`: then the endpoint is the usual one. */
function isWanted(env: NodeJS.ProcessEnv, output: Output): boolean {
  if (isSwitchedOff(env, 'TRACES')) return false;
  const { OTEL_TRACES_EXPORTER: given = '' } = env;
  if (given === '') return otlpVariable(env, 'TRACES', 'ENDPOINT') !== undefined;
  const isKnown = given.split(',').some((name) => name.trim() === 'otlp');
  if (!isKnown) output.warn('no traces are exported: OTEL_TRACES_EXPORTER must be otlp or none');
  return isKnown;
}

/** The package for each value of `OTEL_EXPORTER_OTLP_PROTOCOL`. */
const EXPORTERS = {
  'http/protobuf': {
    name: '@opentelemetry/exporter-trace-otlp-proto',
    load: () => import('@opentelemetry/exporter-trace-otlp-proto'),
  },
  'http/json': {
    name: '@opentelemetry/exporter-trace-otlp-http',
    load: () => import('@opentelemetry/exporter-trace-otlp-http'),
  },
  grpc: {
    name: '@opentelemetry/exporter-trace-otlp-grpc',
    load: () => import('@opentelemetry/exporter-trace-otlp-grpc'),
  },
};

type Protocol = keyof typeof EXPORTERS;

// Each of them needs the others, so the versions go together: Temporal's plugin needs OpenTelemetry's SDK 1.
const PACKAGES = [
  '@temporalio/interceptors-opentelemetry@^1.24.0',
  '@opentelemetry/api@~1.9.1',
  '@opentelemetry/resources@^1.30.1',
  '@opentelemetry/sdk-trace-node@^1.30.1',
];

function installation(exporter: string): string {
  return `npm install ${[...PACKAGES, `${exporter}@^0.57.2`].map((each) => `'${each}'`).join(' ')}`;
}

async function load(exporter: (typeof EXPORTERS)[Protocol]) {
  const [api, resources, sdk, temporal, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/sdk-trace-node'),
    import('@temporalio/interceptors-opentelemetry'),
    exporter.load(),
  ]);
  return { api, resources, sdk, temporal, OTLPTraceExporter };
}

/** The exporter, the processor and the sampler read their own standard variables. */
function opened(
  { api, resources, sdk, temporal, OTLPTraceExporter }: Awaited<ReturnType<typeof load>>,
  output: Output,
): Traces {
  api.diag.setLogger(diagnostics(output), api.DiagLogLevel.WARN);
  const { Resource, detectResourcesSync, envDetectorSync } = resources;
  // Other detectors would add the name of the user and the command line, which may have an API key in it.
  const resource = Resource.default()
    .merge(new Resource({ 'service.name': 'worldfirst-refunds', 'service.version': version }))
    .merge(detectResourcesSync({ detectors: [envDetectorSync] }));
  const spanProcessor = redactSpans(new sdk.BatchSpanProcessor(new OTLPTraceExporter()));
  const provider = new sdk.NodeTracerProvider({ resource, spanProcessors: [spanProcessor] });
  provider.register();
  const tracer = api.trace.getTracer('worldfirst-refunds');
  return {
    plugin: new temporal.OpenTelemetryPlugin({ resource, spanProcessor }),
    interceptor: withoutReads(new temporal.OpenTelemetryWorkflowClientInterceptor()),
    inSpan: (name, run) =>
      tracer.startActiveSpan(name, async (span) => {
        try {
          return await run();
        } catch (error) {
          const { code, name } = error as NodeJS.ErrnoException;
          span.setAttribute('error.type', code ?? name);
          span.setStatus({ code: api.SpanStatusCode.ERROR });
          throw error;
        } finally {
          span.end();
        }
      }),
    // It rejects where the last spans could not be exported. What the command did is done all the same.
    close: () => provider.shutdown().catch((error: Error) => output.warn(notExported(error.message))),
  };
}

/** A command that waits for a refund describes its workflow again and again, which is no part of the refund. */
function withoutReads(interceptor: WorkflowClientInterceptor): WorkflowClientInterceptor {
  return Object.assign(interceptor, {
    query: (input: never, next: (input: never) => unknown) => next(input),
    describe: (input: never, next: (input: never) => unknown) => next(input),
  });
}

/** What OpenTelemetry reports, as warnings of one line. An exporter's error is a JSON text with a stack trace. */
function diagnostics(output: Output) {
  const warn = (text: string) => output.warn(notExported(messageOf(text)));
  const ignore = () => {};
  return { error: warn, warn, info: ignore, debug: ignore, verbose: ignore };
}

function notExported(reason: string): string {
  return `traces could not be exported: ${reason}`;
}

function messageOf(text: string): string {
  try {
    return JSON.parse(text).message || text;
  } catch {
    return text;
  }
}
