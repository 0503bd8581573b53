import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { toNodeListener } from '../../notifications/index.js';
import { serve } from '../support/loopback.js';
import { bodyOf, exchange, handlerWith, nowhere, PATH, served, signedHeaders, until } from './fixtures.js';

const MOST = 64 * 1024;

/** A valid notification of exactly so many bytes. */
const padded = (length: number) => bodyOf('trade-1').padEnd(length);

// Whatever is verified would have to reach Temporal, and gets 503.
const receiver = () => served({ client: nowhere(), timeout: 50 });

const head = (lines: string) => `POST ${PATH} HTTP/1.1\nHost: h\n${lines}\n\n`;

function headersOf(body: string): string {
  return Object.entries(signedHeaders(body))
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}

// What is verified waits for the time limit of a search in Temporal's list.
describe.concurrent('a body of', () => {
  it.each([
    [MOST, 503],
    [MOST + 1, 413],
    [1_000_000, 413],
  ])('%d bytes with a Content-Length: %d', async (length, status) => {
    const { url } = await receiver();
    const body = padded(length);
    const answer = await fetch(url, { method: 'POST', headers: signedHeaders(body), body });
    expect(answer.status).toBe(status);
    expect(await answer.text()).not.toContain('SUCCESS');
  });

  it.each([
    [MOST, 503],
    [MOST + 1, 413],
    [1_000_000, 413],
  ])('%d bytes in chunks: %d', async (length, status) => {
    const { url } = await receiver();
    const body = padded(length);
    const chunks = Readable.toWeb(
      Readable.from(
        Buffer.from(body)
          .toString('latin1')
          .match(/.{1,1000}/gs) ?? [],
      ),
    );
    const stream = (chunks as ReadableStream<string>).pipeThrough(new TextEncoderStream());
    const init = { method: 'POST', headers: signedHeaders(body), body: stream, duplex: 'half' } as const;
    expect((await fetch(url, init)).status).toBe(status);
  });
});

it('a Content-Length that is too large is rejected before the body arrives', async () => {
  const { port } = await receiver();
  expect(await exchange(port, head(`Content-Length: 10000000000\n${headersOf('')}`))).toMatch(
    /^HTTP\/1.1 413 /,
  );
});

it('a body without end is rejected, and the rest is not read', async () => {
  const { port, reports } = await receiver();
  const socket = connect(port, '127.0.0.1');
  let said = '';
  let sent = 0;
  socket.on('data', (data) => {
    said += data;
  });
  socket.on('error', () => {});
  socket.write(head('Transfer-Encoding: chunked').replaceAll('\n', '\r\n'));
  const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
  const send = () => {
    while (!socket.destroyed && socket.write(chunk)) sent += chunk.length;
  };
  socket.on('drain', send);
  send();
  await new Promise((resolve) => socket.on('close', resolve));
  expect(said).toMatch(/^HTTP\/1.1 413 /);
  expect(reports).toMatchObject([{ kind: 'refused', status: 413 }]);
  // What the machine's buffers take is not read by anybody.
  expect(sent).toBeLessThan(50_000_000);
});

it('a handler cancels a stream without end', async () => {
  const { handler } = handlerWith({ client: nowhere() });
  let pulled = 0;
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled += 1;
      controller.enqueue(new Uint8Array(1024));
    },
    cancel() {
      cancelled = true;
    },
  });
  const answer = await handler(new Request('http://h/', { method: 'POST', body, duplex: 'half' }));
  expect(answer.status).toBe(413);
  expect(pulled).toBeLessThan(70);
  expect(cancelled).toBe(true);
});

it('a client that disconnects during its body: nothing is delivered, and the server runs on', async () => {
  const { port, url, reports } = await receiver();
  const body = bodyOf('trade-1');
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(head(`Content-Length: ${body.length}\n${headersOf(body)}`).replaceAll('\n', '\r\n'));
  socket.write(body.slice(0, 10), () => socket.resetAndDestroy());
  await until(() => reports.length > 0);
  expect(reports).toMatchObject([
    { kind: 'refused', message: expect.stringContaining('the body is incomplete') },
  ]);
  expect((await fetch(url)).status).toBe(405);
});

it('a client that disconnects before the answer: the server runs on', async () => {
  let answered = false;
  let arrived = () => {};
  const arrival = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  let release = () => {};
  const { port, url } = await serve(
    toNodeListener(async (request) => {
      if (request.method === 'GET') return new Response('here');
      arrived();
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      answered = true;
      return new Response('too late');
    }),
  );
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi');
  await arrival;
  socket.resetAndDestroy();
  await new Promise((resolve) => socket.once('close', resolve));
  release();
  await until(() => answered);
  expect(await (await fetch(url)).text()).toBe('here');
});

it('a body that arrives byte by byte is read to its end', async () => {
  const { port } = await receiver();
  const body = bodyOf('trade-1');
  const socket = connect(port, '127.0.0.1');
  let said = '';
  socket.on('data', (data) => {
    said += data;
  });
  socket.setNoDelay(true);
  socket.write(
    head(`Connection: close\nContent-Length: ${body.length}\n${headersOf(body)}`).replaceAll('\n', '\r\n'),
  );
  for (const byte of body) {
    socket.write(byte);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await new Promise((resolve) => socket.once('close', resolve));
  expect(said).toMatch(/^HTTP\/1.1 503 /);
});

it('a body that was read before is rejected, and the report names the fix', async () => {
  const { handler, reports } = handlerWith({ client: nowhere() });
  const request = new Request('http://h/', { method: 'POST', body: bodyOf('trade-1') });
  await request.json();
  expect((await handler(request)).status).toBe(400);
  expect(reports).toMatchObject([{ message: expect.stringContaining('before any body parser') }]);
});

it('a body parser before the handler: the body is rejected, and the report names the fix', async () => {
  const { handler, reports } = handlerWith({ client: nowhere() });
  const listener = toNodeListener(handler);
  const { url } = await serve(async (request, response) => {
    for await (const _ of request);
    listener(request, response);
  });
  const body = bodyOf('trade-1');
  expect((await fetch(url, { method: 'POST', headers: signedHeaders(body), body })).status).toBe(400);
  expect(reports).toMatchObject([{ message: expect.stringContaining('before any body parser') }]);
});
