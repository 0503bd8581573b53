import { describe, expect, it, test } from 'vitest';
import {
  CALL_DURATION_BUCKETS,
  count,
  METRICS,
  prometheusName,
  recordSeconds,
  setGauge,
} from '../../rules/metrics.js';

/** Dashboards and alerts of users read these names and labels, so a change of one breaks them. */
test('each metric has its name in Prometheus, and its labels', () => {
  const shown = Object.entries(METRICS).map(([key, metric]) => [
    key,
    prometheusName(metric),
    metric.labels.join(' '),
  ]);
  expect(shown).toEqual([
    ['ended', 'worldfirst_refunds_ended_total', 'product outcome'],
    ['attentionOpened', 'worldfirst_refunds_attention_opened_total', 'product reason'],
    ['attentionClosed', 'worldfirst_refunds_attention_closed_total', 'product reason'],
    ['decisions', 'worldfirst_refunds_decisions_total', 'decision result'],
    ['inquiries', 'worldfirst_refunds_inquiries_total', 'product result'],
    ['calls', 'worldfirst_refunds_calls_total', 'operation result code'],
    ['callDuration', 'worldfirst_refunds_call_duration_seconds', 'operation result'],
    ['throttled', 'worldfirst_refunds_throttled_calls_total', 'operation'],
    ['badSignatures', 'worldfirst_refunds_bad_signatures_total', 'operation'],
    ['notices', 'worldfirst_refunds_attention_notices_total', 'type result'],
    ['open', 'worldfirst_refunds_open', 'product status'],
    ['oldestOpenAge', 'worldfirst_refunds_oldest_open_age_seconds', 'product status'],
    ['notifications', 'worldfirst_refunds_notifications_total', 'result'],
  ]);
});

test('the buckets of durations rise, up to the longest call', () => {
  expect(CALL_DURATION_BUCKETS).toEqual([...CALL_DURATION_BUCKETS].sort((a, b) => a - b));
  expect(CALL_DURATION_BUCKETS[0]).toBe(0.05);
  expect(CALL_DURATION_BUCKETS.at(-1)).toBe(50);
});

describe('a meter of Temporal’s SDK', () => {
  /** What was created and recorded, in order. */
  function meter() {
    const calls: unknown[] = [];
    return {
      calls,
      createCounter: (...made: unknown[]) => {
        calls.push(['counter', ...made]);
        return { add: (...added: unknown[]) => void calls.push(['add', ...added]) };
      },
      createHistogram: (...made: unknown[]) => {
        calls.push(['histogram', ...made]);
        return { record: (...recorded: unknown[]) => void calls.push(['record', ...recorded]) };
      },
      createGauge: (...made: unknown[]) => {
        calls.push(['gauge', ...made]);
        return { set: (...values: unknown[]) => void calls.push(['set', ...values]) };
      },
    };
  }

  it('counts one by default, with the labels and a description without links', () => {
    const one = meter();
    count(one, 'attentionOpened', { product: 'cashier', reason: 'escalated' });
    expect(one.calls).toEqual([
      [
        'counter',
        'worldfirst_refunds_attention_opened',
        undefined,
        'How often a refund started to need an operator, by the reason.',
      ],
      ['add', 1, { product: 'cashier', reason: 'escalated' }],
    ]);
  });

  it('counts more if it is asked to, with a description without code marks', () => {
    const one = meter();
    count(one, 'ended', { product: 'cashier', outcome: 'failed' }, 3);
    expect(one.calls).toEqual([
      [
        'counter',
        'worldfirst_refunds_ended',
        undefined,
        'Refunds that ended; outcome is succeeded, accepted, failed or cancelled.',
      ],
      ['add', 3, { product: 'cashier', outcome: 'failed' }],
    ]);
  });

  it('records a duration in seconds', () => {
    const one = meter();
    recordSeconds(one, 'callDuration', 1.5, { operation: 'refund', result: 'success' });
    expect(one.calls).toEqual([
      [
        'histogram',
        'worldfirst_refunds_call_duration',
        'float',
        'seconds',
        'How long the calls to WorldFirst took.',
      ],
      ['record', 1.5, { operation: 'refund', result: 'success' }],
    ]);
  });

  it('sets a gauge under its whole name, because the SDK adds no unit to it', () => {
    const one = meter();
    setGauge(one, 'oldestOpenAge', 7.5, { product: 'cashier', status: 'unknown' });
    expect(one.calls).toEqual([
      [
        'gauge',
        'worldfirst_refunds_oldest_open_age_seconds',
        'float',
        undefined,
        'How long ago the oldest of these refunds started; 0 when there is none.',
      ],
      ['set', 7.5, { product: 'cashier', status: 'unknown' }],
    ]);
  });
});
