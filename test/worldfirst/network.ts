import { createServer, type Socket } from 'node:net';
import { onTestFinished, vi } from 'vitest';
import type { Connection } from '../../worldfirst/connections.js';
import { Transport } from '../../worldfirst/transport.js';

/** A request that has more bytes than characters. */
export const BODY = '{"refundReason":"退货"}';

export function transport(timeout = 5_000, proxy?: URL): Transport {
  const made = new Transport({ timeout, proxy });
  onTestFinished(() => made.close());
  return made;
}

export interface Call {
  timeout?: number;
  proxy?: URL;
  headers?: Record<string, string>;
  connection?: Connection;
  signal?: AbortSignal;
}

export const post = (url: string, { timeout, proxy, ...call }: Call = {}) =>
  transport(timeout, proxy).post(new URL(url), { headers: {}, body: BODY, connection: 'own', ...call });

/** A server below HTTP, so that it can break off wherever a test wants it. */
export async function serveSockets(
  listener: (socket: Socket) => void,
): Promise<{ url: string; port: number; sockets: Set<Socket> }> {
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
  const { port } = server.address() as { port: number };
  return { url: `http://127.0.0.1:${port}/`, port, sockets };
}

/** Resolves once each of the connections is closed, here or at the other end. */
export function untilClosed(sockets: Iterable<Socket>): Promise<boolean> {
  return vi.waitUntil(() => [...sockets].every((socket) => socket.destroyed), { timeout: 20_000 });
}
