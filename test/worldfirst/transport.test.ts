import dns from 'node:dns';
import { getEventListeners } from 'node:events';
import { Agent as HttpAgent } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Transport } from '../../src/worldfirst/transport.js';
import { bodyOf, serve } from './fixtures.js';

const BODY = '{"refundReason":"退货"}';

function transport(timeout = 5_000): Transport {
  const made = new Transport(timeout);
  onTestFinished(() => made.close());
  return made;
}

const post = (url: string, { timeout, signal }: { timeout?: number; signal?: AbortSignal } = {}) =>
  transport(timeout).post(new URL(url), { headers: {}, body: BODY, ...(signal && { signal }) });

/** A server below HTTP, so that it can break off wherever a test wants it. */
async function serveSockets(listener: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    listener(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as { port: number }).port}/`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('proof that nothing was sent', () => {
  it('a refused connection', async () => {
    const port = await freePort();
    expect(await post(`http://127.0.0.1:${port}/`)).toEqual({
      kind: 'notSent',
      reason: `The connection to 127.0.0.1:${port} was refused. Nothing was sent.`,
    });
  });

  it('a connection that is refused at every address of a name', async () => {
    const reply = await post(`http://localhost:${await freePort()}/`);
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
    expect(reply).toEqual({
      kind: 'notSent',
      reason: 'No connection to slow.invalid was made within 0.05 s. Nothing was sent.',
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

  it('an abort while the name is looked up', async () => {
    const abort = new AbortController();
    vi.spyOn(dns, 'lookup').mockImplementation((() => abort.abort()) as never);
    onTestFinished(() => void vi.restoreAllMocks());
    const reply = await post('http://slow.invalid/', { signal: abort.signal });
    expect(reply).toMatchObject({ kind: 'notSent', reason: expect.stringContaining('aborted before') });
  });
});

describe('no proof of anything', () => {
  it('a server that closes before it reads', async () => {
    const url = await serveSockets((socket) => socket.destroy());
    expect(await post(url)).toMatchObject({ kind: 'lost' });
  });

  it('a server that resets after it has read', async () => {
    const url = await serveSockets((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await post(url)).toEqual({
      kind: 'lost',
      reason: expect.stringMatching(
        /broke off before the answer was complete. The request may have arrived.$/,
      ),
    });
  });

  it('a server that closes in the middle of the headers', async () => {
    const url = await serveSockets((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Le')),
    );
    expect(await post(url)).toMatchObject({ kind: 'lost' });
  });

  it.each([
    ['the length that it promised', 'Content-Length: 100\r\n\r\n{"result":'],
    ['its last chunk', 'Transfer-Encoding: chunked\r\n\r\n5\r\n{"res\r\n'],
  ])('an answer that ends before %s', async (_, rest) => {
    const url = await serveSockets((socket) =>
      socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\n${rest}`)),
    );
    expect(await post(url)).toMatchObject({ kind: 'lost' });
  });

  it('a server that is silent until the time limit', async () => {
    const url = await serveSockets(() => {});
    expect(await post(url, { timeout: 100 })).toMatchObject({
      kind: 'lost',
      reason: expect.stringContaining('gave no complete answer within 0.1 s'),
    });
  });

  it('a server that goes on for ever, a byte at a time', async () => {
    const url = await serveSockets((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n');
      const timer = setInterval(() => socket.write('x'), 10);
      socket.on('close', () => clearInterval(timer));
    });
    expect(await post(url, { timeout: 100 })).toMatchObject({ kind: 'lost' });
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

  it('a server that speaks no TLS', async () => {
    const { url } = await serve((_, response) => response.end());
    expect(await post(url.replace('http:', 'https:'))).toMatchObject({ kind: 'lost' });
  });

  it('a server that speaks no HTTP', async () => {
    const url = await serveSockets((socket) =>
      socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.9\r\n')),
    );
    expect(await post(url)).toMatchObject({ kind: 'lost' });
  });

  it('a kept connection that the server closes when the next request comes', async () => {
    const ports: (number | undefined)[] = [];
    const url = await serveSockets((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}');
        socket.once('data', () => {
          ports.push(socket.remotePort);
          socket.destroy();
        });
      });
    });
    const one = transport();
    const call = () => one.post(new URL(url), { headers: {}, body: BODY });
    expect(await call()).toMatchObject({ kind: 'answer' });
    expect(await call()).toMatchObject({ kind: 'lost' });
    expect(ports).toHaveLength(1);
  });

  it('a kept connection that is dead already, and nobody has noticed, when it is used again', async () => {
    const { url } = await serve((_, response) => response.end('{}'));
    const { reuseSocket } = HttpAgent.prototype;
    const agent = vi.spyOn(HttpAgent.prototype, 'reuseSocket').mockImplementation(function (
      this: HttpAgent,
      ...given
    ) {
      reuseSocket.apply(this, given);
      // This is what a socket looks like between the server's end and the event that tells of it.
      (given[0] as Socket).end();
    });
    onTestFinished(() => agent.mockRestore());
    const one = transport(500);
    const call = () => one.post(new URL(url), { headers: {}, body: BODY });
    expect(await call()).toMatchObject({ kind: 'answer' });
    expect(await call()).toMatchObject({ kind: 'lost' });
    expect(agent).toHaveBeenCalledOnce();
  });

  it('an answer of more than a mebibyte, packed or not', async () => {
    const large = Buffer.alloc(1024 * 1024 + 1, 'x');
    const plain = await serve((_, response) => response.end(large));
    const packed = await serve((_, response) =>
      response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync(large)),
    );
    const tooLarge = { kind: 'lost', reason: expect.stringContaining('more than 1048576 bytes') };
    expect(await post(plain.url)).toMatchObject(tooLarge);
    expect(await post(packed.url)).toMatchObject(tooLarge);
  });

  it('an answer that says it is packed and is not', async () => {
    const { url } = await serve((_, response) =>
      response.writeHead(200, { 'Content-Encoding': 'gzip' }).end('{"result":{}}'),
    );
    expect(await post(url)).toMatchObject({ kind: 'lost' });
  });
});

describe('an answer', () => {
  it('is given as it came, whatever its status', async () => {
    const { url } = await serve((_, response) => response.writeHead(502, { 'X-Any': 'thing' }).end('<html>'));
    expect(await post(url)).toMatchObject({
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
    expect(await post(url)).toMatchObject({ kind: 'answer', status: 307 });
    expect(paths).toEqual(['/']);
  });

  it.each([429, 500, 503])('with the status %i is not asked for again', async (status) => {
    let calls = 0;
    const { url } = await serve((_, response) => {
      calls += 1;
      response.writeHead(status, { 'Retry-After': '0' }).end();
    });
    expect(await post(url)).toMatchObject({ kind: 'answer', status });
    expect(calls).toBe(1);
  });

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ])('that a gateway packed with %s is unpacked', async (encoding, pack) => {
    const { url } = await serve((request, response) => {
      expect(request.headers['accept-encoding']).toBe('identity');
      response.writeHead(200, { 'Content-Encoding': encoding }).end(pack(BODY));
    });
    expect(await post(url)).toMatchObject({ kind: 'answer', body: BODY });
  });

  it('in pieces that split a character is put together', async () => {
    const bytes = Buffer.from(BODY);
    const half = BODY.indexOf('退') + 1;
    const { url } = await serve((_, response) => {
      response.write(bytes.subarray(0, half));
      setImmediate(() => response.end(bytes.subarray(half)));
    });
    expect(await post(url)).toMatchObject({ kind: 'answer', body: BODY });
  });

  it('may take longer than an idle connection is kept', async () => {
    const { url } = await serve((_, response) => setTimeout(() => response.end('{}'), 4_200));
    expect(await post(url, { timeout: 20_000 })).toMatchObject({ kind: 'answer', body: '{}' });
  }, 30_000);
});

it('the body is sent byte for byte, and connections are kept', async () => {
  const bodies: string[] = [];
  const { url, sockets } = await serve(async (request, response) => {
    bodies.push(await bodyOf(request));
    response.end('{}');
  });
  const one = transport();
  for (let n = 0; n < 3; n += 1) await one.post(new URL(url), { headers: {}, body: BODY });
  expect(bodies).toEqual([BODY, BODY, BODY]);
  expect(sockets.size).toBe(1);
});

it('a call that is over leaves nothing behind on its signal, however it ended', async () => {
  const { signal } = new AbortController();
  const good = await serve((_, response) => response.end('{}'));
  const bad = await serve((request) => request.socket.destroy());
  const one = transport();
  const call = (url: string) => one.post(new URL(url), { headers: {}, body: BODY, signal });
  expect(await call(good.url)).toMatchObject({ kind: 'answer' });
  expect(await call(bad.url)).toMatchObject({ kind: 'lost' });
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

it('a connection that is reset right after a complete answer ends no process', async () => {
  const url = await serveSockets((socket) =>
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}', () => socket.resetAndDestroy());
    }),
  );
  const one = transport();
  const call = () => one.post(new URL(url), { headers: {}, body: BODY });
  const replies = await Promise.all(Array.from({ length: 20 }, call));
  await new Promise(setImmediate);
  // Which of the two comes first is the network's affair; an error that nobody handles would fail this run.
  for (const reply of replies) expect(['answer', 'lost']).toContain(reply.kind);
});

it('a closed transport keeps no connection', async () => {
  const { url, sockets } = await serve((_, response) => response.end('{}'));
  const one = transport();
  await one.post(new URL(url), { headers: {}, body: BODY });
  const [socket] = sockets;
  const closed = new Promise((resolve) => socket?.once('close', resolve));
  one.close();
  await closed;
  expect(socket?.destroyed).toBe(true);
});
