import { context, propagation, trace } from '@opentelemetry/api';
import { Resource } from '@opentelemetry/resources';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { OpenTelemetryPlugin } from '@temporalio/interceptors-opentelemetry';
import { afterAll, beforeEach } from 'vitest';
import { redactSpans } from '../../worker/redact-spans.js';

/** OpenTelemetry as an application sets it up, with its spans in memory. */
export function useTracing() {
  const exporter = new InMemorySpanExporter();
  const spanProcessor = redactSpans(new SimpleSpanProcessor(exporter));
  const resource = new Resource({ 'service.name': 'shop' });
  const provider = new NodeTracerProvider({ resource, spanProcessors: [spanProcessor] });
  provider.register();
  beforeEach(() => exporter.reset());
  afterAll(async () => {
    await provider.shutdown();
    // They are those of the process.
    for (const api of [trace, context, propagation]) api.disable();
  });
  return {
    plugin: new OpenTelemetryPlugin({ resource, spanProcessor }),
    /** The spans that have ended since the test began. */
    spans: (): ReadableSpan[] => exporter.getFinishedSpans(),
    /** Runs something as part of an operation of the application's. */
    inSpan: <T>(name: string, run: () => Promise<T>): Promise<T> =>
      trace.getTracer('shop').startActiveSpan(name, (span) => run().finally(() => span.end())),
  };
}
