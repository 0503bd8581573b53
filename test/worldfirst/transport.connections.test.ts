import dns from 'node:dns';
import { getEventListeners, once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Transport } from '../../worldfirst/transport.js';
import { serve, serveSockets } from '../support/loopback.js';
import { BODY, transport, untilClosed } from './network.js';

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}';

/** Calls of one transport that leave the connection the turn of the event loop that it needs to be free again. */
const caller = (one: Transport, url: string) => async () => {
  const reply = await one.post(new URL(url), { headers: {}, body: BODY, connection: 'kept' });
  await new Promise(setImmediate);
  return reply;
};

describe('a kept connection', () => {
  it('is used again', async () => {
    const { url, sockets } = await serve((_, response) => response.end('{}'));
    const call = caller(transport(), url);
    for (let n = 0; n < 3; n += 1) expect(await call()).toMatchObject({ kind: 'answer' });
    expect(sockets.size).toBe(1);
  });

  it('is closed soon, even if the server keeps it longer', async () => {
    const { url, sockets } = await serveSockets((socket) =>
      socket.once('data', () =>
        socket.write(ANSWER.replace('\r\n\r\n', '\r\nKeep-Alive: timeout=600\r\n\r\n')),
      ),
    );
    await caller(transport(), url)();
    const [socket] = sockets;
    await new Promise((resolve) => socket?.once('close', resolve).resume());
  }, 30_000);

  it('that the server closes at the next request: the request may have been sent, and is not repeated', async () => {
    let requests = 0;
    const { url, sockets } = await serveSockets((socket) => {
      socket.once('data', () => {
        socket.write(ANSWER);
        socket.once('data', () => {
          requests += 1;
          socket.destroy();
        });
      });
    });
    const call = caller(transport(), url);
    expect(await call()).toMatchObject({ kind: 'answer' });
    expect(await call()).toMatchObject({ kind: 'lost' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect({ requests, connections: sockets.size }).toEqual({ requests: 1, connections: 1 });
  });

  it('that is reset while the request is written: the request may have been sent, and is not repeated', async () => {
    const { url, port, sockets } = await serveSockets((socket) =>
      socket.on('data', () => socket.write(ANSWER)),
    );
    const call = caller(transport(), url);
    expect(await call()).toMatchObject({ kind: 'answer' });
    const { cork } = Socket.prototype;
    const spy = vi.spyOn(Socket.prototype, 'cork').mockImplementation(function (this: Socket) {
      // Node corks a socket before it writes to it.
      if (this.remotePort === port) for (const socket of sockets) socket.resetAndDestroy();
      cork.call(this);
    });
    onTestFinished(() => spy.mockRestore());
    expect(await call()).toMatchObject({ kind: 'lost' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(spy).toHaveBeenCalledOnce();
    expect(sockets.size).toBe(1);
  });

  describe('that the server has closed already', () => {
    async function leftBy(leave: (socket: Socket) => unknown) {
      let requests = 0;
      const { url, sockets } = await serveSockets((socket) =>
        socket.on('data', () => {
          requests += 1;
          socket.write(ANSWER);
        }),
      );
      const call = caller(transport(), url);
      expect(await call()).toMatchObject({ kind: 'answer' });
      for (const socket of sockets) await leave(socket);
      const { kind } = await call();
      return { kind, requests, connections: sockets.size };
    }

    it('is not used after a close: the request is sent once, on another connection', async () => {
      const left = await leftBy((socket) => once(socket.end(), 'finish'));
      expect(left).toEqual({ kind: 'answer', requests: 2, connections: 2 });
    });

    it('is not used after a reset: the request is sent once, on another connection', async () => {
      const left = await leftBy((socket) => socket.resetAndDestroy());
      expect(left).toEqual({ kind: 'answer', requests: 2, connections: 2 });
    });
  });

  it('with unexpected data is closed, and the data is ignored', async () => {
    const { url, sockets } = await serveSockets((socket) =>
      socket.on('data', () =>
        socket.write(sockets.size === 1 ? ANSWER + ANSWER.replace('{}', '[]') : ANSWER),
      ),
    );
    const call = caller(transport(), url);
    expect(await call()).toMatchObject({ kind: 'answer', body: '{}' });
    expect(await call()).toMatchObject({ kind: 'answer', body: '{}' });
    expect(sockets.size).toBe(2);
  });
});

describe('a separate connection', () => {
  it('is new for each call, and is closed after the answer', async () => {
    const { url, sockets } = await serve((_, response) => response.end('{}'));
    const one = transport();
    for (const connection of ['kept', 'own', 'own'] as const) {
      const reply = await one.post(new URL(url), { headers: {}, body: BODY, connection });
      expect(reply).toMatchObject({ kind: 'answer' });
      await new Promise(setImmediate);
    }
    const [kept, ...own] = sockets;
    expect(own).toHaveLength(2);
    await untilClosed(own);
    expect(kept?.destroyed).toBe(false);
  });

  it('that the server closes at the request: the request may have been sent, and is not repeated', async () => {
    const { url, sockets } = await serveSockets((socket) => socket.once('data', () => socket.destroy()));
    const reply = await transport().post(new URL(url), { headers: {}, body: BODY, connection: 'own' });
    expect(reply).toMatchObject({ kind: 'lost' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(sockets.size).toBe(1);
  });
});

it('calls at the same time do not wait for each other', async () => {
  const open: ServerResponse[] = [];
  const { url } = await serve((_, response) => {
    open.push(response);
    if (open.length === 20) for (const each of open) each.end('{}');
  });
  const one = transport();
  const calls = Array.from({ length: 20 }, () =>
    one.post(new URL(url), { headers: {}, body: BODY, connection: 'kept' }),
  );
  for (const reply of await Promise.all(calls)) expect(reply).toMatchObject({ kind: 'answer' });
});

describe('a call that was aborted before its connection was ready', () => {
  type Found = (error: null, addresses: { address: string; family: number }[]) => void;

  /** Holds the lookup of any name until the test lets it go on. */
  function holdLookup(held = () => {}) {
    const found = new Promise<Found>((resolve) => {
      vi.spyOn(dns, 'lookup').mockImplementation(((_: string, __: object, done: Found) => {
        resolve(done);
        held();
      }) as never);
    });
    onTestFinished(() => void vi.restoreAllMocks());
    return async () => (await found)(null, [{ address: '127.0.0.1', family: 4 }]);
  }

  it.each([
    ['the time limit', 'own'],
    ['the time limit', 'kept'],
    ['an abort', 'own'],
    ['an abort', 'kept'],
  ] as const)(
    'by %s is not sent when the connection could be made after all (%s)',
    async (by, connection) => {
      const { port, sockets } = await serveSockets(() => {});
      const abort = new AbortController();
      const goOn = holdLookup(by === 'an abort' ? () => abort.abort() : undefined);
      const one = transport(by === 'an abort' ? 5_000 : 50);
      const { signal } = abort;
      const url = new URL(`http://slow.invalid:${port}/`);
      const reply = await one.post(url, { headers: {}, body: BODY, connection, signal });
      expect(reply).toMatchObject({ kind: 'notSent' });
      expect(getEventListeners(signal, 'abort')).toEqual([]);
      await goOn();
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect([...sockets].filter((socket) => socket.bytesRead > 0)).toEqual([]);
    },
  );
});

describe('a closed transport', () => {
  it('keeps no connection', async () => {
    const { url, sockets } = await serve((_, response) => response.end('{}'));
    const one = transport();
    await caller(one, url)();
    const [socket] = sockets;
    const closed = new Promise((resolve) => socket?.once('close', resolve));
    one.close();
    await closed;
    expect(socket?.destroyed).toBe(true);
  });

  it('aborts a waiting call, whose request may have arrived', async () => {
    const one = transport();
    const { url } = await serve(() => one.close());
    expect(await one.post(new URL(url), { headers: {}, body: BODY, connection: 'kept' })).toMatchObject({
      kind: 'lost',
      reason: 'The client was closed before the answer was complete. WorldFirst may have received this call.',
    });
  });

  it('sends nothing more, and may be closed again', async () => {
    let calls = 0;
    const { url } = await serve((_, response) => {
      calls += 1;
      response.end();
    });
    const one = transport();
    one.close();
    one.close();
    expect(await one.post(new URL(url), { headers: {}, body: BODY, connection: 'kept' })).toMatchObject({
      kind: 'notSent',
    });
    expect(calls).toBe(0);
  });
});
