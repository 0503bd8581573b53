import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { expectNoDoubleEffects } from '../support/books.js';
import { useRefunds } from '../support/environment.js';
import { stranger, worldfirst } from '../worldfirst/fixtures.js';
import { bodyOf, exchange, KEYS, PATH, served, signedHeaders } from './fixtures.js';

const refunds = useRefunds();
expectNoDoubleEffects(refunds);

const receiver = (keys: Partial<typeof KEYS> = {}) =>
  served({ client: refunds.refunds, keys: { ...KEYS, ...keys } });

const BODY = bodyOf('trade-of-others');

/** The headers of a notification with one of them replaced, or left out. */
function headersWith(changes: Record<string, string | undefined>): Record<string, string> {
  const merged = { ...signedHeaders(BODY), ...changes };
  return Object.fromEntries(
    Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

describe('a notification is accepted:', () => {
  it.each<[what: string, headers: Record<string, string>]>([
    ['a signature as WorldFirst writes it', headersWith({})],
    [
      'raw base64 in the signature',
      headersWith({ Signature: decodeURIComponent(signedHeaders(BODY).Signature ?? '') }),
    ],
    [
      'no blank after the commas',
      headersWith({ Signature: signedHeaders(BODY).Signature?.replaceAll(', ', ',') }),
    ],
    ['another key version', signedHeaders(BODY, { keyVersion: '7' })],
    [
      'an old time, because repeats continue for 27 hours',
      signedHeaders(BODY, { time: new Date('2020-01-01') }),
    ],
    ['a time to come', signedHeaders(BODY, { time: new Date('2100-01-01') })],
  ])('%s', async (_, headers) => {
    const { url } = await receiver();
    expect((await fetch(url, { method: 'POST', headers, body: BODY })).status).toBe(200);
  });

  it.each(['lower', 'upper'] as const)('header names in %s case', async (letters) => {
    const { port } = await receiver();
    const head = Object.entries(signedHeaders(BODY)).map(
      ([name, value]) => `${letters === 'lower' ? name.toLowerCase() : name.toUpperCase()}: ${value}`,
    );
    const said = await exchange(
      port,
      `POST ${PATH} HTTP/1.1\nHost: h\nConnection: close\nContent-Length: ${BODY.length}\n${head.join('\n')}\n\n`,
      BODY,
    );
    expect(said).toMatch(/^HTTP\/1.1 200 /);
  });

  it.each([
    [
      'blanks and line breaks',
      '\r\n{ "requestId" : "create-1",\n\t"tradeId": "trade-of-others" , "isRefund":"N" }\n',
    ],
    ['other letters', '{"tradeId":"退款-ü-😀","isRefund":"Y"}'],
    ['escapes', '{"tradeId":"trade\\u002dof-others","isRefund":"Y"}'],
    ['null for the request id', '{"requestId":null,"tradeId":"trade-of-others","isRefund":"Y"}'],
    ['a number for the request id', '{"requestId":20231127,"tradeId":"trade-of-others","isRefund":"Y"}'],
    ['an object for the request id', '{"requestId":{},"tradeId":"trade-of-others","isRefund":"Y"}'],
    ['no request id', '{"tradeId":"trade-of-others","isRefund":"Y"}'],
    [
      'a request id without end',
      `{"requestId":"${'x'.repeat(1_000)}","tradeId":"trade-of-others","isRefund":"Y"}`,
    ],
    ['fields that are not known', '{"tradeId":"trade-of-others","isRefund":"Y","more":{"deep":[1.50]}}'],
    [
      'another order of fields, and a number that JSON would write otherwise',
      '{"n":1.50e0,"isRefund":"Y","tradeId":"t"}',
    ],
  ])('a body byte for byte: %s', async (_, body) => {
    const { url } = await receiver();
    const answer = await fetch(url, { method: 'POST', headers: signedHeaders(body), body });
    expect(answer.status).toBe(200);
  });

  it('with either key during a rotation', async () => {
    const { url } = await served({
      client: refunds.refunds,
      keys: { ...KEYS, publicKeys: [stranger.publicKey, worldfirst.publicKey] },
    });
    for (const { privateKey } of [worldfirst, stranger])
      expect(
        (await fetch(url, { method: 'POST', headers: signedHeaders(BODY, { privateKey }), body: BODY }))
          .status,
      ).toBe(200);
  });

  it('through a proxy with another path: the registered path is signed', async () => {
    const { port } = await receiver();
    const url = `http://127.0.0.1:${port}/elsewhere?by=proxy`;
    expect((await fetch(url, { method: 'POST', headers: signedHeaders(BODY), body: BODY })).status).toBe(200);
  });
});

const SIGNATURE = signedHeaders(BODY).Signature ?? '';

describe('a notification is rejected with 400 and without SUCCESS:', () => {
  it.each<[what: string, headers: Record<string, string>, body: string | undefined, why: RegExp]>([
    ['no header at all', {}, BODY, /Client-Id is missing/],
    ['no signature', headersWith({ Signature: undefined }), BODY, /Signature is missing/],
    ['an empty signature', headersWith({ Signature: '' }), BODY, /Signature is missing/],
    ['an invalid signature', headersWith({ Signature: 'yes' }), BODY, /the signature is not valid/],
    [
      'a signature that is not base64',
      headersWith({ Signature: 'algorithm=RSA256, signature=%%%' }),
      BODY,
      /the signature is not valid/,
    ],
    [
      'another algorithm',
      headersWith({ Signature: SIGNATURE.replace('RSA256', 'none') }),
      BODY,
      /the signature is not valid/,
    ],
    [
      'a cut signature',
      headersWith({ Signature: SIGNATURE.slice(0, -20) }),
      BODY,
      /the signature is not valid/,
    ],
    [
      'two signatures',
      headersWith({ Signature: `${SIGNATURE}, ${SIGNATURE}` }),
      BODY,
      /the signature is not valid/,
    ],
    [
      'a signature by another key',
      signedHeaders(BODY, { privateKey: stranger.privateKey }),
      BODY,
      /the signature is not valid/,
    ],
    [
      'our own signature',
      signedHeaders(BODY, { privateKey: KEYS.privateKey }),
      BODY,
      /the signature is not valid/,
    ],
    [
      'a signature over another path',
      signedHeaders(BODY, { path: '/other' }),
      BODY,
      /\/worldfirst\/notifications is the path registered/,
    ],
    [
      'a signature over the path with a slash',
      signedHeaders(BODY, { path: `${PATH}/` }),
      BODY,
      /the signature is not valid/,
    ],
    [
      'another client id',
      signedHeaders(BODY, { clientId: 'SOMEBODY' }),
      BODY,
      /"SOMEBODY"; expected "TEST_CLIENT_1"/,
    ],
    ['a client id in other letters', signedHeaders(BODY, { clientId: 'test_client_1' }), BODY, /Client-Id/],
    ['a client id that was exchanged', headersWith({ 'Client-Id': 'SOMEBODY' }), BODY, /Client-Id/],
    ['no client id', headersWith({ 'Client-Id': undefined }), BODY, /Client-Id is missing/],
    ['no time', headersWith({ 'Request-Time': undefined }), BODY, /Request-Time is missing/],
    [
      'another time',
      headersWith({ 'Request-Time': '2026-11-22T12:08:56+08:00' }),
      BODY,
      /the signature is not valid/,
    ],
    [
      'an answer in place of a request',
      signedHeaders(BODY, { kind: 'answer' }),
      BODY,
      /Request-Time is missing/,
    ],
    ['another body', signedHeaders(BODY), bodyOf('trade-of-others', 'N'), /the signature is not valid/],
    [
      'a body that was parsed and serialized again',
      signedHeaders(BODY),
      JSON.stringify(JSON.parse(BODY), null, 1),
      /the body was not changed/,
    ],
    ['a body with a line break more', signedHeaders(BODY), `${BODY}\n`, /the signature is not valid/],
    ['no body', signedHeaders(BODY), undefined, /empty: mount the handler before any body parser/],
  ])('%s', async (_, headers, body, why) => {
    const { url, reports } = await receiver();
    const answer = await fetch(url, { method: 'POST', headers, body });
    expect(answer.status).toBe(400);
    expect(answer.headers.has('signature')).toBe(false);
    expect(await answer.text()).not.toMatch(/SUCCESS|"S"/);
    expect(reports).toEqual([{ kind: 'refused', status: 400, message: expect.stringMatching(why) }]);
  });

  it.each<[what: string, body: string, why: RegExp]>([
    ['nothing', '', /not JSON/],
    ['no JSON', 'tradeId=1&isRefund=Y', /not JSON/],
    ['half of it', BODY.slice(0, -1), /not JSON/],
    ['a byte order mark', `\ufeff${BODY}`, /not JSON/],
    ['a list', `[${BODY}]`, /must be an object/],
    ['null', 'null', /must be an object/],
    ['no trade id', '{"isRefund":"Y"}', /tradeId is missing/],
    ['an empty trade id', '{"tradeId":"","isRefund":"Y"}', /tradeId must not be empty/],
    ['a trade id that is a number', '{"tradeId":1,"isRefund":"Y"}', /tradeId must be a text/],
    ['a trade id without end', `{"tradeId":"${'1'.repeat(65)}","isRefund":"Y"}`, /at most 64/],
    ['half a surrogate pair', '{"tradeId":"\\ud800","isRefund":"Y"}', /surrogate/],
    ['a line break in the trade id', '{"tradeId":"a\\nb","isRefund":"Y"}', /control characters/],
    ['no isRefund', '{"tradeId":"t"}', /isRefund is missing/],
    ['another isRefund', '{"tradeId":"t","isRefund":"y"}', /must be "Y" or "N"/],
    ['isRefund as true', '{"tradeId":"t","isRefund":true}', /isRefund must be a text/],
    ['a prototype', '{"__proto__":{"tradeId":"t","isRefund":"Y"}}', /tradeId is missing/],
  ])('validly signed, %s: 400, and reported, since WorldFirst would only repeat it', async (_, body, why) => {
    const { url, reports } = await receiver();
    const answer = await fetch(url, { method: 'POST', headers: signedHeaders(body), body });
    expect(answer.status).toBe(400);
    expect(await answer.text()).not.toContain('SUCCESS');
    expect(reports).toEqual([{ kind: 'refused', status: 400, message: expect.stringMatching(why) }]);
  });

  it('a body that is not UTF-8, even if the signature matches the decoded text', async () => {
    const { url, reports } = await receiver();
    const headers = signedHeaders('{"tradeId":"t\ufffd","isRefund":"Y"}');
    const body = Buffer.from('{"tradeId":"t?","isRefund":"Y"}');
    body[body.indexOf('?')] = 0xff;
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(400);
    expect(reports[0]?.message).toContain('not UTF-8');
  });

  it('a body part that was moved into the time, although the signed text is the same', async () => {
    const { url, reports } = await receiver();
    const inner = '{"tradeId":"t","isRefund":"Y"}';
    const body = `{"a":1.${inner}`;
    const headers = signedHeaders(body);
    const moved = { ...headers, 'Request-Time': `${headers['Request-Time']}.{"a":1` };
    expect((await fetch(url, { method: 'POST', headers: moved, body: inner })).status).toBe(400);
    expect(reports[0]?.message).toContain('Request-Time');
  });

  it('a header that comes twice', async () => {
    const { port } = await receiver();
    const head = Object.entries({ ...signedHeaders(BODY), 'client-id': 'TEST_CLIENT_1' })
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n');
    const length = `Content-Length: ${BODY.length}`;
    const said = await exchange(
      port,
      `POST / HTTP/1.1\nHost: h\nConnection: close\n${length}\n${head}\n\n`,
      BODY,
    );
    expect(said).toMatch(/^HTTP\/1.1 400 /);
  });
});

it.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('%s: 405', async (method) => {
  const { url } = await receiver();
  const answer = await fetch(url, { method, headers: signedHeaders('') });
  expect(answer.status).toBe(405);
  expect(answer.headers.get('allow')).toBe('POST');
});

it.each(['TRACE', 'PROPFIND'])('%s is rejected too', async (method) => {
  const { port } = await receiver();
  const status = await new Promise((resolve, reject) => {
    httpRequest({ port, host: '127.0.0.1', method, path: PATH }, (response) => {
      text(response).then(() => resolve(response.statusCode), reject);
    })
      .on('error', reject)
      .end();
  });
  expect([400, 405]).toContain(status);
});

it('a rejected notification does not reach a refund', async () => {
  const request = refunds.worldtrade('unlisted');
  const id = await refunds.begin(request, { awaitClosureNotification: true });
  await refunds.until(id, ({ inquiries }) => inquiries.nextAt !== undefined);
  const { url } = await receiver();
  const body = bodyOf(request.tradeId);
  const attempts: [Record<string, string>, string][] = [
    [{}, body],
    [signedHeaders(body, { privateKey: stranger.privateKey }), body],
    [signedHeaders(body, { path: '/other' }), body],
    [signedHeaders(body, { clientId: 'SOMEBODY' }), body],
    [signedHeaders(bodyOf(request.tradeId, 'N')), body],
    [signedHeaders(`${body} `.padEnd(70_000)), `${body} `.padEnd(70_000)],
  ];
  for (const [headers, sent] of attempts)
    expect((await fetch(url, { method: 'POST', headers, body: sent })).ok).toBe(false);
  const { status, timeline } = await refunds.refunds.describe(id);
  expect(status).toBe('processing');
  expect(timeline.map(({ event }) => event)).not.toContain('notification');
});
