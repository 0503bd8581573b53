import dns from 'node:dns';
import { getEventListeners } from 'node:events';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { freePorts } from '../../testing/free-ports.js';
import { serve, serveSockets } from '../support/loopback.js';
import { bodyOf } from './fixtures.js';
import { BODY, type Call, post as postOnce, transport, untilClosed } from './network.js';

describe.each(['own', 'kept'] as const)('proof that nothing was sent, connection: %s', (connection) => {
  const post = (url: string, call: Call = {}) => postOnce(url, { connection, ...call });

  it('a refused connection', async () => {
    const [port] = await freePorts(1);
    expect(await post(`http://127.0.0.1:${port}/`)).toMatchObject({
      kind: 'notSent',
      reason: `The connection to 127.0.0.1:${port} was refused. This call was not sent.`,
    });
  });

  it('a connection that is refused at every address of a name', async () => {
    const [port] = await freePorts(1);
    const reply = await post(`http://localhost:${port}/`);
    expect(reply).toMatchObject({ kind: 'notSent', reason: expect.stringContaining('was refused') });
  });

  it('a name that does not exist', async () => {
    const reply = await post('http://worldfirst.invalid/');
    expect(reply.kind).toBe('notSent');
    expect((reply as { reason: string }).reason).toMatch(
      /The name of worldfirst\.invalid (was not found|could not)/,
    );
  });

  it('a time limit that ends before the name is found', async () => {
    // No address is sure to swallow a connection on every machine, but a name server that never answers can be had.
    vi.spyOn(dns, 'lookup').mockImplementation((() => {}) as never);
    onTestFinished(() => void vi.restoreAllMocks());
    const reply = await post('http://slow.invalid/', { timeout: 50 });
    expect(reply).toMatchObject({
      kind: 'notSent',
      reason: 'No connection to slow.invalid was made within 0.05 s. This call was not sent.',
    });
  });

  it('an abort before the call', async () => {
    let calls = 0;
    const { url } = await serve((_, response) => {
      calls += 1;
      response.end();
    });
    const reply = await post(url, { signal: AbortSignal.abort() });
    expect(reply).toMatchObject({ kind: 'notSent', reason: expect.stringContaining('aborted before') });
    expect(calls).toBe(0);
  });

  it.each([
    ['a line break', 'a\r\nSignature: x'],
    ['a character beyond Latin-1', '退货'],
  ])('a header with %s', async (_, value) => {
    let calls = 0;
    const { url } = await serve((_, response) => {
      calls += 1;
      response.end();
    });
    expect(await post(url, { headers: { 'Client-Id': value } })).toMatchObject({
      kind: 'notSent',
      reason: expect.stringContaining('No connection to'),
    });
    expect(calls).toBe(0);
  });

  it('an abort while the name is looked up', async () => {
    const abort = new AbortController();
    vi.spyOn(dns, 'lookup').mockImplementation((() => abort.abort()) as never);
    onTestFinished(() => void vi.restoreAllMocks());
    const reply = await post('http://slow.invalid/', { signal: abort.signal });
    expect(reply).toMatchObject({ kind: 'notSent', reason: expect.stringContaining('aborted before') });
  });
});

describe.each(['own', 'kept'] as const)('the request may have arrived, connection: %s', (connection) => {
  const post = (url: string, call: Call = {}) => postOnce(url, { connection, ...call });

  it('a server that closes before it reads', async () => {
    const { url } = await serveSockets((socket) => socket.destroy());
    expect(await post(url)).toMatchObject({ kind: 'lost' });
  });

  it('a server that resets after it has read', async () => {
    const { url } = await serveSockets((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await post(url)).toMatchObject({
      kind: 'lost',
      reason: expect.stringMatching(
        /was closed before the answer was complete. WorldFirst may have received this call.$/,
      ),
    });
  });

  it('a server that closes in the middle of the headers', async () => {
    const { url } = await serveSockets((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Le')),
    );
    expect(await post(url)).toMatchObject({ kind: 'lost' });
  });

  it.each([
    ['the length that it promised', 'Content-Length: 100\r\n\r\n{"result":'],
    ['its last chunk', 'Transfer-Encoding: chunked\r\n\r\n5\r\n{"res\r\n'],
    ['the length that it promised, as the last one', 'Connection: close\r\nContent-Length: 100\r\n\r\n{'],
    [
      'its last chunk, as the last one',
      'Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"res\r\n',
    ],
  ])('an answer that ends before %s', async (_, rest) => {
    const { url } = await serveSockets((socket) =>
      socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\n${rest}`)),
    );
    expect(await post(url)).toMatchObject({
      kind: 'lost',
      reason: expect.stringMatching(/was closed|was cut off/),
    });
  });

  it('a server that is silent until the time limit: the connection is closed, and nothing is sent again', async () => {
    const { url, sockets } = await serveSockets((socket) => socket.resume());
    expect(await post(url, { timeout: 500 })).toMatchObject({
      kind: 'lost',
      reason: expect.stringContaining('gave no complete answer within 0.5 s'),
    });
    await untilClosed(sockets);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(sockets.size).toBe(1);
  });

  it('a server that sends byte after byte without end', async () => {
    const { url } = await serveSockets((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n');
      const timer = setInterval(() => socket.write('x'), 10);
      socket.on('close', () => clearInterval(timer));
    });
    expect(await post(url, { timeout: 500 })).toMatchObject({ kind: 'lost' });
  });

  it('an abort after the request has arrived', async () => {
    const abort = new AbortController();
    const { url } = await serve(() => abort.abort());
    expect(await post(url, { signal: abort.signal })).toMatchObject({
      kind: 'lost',
      reason: expect.stringContaining('aborted before the answer was complete'),
    });
  });

  it('an abort between the headers and the end of the answer', async () => {
    const abort = new AbortController();
    const { url } = await serve((_, response) => {
      response.writeHead(200, { 'Content-Length': 100 }).write('{');
      setImmediate(() => abort.abort());
    });
    expect(await post(url, { signal: abort.signal })).toMatchObject({ kind: 'lost' });
  });

  it('a server without HTTP', async () => {
    const { url } = await serveSockets((socket) =>
      socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.9\r\n')),
    );
    expect(await post(url)).toMatchObject({ kind: 'lost' });
  });

  it.each([
    ['HTML without HTTP', '<html><body>Maintenance</body></html>'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 1\r\n\r\n{}'],
  ])('an answer with %s', async (_, text) => {
    const { url } = await serveSockets((socket) => socket.once('data', () => socket.write(text)));
    expect(await post(url)).toMatchObject({ kind: 'lost' });
  });

  it('a switch to another protocol, which ends the call at once', async () => {
    const { url, sockets } = await serveSockets((socket) =>
      socket.once('data', () =>
        socket.write('HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
      ),
    );
    expect(await post(url)).toMatchObject({
      kind: 'lost',
      reason: expect.stringContaining('switched to another protocol'),
    });
    await untilClosed(sockets);
  });

  it('a reset in the middle of the body', async () => {
    const { url } = await serveSockets((socket) =>
      socket.once('data', () =>
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{', () => socket.resetAndDestroy()),
      ),
    );
    expect(await post(url)).toMatchObject({ kind: 'lost' });
  });

  it('an answer of more than 1 MiB, compressed or not', async () => {
    const large = Buffer.alloc(1024 * 1024 + 1, 'x');
    const plain = await serve((_, response) => response.end(large));
    const packed = await serve((_, response) =>
      response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync(large)),
    );
    const tooLarge = { kind: 'lost', reason: expect.stringContaining('more than 1048576 bytes') };
    expect(await post(plain.url)).toMatchObject(tooLarge);
    expect(await post(packed.url)).toMatchObject(tooLarge);
  });

  it('an answer with a content-encoding that is not compressed', async () => {
    const { url } = await serve((_, response) =>
      response.writeHead(200, { 'Content-Encoding': 'gzip' }).end('{"result":{}}'),
    );
    expect(await post(url)).toMatchObject({ kind: 'lost' });
  });
});

describe('an answer', () => {
  it('is returned unchanged, with any status', async () => {
    const { url } = await serve((_, response) => response.writeHead(502, { 'X-Any': 'thing' }).end('<html>'));
    expect(await postOnce(url)).toMatchObject({
      kind: 'answer',
      status: 502,
      body: '<html>',
      headers: { 'x-any': 'thing' },
    });
  });

  it('that redirects is not followed', async () => {
    const paths: string[] = [];
    const { url } = await serve((request, response) => {
      paths.push(request.url ?? '');
      response.writeHead(307, { Location: '/elsewhere' }).end();
    });
    expect(await postOnce(url)).toMatchObject({ kind: 'answer', status: 307 });
    expect(paths).toEqual(['/']);
  });

  it.each([429, 500, 503])('with the status %i is not repeated', async (status) => {
    let calls = 0;
    const { url } = await serve((_, response) => {
      calls += 1;
      response.writeHead(status, { 'Retry-After': '0' }).end();
    });
    expect(await postOnce(url)).toMatchObject({ kind: 'answer', status });
    expect(calls).toBe(1);
  });

  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
  ])('that a gateway compressed with %s is decompressed', async (encoding, pack) => {
    const { url } = await serve((request, response) => {
      expect(request.headers['accept-encoding']).toBe('identity');
      response.writeHead(200, { 'Content-Encoding': encoding }).end(pack(BODY));
    });
    expect(await postOnce(url)).toMatchObject({ kind: 'answer', body: BODY });
  });

  it('that is empty and has a content-encoding is empty', async () => {
    const { url } = await serve((_, response) =>
      response.writeHead(502, { 'Content-Encoding': 'gzip' }).end(),
    );
    expect(await postOnce(url)).toMatchObject({ kind: 'answer', status: 502, body: '' });
  });

  it('keeps its byte order mark, and every value of a header that comes twice', async () => {
    const { url } = await serve((_, response) =>
      response
        .writeHead(200, [
          ['Client-Id', 'A'],
          ['Client-Id', 'B'],
        ] as never)
        .end('\uFEFF{}'),
    );
    expect(await postOnce(url)).toMatchObject({ body: '\uFEFF{}', headers: { 'client-id': 'A, B' } });
  });

  it.each([
    ['"100 Continue"', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['"102 Processing", twice', 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(2)],
  ])('after an unexpected %s is the final one', async (_, before) => {
    const { url } = await serveSockets((socket) =>
      socket.once('data', () => socket.write(`${before}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}`)),
    );
    expect(await postOnce(url)).toMatchObject({ kind: 'answer', status: 200, body: '{}' });
  });

  it('after early hints is the final one', async () => {
    const { url } = await serve((_, response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload' });
      response.writeHead(201, { 'X-Any': 'thing' }).end('{}');
    });
    const reply = await postOnce(url);
    expect(reply).toMatchObject({ kind: 'answer', status: 201, body: '{}', headers: { 'x-any': 'thing' } });
    expect(reply).not.toHaveProperty('headers.link');
  });

  it('in parts that split a character is joined', async () => {
    const bytes = Buffer.from(BODY);
    const half = BODY.indexOf('退') + 1;
    const { url } = await serve((_, response) => {
      response.write(bytes.subarray(0, half));
      setImmediate(() => response.end(bytes.subarray(half)));
    });
    expect(await postOnce(url)).toMatchObject({ kind: 'answer', body: BODY });
  });

  it('may take longer than the idle limit of a connection, before its head and in its body', async () => {
    const late = await serve((_, response) => setTimeout(() => response.end('{}'), 4_200));
    const slow = await serve((_, response) => {
      response.write('{');
      setTimeout(() => response.end('}'), 4_200);
    });
    const replies = await Promise.all([late, slow].map(({ url }) => postOnce(url, { timeout: 20_000 })));
    for (const reply of replies) expect(reply).toMatchObject({ kind: 'answer', body: '{}' });
  }, 30_000);
});

it('the body is sent byte for byte, with unchanged headers', async () => {
  const seen: { body: string; headers: object }[] = [];
  const { url } = await serve(async (request, response) => {
    seen.push({ body: await bodyOf(request), headers: request.headers });
    response.end('{}');
  });
  await postOnce(url, { headers: { 'Client-Id': 'X', 'User-Agent': 'somebody' } });
  const length = String(Buffer.byteLength(BODY));
  const headers = { 'client-id': 'X', 'user-agent': 'somebody', 'content-length': length };
  expect(seen).toMatchObject([{ body: BODY, headers }]);
});

it('a request has a user agent, and accepts only uncompressed answers', async () => {
  const seen: unknown[] = [];
  const { url } = await serve((request, response) => {
    seen.push(request.headers);
    response.end('{}');
  });
  await postOnce(url);
  expect(seen).toMatchObject([{ 'user-agent': 'worldfirst-refunds', 'accept-encoding': 'identity' }]);
});

it('a finished call removes its listeners from its signal', async () => {
  const { signal } = new AbortController();
  const good = await serve((_, response) => response.end('{}'));
  const bad = await serve((request) => request.socket.destroy());
  const one = transport();
  const call = (url: string) =>
    one.post(new URL(url), { headers: {}, body: BODY, connection: 'own', signal });
  expect(await call(good.url)).toMatchObject({ kind: 'answer' });
  expect(await call(bad.url)).toMatchObject({ kind: 'lost' });
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

it('a finished call leaves no timer behind', async () => {
  const [begun, ended] = [vi.spyOn(globalThis, 'setTimeout'), vi.spyOn(globalThis, 'clearTimeout')];
  onTestFinished(() => void vi.restoreAllMocks());
  const { url } = await serve((_, response) => response.end('{}'));
  await postOnce(url, { timeout: 54_321 });
  const limit = begun.mock.calls.findIndex(([, time]) => time === 54_321);
  expect(ended).toHaveBeenCalledWith(begun.mock.results[limit]?.value);
});

it('a connection that is reset right after a complete answer does not end the process', async () => {
  const { url } = await serveSockets((socket) =>
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}', () => socket.resetAndDestroy());
    }),
  );
  const one = transport();
  const call = () => one.post(new URL(url), { headers: {}, body: BODY, connection: 'own' });
  const replies = await Promise.all(Array.from({ length: 20 }, call));
  await new Promise(setImmediate);
  // Which of the two comes first is the network's affair; an error that nobody handles would fail this run.
  for (const reply of replies) expect(['answer', 'lost']).toContain(reply.kind);
});
