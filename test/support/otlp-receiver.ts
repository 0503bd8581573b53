import { buffer } from 'node:stream/consumers';
import { serve } from './loopback.js';

/** A span as OTLP has it in JSON. */
export interface ReceivedSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  status: { code?: number; message?: string };
  events: unknown[];
  links: unknown[];
  attributes: Record<string, unknown>;
  /** The name of the instrumentation. */
  scope: string;
  resource: Record<string, unknown>;
}

/** A collector of OpenTelemetry that keeps what it receives. */
export interface OtlpReceiver {
  url: string;
  /** Each request as it came. */
  requests: { path: string | undefined; headers: NodeJS.Dict<string | string[]>; body: Buffer }[];
  /** The spans of the requests in JSON, in their order. */
  spans(): ReceivedSpan[];
}

/** Opens a collector that is closed when the test ends. */
export async function otlpReceiver(): Promise<OtlpReceiver> {
  const requests: OtlpReceiver['requests'] = [];
  const { url } = await serve(async (incoming, outgoing) => {
    const body = await buffer(incoming);
    requests.push({ path: incoming.url, headers: incoming.headers, body });
    const type = incoming.headers['content-type'];
    outgoing.writeHead(200, { 'content-type': type }).end(type === 'application/json' ? '{}' : '');
  });
  return {
    url,
    requests,
    spans: () =>
      requests.flatMap(({ headers, body }) =>
        headers['content-type'] === 'application/json' ? spansOf(JSON.parse(body.toString())) : [],
      ),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: OTLP in JSON
function spansOf({ resourceSpans = [] }: any): ReceivedSpan[] {
  // biome-ignore lint/suspicious/noExplicitAny: the same
  return resourceSpans.flatMap(({ resource, scopeSpans }: any) =>
    // biome-ignore lint/suspicious/noExplicitAny: the same
    scopeSpans.flatMap(({ scope, spans }: any) =>
      // biome-ignore lint/suspicious/noExplicitAny: the same
      spans.map((span: any) => ({
        ...span,
        attributes: valuesOf(span.attributes),
        scope: scope.name,
        resource: valuesOf(resource.attributes),
      })),
    ),
  );
}

function valuesOf(attributes: { key: string; value: Record<string, unknown> }[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

/** The spans of one trace as lines, each below its parent and further to the right. */
export function treeOf(received: readonly ReceivedSpan[]): string[] {
  const spans = received.toSorted((a, b) =>
    Number(BigInt(a.startTimeUnixNano) - BigInt(b.startTimeUnixNano)),
  );
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const below = (parent: ReceivedSpan | undefined, depth: number): string[] =>
    spans
      .filter(({ parentSpanId }) => (parent ? parentSpanId === parent.spanId : !ids.has(parentSpanId ?? '')))
      .flatMap((span) => [`${'  '.repeat(depth)}${span.name}`, ...below(span, depth + 1)]);
  return below(undefined, 0);
}
