import type { Socket } from 'node:net';
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

/** Resolves once each of the connections is closed, here or at the other end. */
export function untilClosed(sockets: Iterable<Socket>): Promise<boolean> {
  return vi.waitUntil(() => [...sockets].every((socket) => socket.destroyed), { timeout: 20_000 });
}
