import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { freePorts } from '../../testing/free-ports.js';
import { serve, serveSockets } from '../support/loopback.js';
import { type Answer, serveProxy } from './connect-proxy.js';
import { bodyOf } from './fixtures.js';
import { BODY, post, transport, untilClosed } from './network.js';
import { serveTls, trustTheCertificate } from './tls.js';

const PASSWORD = 'hunter2 with a blank';

/** The proxy's address with a user and a password, which no reason may repeat. */
function withPassword(url: URL): URL {
  const given = new URL(url);
  given.username = 'ana';
  given.password = PASSWORD;
  return given;
}

function expectNoPassword(shown: unknown) {
  const text = inspect(shown, { depth: 10, showHidden: true });
  for (const secret of ['hunter2', 'ana:', Buffer.from(`ana:${PASSWORD}`).toString('base64')])
    expect(text).not.toContain(secret);
}

describe.each(['http', 'https'] as const)('through a proxy to an address of %s', (scheme) => {
  /** A server, and how many requests it has seen. */
  async function serveTarget(onRequest?: () => void) {
    if (scheme === 'https') {
      trustTheCertificate();
      const { port, seen } = await serveTls(onRequest);
      return { url: `https://localhost:${port}/`, target: `localhost:${port}`, seen };
    }
    const seen = { requests: 0 };
    const { url } = await serve((request, response) => {
      seen.requests += 1;
      if (onRequest) onRequest();
      else request.resume().on('end', () => response.end('{}'));
    });
    return { url, target: new URL(url).host, seen };
  }

  it.each(['own', 'kept'] as const)('each call has a tunnel of its own (%s)', async (connection) => {
    const { url, target, seen } = await serveTarget();
    const proxy = await serveProxy();
    const one = transport(5_000, withPassword(proxy.url));
    for (let n = 0; n < 2; n += 1) {
      const reply = await one.post(new URL(url), { headers: {}, body: BODY, connection });
      expect(reply).toMatchObject({ kind: 'answer', status: 200, body: '{}' });
    }
    const credentials = `ana:${PASSWORD}`;
    expect(proxy.asked).toEqual([
      { target, credentials },
      { target, credentials },
    ]);
    expect(seen.requests).toBe(2);
    await untilClosed(proxy.clients);
  });

  it.each<[string, Answer, string]>([
    [
      'refuses with 403',
      (client) => client.end('HTTP/1.1 403 No\r\n\r\nno'),
      'opened no tunnel to TARGET (HTTP status 403)',
    ],
    [
      'wants another password',
      (client) => client.end('HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\n\r\n'),
      'did not accept the user and password (HTTP status 407)',
    ],
    [
      'finds no server',
      (client) => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'),
      'opened no tunnel to TARGET (HTTP status 502)',
    ],
    [
      'answers as a server would',
      (client) => client.end('HTTP/1.1 201 OK\r\nContent-Length: 2\r\n\r\n{}'),
      'opened no tunnel to TARGET (HTTP status 201)',
    ],
    ['closes without an answer', (client) => client.end(), 'opened no tunnel to TARGET (ECONNRESET)'],
    [
      'resets the connection',
      (client) => client.resetAndDestroy(),
      'opened no tunnel to TARGET (ECONNRESET)',
    ],
    [
      'answers without HTTP',
      (client) => client.end('SSH-2.0-OpenSSH_9.9\r\n'),
      'opened no tunnel to TARGET (HPE_',
    ],
  ])('a proxy that %s: nothing was sent', async (_, answer, reason) => {
    const { url, target, seen } = await serveTarget();
    const proxy = await serveProxy(answer);
    const reply = await post(url, { proxy: withPassword(proxy.url) });
    expect(reply).toMatchObject({
      kind: 'notSent',
      reason: expect.stringContaining(`The proxy ${proxy.url.host} ${reason.replace('TARGET', target)}`),
    });
    expectNoPassword(reply);
    expect({ asked: proxy.asked.length, requests: seen.requests }).toEqual({ asked: 1, requests: 0 });
    await untilClosed(proxy.clients);
  });

  it.each<[string, Answer]>([
    ['does not answer', () => {}],
    ['begins an answer that does not end', (client) => client.write('HTTP/1.1 200 Conn')],
  ])('a proxy that %s until the time limit: nothing was sent', async (_, answer) => {
    const { url, target, seen } = await serveTarget();
    const proxy = await serveProxy(answer);
    const reply = await post(url, { timeout: 300, proxy: withPassword(proxy.url) });
    expect(reply).toMatchObject({
      kind: 'notSent',
      reason: `The proxy ${proxy.url.host} opened no tunnel to ${target} within 0.3 s. This call was not sent.`,
    });
    await untilClosed(proxy.clients);
    expect(seen.requests).toBe(0);
  });

  it('with an unreachable proxy nothing was sent', async () => {
    const { url, seen } = await serveTarget();
    const [port] = await freePorts(1);
    const reply = await post(url, { proxy: withPassword(new URL(`http://127.0.0.1:${port}`)) });
    expect(reply).toMatchObject({
      kind: 'notSent',
      reason: `The connection to the proxy 127.0.0.1:${port} was refused. This call was not sent.`,
    });
    expect(seen.requests).toBe(0);
  });

  it.each(['an abort', 'the end of the client'])(
    '%s before the tunnel is open: nothing was sent, and no connection stays open',
    async (by) => {
      const { url, seen } = await serveTarget();
      const abort = new AbortController();
      const proxy = await serveProxy(() => (by === 'an abort' ? abort.abort() : one.close()));
      const one = transport(60_000, proxy.url);
      const call = { headers: {}, body: BODY, connection: 'own', signal: abort.signal } as const;
      expect(await one.post(new URL(url), call)).toMatchObject({
        kind: 'notSent',
        reason: expect.stringMatching(
          /(aborted|closed) before a connection to .* was made. This call was not sent.$/,
        ),
      });
      await untilClosed(proxy.clients);
      expect(seen.requests).toBe(0);
    },
  );

  it('a proxy that fails after the request arrived: the request may have been sent, and is not repeated', async () => {
    const { url, seen } = await serveTarget(() => proxy.die());
    const proxy = await serveProxy();
    const reply = await post(url, { proxy: withPassword(proxy.url) });
    expect(reply).toMatchObject({
      kind: 'lost',
      reason: expect.stringContaining('may have received this call'),
    });
    expectNoPassword(reply);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect({ asked: proxy.asked.length, requests: seen.requests }).toEqual({ asked: 1, requests: 1 });
  });

  it('an abort after the request arrived: the request may have been sent, and the tunnel is closed', async () => {
    const abort = new AbortController();
    const { url } = await serveTarget(() => abort.abort());
    const proxy = await serveProxy();
    expect(await post(url, { proxy: proxy.url, signal: abort.signal })).toMatchObject({
      kind: 'lost',
      reason: expect.stringContaining('aborted before the answer was complete'),
    });
    await untilClosed(proxy.clients);
  });
});

it('over TLS, a proxy that fails before the certificate is verified: nothing was sent', async () => {
  const { port, sockets } = await serveSockets((socket) => socket.once('data', () => proxy.die()));
  const proxy = await serveProxy();
  expect(await post(`https://localhost:${port}/`, { proxy: proxy.url })).toMatchObject({
    kind: 'notSent',
    reason: `The connection to localhost:${port} was closed before the request was written. This call was not sent.`,
  });
  expect(sockets.size).toBe(1);
});

it('over TLS, an abort before the certificate is verified: nothing was sent, and the tunnel is closed', async () => {
  const abort = new AbortController();
  const { port } = await serveSockets((socket) => socket.once('data', () => abort.abort()));
  const proxy = await serveProxy();
  const url = `https://localhost:${port}/`;
  expect(await post(url, { proxy: proxy.url, signal: abort.signal })).toMatchObject({
    kind: 'notSent',
    reason: `The call was aborted before a connection to localhost:${port} was made. This call was not sent.`,
  });
  await untilClosed(proxy.clients);
});

it.each([
  ['that is not trusted', 'localhost', false, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['for another name', '127.0.0.1', true, 'ERR_TLS_CERT_ALTNAME_INVALID'],
])('a certificate %s within the tunnel: nothing was sent', async (_, host, isTrusted, code) => {
  if (isTrusted) trustTheCertificate();
  const { port, seen } = await serveTls();
  const proxy = await serveProxy();
  expect(await post(`https://${host}:${port}/`, { proxy: proxy.url })).toMatchObject({
    kind: 'notSent',
    reason: `No connection to ${host}:${port} was made (${code}). This call was not sent.`,
  });
  expect(seen.requests).toBe(0);
});

describe('a proxy that is itself reached over TLS', () => {
  it.each(['http', 'https'])('opens a tunnel to an address of %s', async (scheme) => {
    trustTheCertificate();
    const plain = await serve((request, response) => request.resume().on('end', () => response.end('{}')));
    const { port } = await serveTls();
    const proxy = await serveProxy(undefined, 'https');
    const url = scheme === 'http' ? plain.url : `https://localhost:${port}/`;
    expect(await post(url, { proxy: proxy.url })).toMatchObject({ kind: 'answer', body: '{}' });
    expect(proxy.asked).toHaveLength(1);
  });

  it('with an untrusted certificate: nothing was sent', async () => {
    const { url } = await serve(() => {});
    const proxy = await serveProxy(undefined, 'https');
    expect(await post(url, { proxy: withPassword(proxy.url) })).toMatchObject({
      kind: 'notSent',
      reason: `The proxy ${proxy.url.host} opened no tunnel to ${new URL(url).host} (DEPTH_ZERO_SELF_SIGNED_CERT). This call was not sent.`,
    });
    expect(proxy.asked).toEqual([]);
  });
});

it('over plain http, a proxy that fails once the tunnel is open: the request may have been sent', async () => {
  const { url } = await serveSockets(() => {});
  const proxy = await serveProxy((client) => {
    client.write('HTTP/1.1 200 OK\r\n\r\n');
    client.once('data', () => client.destroy());
  });
  expect(await post(url, { proxy: proxy.url })).toMatchObject({ kind: 'lost' });
});

it('the request to WorldFirst does not contain the password of the proxy', async () => {
  const seen: { headers: object; body: string }[] = [];
  const { url } = await serve(async (request, response) => {
    seen.push({ headers: request.headers, body: await bodyOf(request) });
    response.end('{}');
  });
  const proxy = await serveProxy();
  await post(url, { proxy: withPassword(proxy.url), headers: { 'Client-Id': 'X' } });
  expect(seen).toMatchObject([{ headers: { 'client-id': 'X' }, body: BODY }]);
  expectNoPassword(seen);
});

it('a transport that is logged does not show the password of its proxy', () => {
  expectNoPassword(transport(5_000, withPassword(new URL('http://proxy.example:3128'))));
});
