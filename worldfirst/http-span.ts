import { createRequire } from 'node:module';
import type { ApiAnswer } from './classify-response.js';
import { documentedCode } from './result-codes.js';
import type { Reply } from './transport.js';

type OpenTelemetry = typeof import('@opentelemetry/api');

/** A call over HTTP: what came back, and what it means. */
interface Called<Body> {
  reply: Reply;
  answer: ApiAnswer<Body>;
}

/**
 * Makes a call in a span, where the application has OpenTelemetry; otherwise it only makes the call. The attributes are those
 * of OpenTelemetry's conventions for HTTP clients, the operation, the kind of the answer and WorldFirst's result code.
 */
export async function inHttpSpan<Body>(
  url: URL,
  call: () => Promise<Called<Body>>,
): Promise<ApiAnswer<Body>> {
  const otel = openTelemetry();
  if (!otel) return (await call()).answer;
  const { trace, context, SpanKind, SpanStatusCode } = otel;
  const span = trace.getTracer('worldfirst-refunds').startSpan(`POST ${url.pathname}`, {
    kind: SpanKind.CLIENT,
    attributes: {
      'http.request.method': 'POST',
      'url.full': url.href,
      'server.address': url.hostname,
      'server.port': Number(url.port) || (url.protocol === 'https:' ? 443 : 80),
      'worldfirst.operation': url.pathname.slice(url.pathname.lastIndexOf('/') + 1),
    },
  });
  // An instrumentation of node:http would add a `traceparent` header, which is not in WorldFirst's contract, and a second span.
  const quiet = context.active().setValue(otel.createContextKey(SUPPRESS_TRACING), true);
  try {
    const { reply, answer } = await context.with(quiet, call);
    if (reply.kind === 'answer') span.setAttribute('http.response.status_code', reply.status);
    span.setAttribute('worldfirst.result.kind', answer.kind);
    if ('code' in answer && answer.code)
      span.setAttribute('worldfirst.result.code', documentedCode(answer.code));
    const errorType = errorTypeOf(reply, answer);
    if (errorType !== undefined) {
      span.setAttribute('error.type', errorType);
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    return answer;
  } finally {
    span.end();
  }
}

/** A refusal is an answer like success; what is no usable answer is an error. */
function errorTypeOf(reply: Reply, { kind }: ApiAnswer<unknown>): string | undefined {
  if (reply.kind !== 'answer') return reply.code ?? reply.kind;
  if (reply.status >= 400) return String(reply.status);
  return kind === 'success' || kind === 'failure' ? undefined : kind;
}

// By this key OpenTelemetry's own packages agree that nothing is traced.
const SUPPRESS_TRACING = 'OpenTelemetry SDK Context Key SUPPRESS_TRACING';

let loaded: { api: OpenTelemetry | undefined } | undefined;

/** OpenTelemetry's interface; undefined where the application does not have it. */
function openTelemetry(): OpenTelemetry | undefined {
  loaded ??= { api: load() };
  return loaded.api;
}

function load(): OpenTelemetry | undefined {
  try {
    return createRequire(import.meta.url)('@opentelemetry/api');
  } catch {
    return undefined;
  }
}
