import { channel } from 'node:diagnostics_channel';
import { context, propagation, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { expect, it, onTestFinished } from 'vitest';
import { serve } from '../support/loopback.js';
import { useTracing } from '../support/tracing.js';
import { answerText, applyBody, client, PREFIX, signed } from './fixtures.js';

const { spans, inSpan } = useTracing();

/** A server that answers with a status and a text that WorldFirst signed. */
function answering(text: string, status = 200) {
  return serve((request, response) => response.writeHead(status, signed(request.url ?? '', text)).end(text));
}

it('a call is one span of an HTTP client, below the span of its caller', async () => {
  const { url } = await answering(
    answerText('S', 'SUCCESS', { refundOrderId: 'RO-1', paymentOrderId: 'P-1' }),
  );
  await inSpan('caller', () => client(url).applyRefund(applyBody));
  const [call, caller] = spans();
  expect(call).toMatchObject({ name: `POST ${PREFIX}/worldtrade/applyRefund`, kind: SpanKind.CLIENT });
  expect(call?.parentSpanId).toBe(caller?.spanContext().spanId);
  expect(call?.attributes).toEqual({
    'http.request.method': 'POST',
    'url.full': `${url}${PREFIX}/worldtrade/applyRefund`,
    'server.address': '127.0.0.1',
    'server.port': Number(new URL(url).port),
    'worldfirst.operation': 'applyRefund',
    'http.response.status_code': 200,
    'worldfirst.result.kind': 'success',
    'worldfirst.result.code': 'SUCCESS',
  });
});

it.each([
  [
    'a refusal is an answer',
    answerText('F', 'REFUND_PERIOD_EXPIRED'),
    200,
    undefined,
    'REFUND_PERIOD_EXPIRED',
  ],
  [
    'an unknown result is an error',
    answerText('U', 'UNKNOWN_EXCEPTION'),
    200,
    'unknown',
    'UNKNOWN_EXCEPTION',
  ],
  ['an error of a gateway has its status', 'Bad Gateway', 502, '502', undefined],
  ['a code that WorldFirst invents is not repeated', answerText('F', 'Ana Smith'), 200, undefined, 'other'],
])('%s', async (_, text, status, errorType, code) => {
  const { url } = await answering(text, status);
  await client(url).applyRefund(applyBody);
  const [call] = spans();
  expect(call?.attributes['error.type']).toBe(errorType);
  expect(call?.attributes['worldfirst.result.code']).toBe(code);
  expect(call?.status).toEqual({
    code: errorType === undefined ? SpanStatusCode.UNSET : SpanStatusCode.ERROR,
  });
});

it('a call without an answer has the code of the error', async () => {
  await client('http://127.0.0.1:9').applyRefund(applyBody);
  expect(spans()[0]?.attributes).toMatchObject({
    'worldfirst.result.kind': 'notSent',
    'error.type': 'ECONNREFUSED',
  });
});

it('an instrumentation of HTTP adds no header to a request of WorldFirst, which is not in its contract', async () => {
  const { url } = await answering(answerText('S', 'SUCCESS'));
  const carriers: object[] = [];
  // What such an instrumentation does with each request.
  const instrument = () => {
    const carrier = {};
    propagation.inject(context.active(), carrier);
    carriers.push(carrier);
  };
  const requests = channel('http.client.request.start');
  requests.subscribe(instrument);
  onTestFinished(() => void requests.unsubscribe(instrument));
  await inSpan('caller', async () => {
    instrument();
    await client(url).applyRefund(applyBody);
  });
  expect(carriers).toEqual([{ traceparent: expect.any(String) }, {}]);
});
