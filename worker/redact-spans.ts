/** What {@link redactSpans} needs of a span processor of OpenTelemetry. */
export interface RedactableSpanProcessor {
  /** Called when a span starts. */
  onStart(span: never, context: never): void;
  /** Called when a span has ended. */
  onEnd(span: never): void;
  /** Exports what has ended. */
  forceFlush(): Promise<void>;
  /** Exports what has ended, and takes no more. */
  shutdown(): Promise<void>;
}

/**
 * The attributes that leave the process in a span of Temporal's SDK or of this package. Whatever is not here is removed: the SDK
 * adds the memo, the search attributes and the request of a refund to the spans of its workflow.
 */
export const SPAN_ATTRIBUTES: Readonly<Record<string, string>> = {
  temporalWorkflowId: 'The workflow id. The refund request id is in it.',
  run_id: 'The run of the workflow.',
  temporalActivityId: 'The number of the activity in its run.',
  temporalUpdateId: 'The id of an update, which the client makes.',
  namespace: 'The namespace in Temporal.',
  taskQueue: 'The task queue.',
  workflowType: 'The workflow: `refund`, or one of yours.',
  'http.request.method': '`POST`.',
  'url.full': "The URL of WorldFirst's API: no query, no password.",
  'server.address': "WorldFirst's host.",
  'server.port': "WorldFirst's port.",
  'http.response.status_code': 'The HTTP status; absent without an answer.',
  'worldfirst.operation': '`queryTradeOrder`, `applyRefund`, `refund` or `inquireRefund`.',
  'worldfirst.result.kind': '`success`, `failure`, `unknown`, `unreadable` or `notSent`.',
  'worldfirst.result.code': 'A code of [Result codes](result-codes.md), or `other`.',
  'error.type':
    'Why a span failed: a code such as `ECONNREFUSED`, an HTTP status, the kind of an unusable answer, or the type of an error.',
};

/** In the spans of workflows the SDK has other names for the two ids. One name finds all spans of a refund. */
const SAME_AS: Readonly<Record<string, string>> = { workflowId: 'temporalWorkflowId', runId: 'run_id' };

// Of Temporal's SDK, and of this package.
const SCOPE = /^(@temporalio\/|worldfirst-refunds$)/;

// The work queue and `--wait` read a refund again and again. The workflow is not changed by that.
const READ = /^HandleQuery:/;

type Attributes = Record<string, unknown>;

/** A span that has ended; OpenTelemetry's SDK 1 and 2 name its scope differently. */
interface EndedSpan {
  name: string;
  instrumentationLibrary?: { name: string };
  instrumentationScope?: { name: string };
  attributes: Attributes;
  status: { code: number };
  events: { name: string; attributes?: Attributes }[];
  links: { attributes?: Attributes }[];
}

/**
 * Wraps a span processor, so that the spans of refunds have no personal data and no texts when they leave the process: only
 * the attributes that docs/traces.md lists remain, and errors keep their type and lose their message. Spans of other
 * instrumentations pass as they are.
 *
 * @example
 * const spanProcessor = redactSpans(new BatchSpanProcessor(new OTLPTraceExporter()));
 * const provider = new NodeTracerProvider({ resource, spanProcessors: [spanProcessor] });
 * const plugin = new OpenTelemetryPlugin({ resource, spanProcessor });
 *
 * @param processor a span processor of OpenTelemetry's SDK
 * @returns the processor for the tracer provider and for Temporal's `OpenTelemetryPlugin`
 */
export function redactSpans<Processor extends RedactableSpanProcessor>(
  processor: Processor,
): Pick<Processor, keyof RedactableSpanProcessor> {
  return {
    onStart: (span, context) => processor.onStart(span, context),
    onEnd(span) {
      const ended: EndedSpan = span;
      const scope = ended.instrumentationScope ?? ended.instrumentationLibrary;
      if (!SCOPE.test(scope?.name ?? '')) processor.onEnd(span);
      else if (!READ.test(ended.name)) processor.onEnd(redacted(ended) as never);
    },
    forceFlush: () => processor.forceFlush(),
    shutdown: () => processor.shutdown(),
  };
}

/** The rest of the span stays as it is: a copy would lose its methods. */
function redacted(span: EndedSpan): EndedSpan {
  const exception = span.events.find(({ name }) => name === 'exception')?.attributes?.['exception.type'];
  const given = exception === undefined ? span.attributes : { 'error.type': exception, ...span.attributes };
  return Object.create(span, {
    attributes: { value: allowed(given) },
    // Its message is that of the error.
    status: { value: { code: span.status.code } },
    // Exceptions, with message and stack trace.
    events: { value: [] },
    links: { value: span.links.map((link) => ({ ...link, attributes: {} })) },
  });
}

function allowed(attributes: Attributes): Attributes {
  const entries = Object.entries(attributes).flatMap(([given, value]) => {
    const name = SAME_AS[given] ?? given;
    return Object.hasOwn(SPAN_ATTRIBUTES, name) && isSimple(value) ? [[name, value]] : [];
  });
  return Object.fromEntries(entries);
}

function isSimple(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}
