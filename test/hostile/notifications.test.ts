// @module-tag long
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toNodeListener } from '../../notifications/index.js';
import {
  bodyOf,
  handlerWith,
  nowhere,
  PATH,
  served,
  signedHeaders,
  until,
} from '../notifications/fixtures.js';
import { openedForTest } from '../support/loopback.js';
import { stranger } from '../worldfirst/fixtures.js';
import { textOf, trees } from './json-tree.js';
import { rawRequests, say } from './raw-requests.js';

const client = nowhere();
const BODY = bodyOf('2026112200001');

/** 400: refused. 503: verified, for then Temporal was asked, which is not there. */
async function statusOf(body: string, headers = signedHeaders(body)): Promise<number> {
  const { handler } = handlerWith({ client, timeout: 1 });
  return (await handler(new Request('http://h/', { method: 'POST', headers, body }))).status;
}

it('any bytes at all: nothing is acknowledged, nothing is told, and the server lives', async () => {
  const { port, url, reports } = await served({ client, timeout: 1 });
  const forged = signedHeaders(BODY, { privateKey: stranger.privateKey });
  await fc.assert(
    fc.asyncProperty(rawRequests(PATH, forged, BODY), async (bytes) => {
      expect(await say(port, bytes)).not.toMatch(/^HTTP\/1\.1 (200|503)/m);
    }),
    { numRuns: 100 },
  );
  expect(reports.filter(({ kind }) => kind !== 'refused')).toEqual([]);
  expect((await fetch(url, { method: 'POST', headers: signedHeaders(BODY), body: BODY })).status).toBe(503);
});

describe('whatever WorldFirst signs', () => {
  it('is refused where a key is given twice', () =>
    fc.assert(
      fc.asyncProperty(trees(['tradeId', 'isRefund']), trees(['more']), async (first, second) => {
        const body = `{"tradeId":"T-1","more":${textOf(first)},"isRefund":"Y","more":${textOf(second)}}`;
        expect(await statusOf(body)).toBe(400);
      }),
      { numRuns: 50 },
    ));

  it.each([
    ['a refund that was made and was not', '{"tradeId":"T-1","isRefund":"N","isRefund":"Y"}', 400],
    ['two trades', '{"tradeId":"T-1","\\u0074radeId":"T-2","isRefund":"Y"}', 400],
    ['what it must say, from a prototype', '{"__proto__":{"tradeId":"T-1","isRefund":"Y"}}', 400],
    ['a prototype beside what it must say', '{"tradeId":"T-1","isRefund":"Y","__proto__":{"x":1}}', 503],
    ['a trade with a line break', '{"tradeId":"T-1\\r\\nX: y","isRefund":"Y"}', 400],
    ['a trade with a NUL', '{"tradeId":"T-1\\u0000","isRefund":"Y"}', 400],
    ['a trade with half a character', '{"tradeId":"T-\\ud834","isRefund":"Y"}', 400],
    ['a trade of 64 characters', `{"tradeId":"${'x'.repeat(64)}","isRefund":"Y"}`, 503],
    ['a trade of 65 characters', `{"tradeId":"${'x'.repeat(65)}","isRefund":"Y"}`, 400],
    ['a trade that is a number', '{"tradeId":123456789012345678901234567890,"isRefund":"Y"}', 400],
    ['a mark of the byte order', `\uFEFF${BODY}`, 400],
    [
      'ten thousand brackets',
      `{"tradeId":"T-1","isRefund":"Y","x":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
      400,
    ],
  ])('%s', async (_, body, status) => {
    expect(await statusOf(body)).toBe(status);
  });

  it('a trade that would search for others is a text within the search', async () => {
    const tradeId = '" OR "x" = "x';
    expect(await statusOf(JSON.stringify({ tradeId, isRefund: 'Y' }))).toBe(503);
  });
});

it('a body that was packed on the way is not the signed one', async () => {
  const { url } = await served({ client, timeout: 1 });
  const headers = { ...signedHeaders(BODY), 'Content-Encoding': 'gzip' };
  const { status } = await fetch(url, { method: 'POST', headers, body: gzipSync(BODY) });
  expect(status).toBe(400);
});

it('a body of anything but bytes is refused, and nothing is thrown', async () => {
  const { handler } = handlerWith({ client, timeout: 1 });
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(BODY);
      controller.close();
    },
  });
  const request = new Request('http://h/', {
    method: 'POST',
    headers: signedHeaders(BODY),
    body,
    duplex: 'half',
  });
  expect((await handler(request)).status).toBe(400);
});

it('a body that trickles is over when the server says so, and the handler has refused it', async () => {
  const { handler, reports } = handlerWith({ client, timeout: 1 });
  const limits = { requestTimeout: 200, connectionsCheckingInterval: 50 };
  const { port } = await openedForTest(createServer(limits, toNodeListener(handler)));
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(`POST ${PATH} HTTP/1.1\r\nHost: h\r\nContent-Length: 60000\r\n\r\n`);
  const timer = setInterval(() => socket.write('x'), 20);
  socket.on('close', () => clearInterval(timer));
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 /);
  await until(() => reports.length > 0);
  expect(reports).toMatchObject([{ kind: 'refused', status: 400 }]);
});
