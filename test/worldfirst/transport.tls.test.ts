import { expect, it } from 'vitest';
import { serve, serveSockets } from '../support/loopback.js';
import { BODY, post, transport } from './network.js';
import { serveTls, trustTheCertificate } from './tls.js';

it('a call over TLS is answered', async () => {
  trustTheCertificate();
  const { port, seen } = await serveTls();
  expect(await post(`https://localhost:${port}/`)).toMatchObject({ kind: 'answer', body: '{}' });
  expect(seen.requests).toBe(1);
});

it('an untrusted certificate is detected before anything is sent', async () => {
  const { port, seen } = await serveTls();
  expect(await post(`https://localhost:${port}/`)).toMatchObject({
    kind: 'notSent',
    reason: `No connection to localhost:${port} was made (DEPTH_ZERO_SELF_SIGNED_CERT). This call was not sent.`,
  });
  expect(seen.requests).toBe(0);
});

it('a certificate for another name is detected before anything is sent', async () => {
  trustTheCertificate();
  const { port, seen } = await serveTls();
  expect(await post(`https://127.0.0.1:${port}/`)).toMatchObject({
    kind: 'notSent',
    reason: `No connection to 127.0.0.1:${port} was made (ERR_TLS_CERT_ALTNAME_INVALID). This call was not sent.`,
  });
  expect(seen.requests).toBe(0);
});

it('nothing is sent to a server without TLS', async () => {
  let calls = 0;
  const { url } = await serve((_, response) => {
    calls += 1;
    response.end();
  });
  expect(await post(url.replace('http:', 'https:'))).toMatchObject({ kind: 'notSent' });
  expect(calls).toBe(0);
});

it('a time limit that ends during the TLS handshake: nothing was sent', async () => {
  const { port } = await serveSockets(() => {});
  expect(await post(`https://localhost:${port}/`, { timeout: 100 })).toMatchObject({
    kind: 'notSent',
    reason: `No connection to localhost:${port} was made within 0.1 s. This call was not sent.`,
  });
});

it('an abort during the TLS handshake: nothing was sent', async () => {
  const abort = new AbortController();
  const { port } = await serveSockets((socket) => socket.once('data', () => abort.abort()));
  expect(await post(`https://localhost:${port}/`, { signal: abort.signal })).toMatchObject({
    kind: 'notSent',
    reason: expect.stringContaining('aborted before a connection'),
  });
});

it('a closed transport waits for no connection', async () => {
  const one = transport(60_000);
  const closed = new Promise<void>((resolve) => {
    void serveSockets((socket) => {
      socket.once('data', () => one.close());
      socket.once('close', () => resolve());
    }).then(async ({ port }) => {
      const reply = await one.post(new URL(`https://localhost:${port}/`), {
        headers: {},
        body: BODY,
        connection: 'own',
      });
      expect(reply).toMatchObject({ kind: 'notSent', reason: expect.stringContaining('was closed before') });
    });
  });
  await closed;
});
