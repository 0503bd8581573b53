/** A metric of refunds. Prometheus shows counters with `_total` and times with `_seconds` at the end of the name. */
export interface Metric {
  name: string;
  kind: 'counter' | 'histogram' | 'gauge';
  unit?: 'seconds';
  /** Each has few values: no id, no name, no text. */
  labels: readonly string[];
  meaning: string;
}

/** Every metric. The documentation and the dashboard are made from this table. */
export const METRICS = {
  ended: {
    name: 'worldfirst_refunds_ended',
    kind: 'counter',
    labels: ['product', 'outcome'],
    meaning: 'Refunds that ended; `outcome` is `succeeded`, `accepted`, `failed` or `cancelled`.',
  },
  attentionOpened: {
    name: 'worldfirst_refunds_attention_opened',
    kind: 'counter',
    labels: ['product', 'reason'],
    meaning: 'How often a refund started to need an operator, by the [reason](people.md#reasons).',
  },
  attentionClosed: {
    name: 'worldfirst_refunds_attention_closed',
    kind: 'counter',
    labels: ['product', 'reason'],
    meaning: 'How often a refund stopped to need an operator for that reason.',
  },
  decisions: {
    name: 'worldfirst_refunds_decisions',
    kind: 'counter',
    labels: ['decision', 'result'],
    meaning:
      'Decisions of operators that reached a refund; `result` is `applied`, `repeated` or `refused`. Decisions that are refused before they are stored are not counted.',
  },
  inquiries: {
    name: 'worldfirst_refunds_inquiries',
    kind: 'counter',
    labels: ['product', 'result'],
    meaning: 'Inquiries of results, by what the answer means: `settled`, `pending`, `notFound`, `unknown` …',
  },
  calls: {
    name: 'worldfirst_refunds_calls',
    kind: 'counter',
    labels: ['operation', 'result', 'code'],
    meaning:
      'Calls to WorldFirst; `result` is `success`, `failure`, `unknown`, `unreadable` or `notSent`, `code` is a code of [Result codes](result-codes.md), `other` or `none`.',
  },
  callDuration: {
    name: 'worldfirst_refunds_call_duration',
    kind: 'histogram',
    unit: 'seconds',
    labels: ['operation', 'result'],
    meaning: 'How long the calls to WorldFirst took.',
  },
  throttled: {
    name: 'worldfirst_refunds_throttled_calls',
    kind: 'counter',
    labels: ['operation'],
    meaning: 'Calls that WorldFirst refused because of its rate limit.',
  },
  badSignatures: {
    name: 'worldfirst_refunds_bad_signatures',
    kind: 'counter',
    labels: ['operation'],
    meaning:
      'Answers whose signature is missing or wrong, and with `operation="notification"` notifications whose signature is wrong.',
  },
  notices: {
    name: 'worldfirst_refunds_attention_notices',
    kind: 'counter',
    labels: ['type', 'result'],
    meaning:
      'Deliveries of attention notices; `result` is `delivered` or `failed`. A failed one is tried again.',
  },
  open: {
    name: 'worldfirst_refunds_open',
    kind: 'gauge',
    labels: ['product', 'status'],
    meaning:
      'Refunds of the task queue that are open now: `applying`, `unknown`, `processing` or `needs-attention`. One worker at a time counts them, every 30 seconds, and the others show 0: take the maximum, not the sum.',
  },
  oldestOpenAge: {
    name: 'worldfirst_refunds_oldest_open_age',
    kind: 'gauge',
    unit: 'seconds',
    labels: ['product', 'status'],
    meaning: 'How long ago the oldest of these refunds started; 0 when there is none.',
  },
  notifications: {
    name: 'worldfirst_refunds_notifications',
    kind: 'counter',
    labels: ['result'],
    meaning:
      'Closure notifications that `notifications` received: `delivered`, `nothing-new`, `unknown-trade`, `stopped`, `contradiction`, `refused` or `not-delivered`.',
  },
} as const satisfies Record<string, Metric>;

/** The key of a metric. */
export type MetricKey = keyof typeof METRICS;

type Labels<Key extends MetricKey> = Record<(typeof METRICS)[Key]['labels'][number], string>;

/** The part of a meter of Temporal's SDK that is used here; workflows, activities and workers each have one. */
export interface Meter {
  /** Makes a counter, or returns the one of that name. */
  createCounter(
    name: string,
    unit?: string,
    description?: string,
  ): { add(value: number, tags?: Record<string, string>): void };
  /** Makes a histogram, or returns the one of that name. */
  createHistogram(
    name: string,
    valueType: 'float',
    unit?: string,
    description?: string,
  ): { record(value: number, tags?: Record<string, string>): void };
  /** Makes a gauge, or returns the one of that name. */
  createGauge(
    name: string,
    valueType: 'float',
    unit?: string,
    description?: string,
  ): { set(value: number, tags?: Record<string, string>): void };
}

/** Adds to a counter, one by default. */
export function count<Key extends MetricKey>(
  meter: Pick<Meter, 'createCounter'>,
  key: Key,
  labels: Labels<Key>,
  value = 1,
): void {
  const { name, meaning } = METRICS[key];
  meter.createCounter(name, undefined, plain(meaning)).add(value, labels);
}

/** Records a time in a histogram, in seconds. */
export function recordSeconds<Key extends MetricKey>(
  meter: Pick<Meter, 'createHistogram'>,
  key: Key,
  seconds: number,
  labels: Labels<Key>,
): void {
  const { name, meaning } = METRICS[key];
  meter.createHistogram(name, 'float', 'seconds', plain(meaning)).record(seconds, labels);
}

/** Sets a gauge. */
export function setGauge<Key extends MetricKey>(
  meter: Pick<Meter, 'createGauge'>,
  key: Key,
  value: number,
  labels: Labels<Key>,
): void {
  const metric: Metric = METRICS[key];
  // The SDK (1.24) adds the unit to the names of histograms only.
  meter.createGauge(prometheusName(metric), 'float', undefined, plain(metric.meaning)).set(value, labels);
}

/** The name under which Prometheus shows it; a histogram has `_bucket`, `_sum` and `_count` behind it. */
export function prometheusName({ name, kind, unit }: Metric): string {
  return `${name}${unit ? `_${unit}` : ''}${kind === 'counter' ? '_total' : ''}`;
}

/** The meaning without the links of the documentation. */
function plain(meaning: string): string {
  return meaning.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1').replaceAll('`', '');
}

/** The buckets of the durations of calls, in seconds: a call may take at most 50 s. */
export const CALL_DURATION_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 50];
