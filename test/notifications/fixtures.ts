import { createServer } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { Client, Connection } from '@temporalio/client';
import { afterAll } from 'vitest';
import { RefundClient } from '../../client/index.js';
import {
  createNotificationHandler,
  type NotificationHandlerOptions,
  type NotificationReport,
  toNodeListener,
} from '../../notifications/index.js';
import { signAsWorldFirst, type WorldFirstMessage } from '../../testing/sign-as-worldfirst.js';
import { opened } from '../support/loopback.js';
import { CLIENT_ID, partner, worldfirst } from '../worldfirst/fixtures.js';

const endings: (() => Promise<unknown>)[] = [];

afterAll(async () => {
  for (const end of endings.splice(0)) await end();
});

/** Ends something when the tests of this file are over, also where they run side by side. */
export function atTheEnd(end: () => Promise<unknown>): void {
  endings.push(end);
}

export const PATH = '/worldfirst/notifications';

/** Our key and WorldFirst's, as a handler has them. */
export const KEYS = {
  clientId: CLIENT_ID,
  privateKey: partner.privateKey,
  publicKeys: worldfirst.publicKey,
};

/** A body as WorldFirst writes it. */
export function bodyOf(tradeId: string, isRefund: 'Y' | 'N' = 'Y'): string {
  return JSON.stringify({ requestId: 'create-1', tradeId, isRefund });
}

/** The headers of a notification that WorldFirst signed; each part can be another one. */
export function signedHeaders(body: string, other: Partial<WorldFirstMessage> = {}): Record<string, string> {
  const { privateKey } = worldfirst;
  return signAsWorldFirst({
    kind: 'notification',
    path: PATH,
    body,
    clientId: CLIENT_ID,
    privateKey,
    ...other,
  });
}

/** A handler, and what it has reported. */
export function handlerWith(options: Partial<NotificationHandlerOptions> & { client: RefundClient }) {
  const reports: NotificationReport[] = [];
  const handler = createNotificationHandler({
    keys: KEYS,
    path: PATH,
    report: (report) => void reports.push(report),
    ...options,
  });
  return { handler, reports };
}

/** A handler behind a real server. */
export async function served(options: Partial<NotificationHandlerOptions> & { client: RefundClient }) {
  const { handler, reports } = handlerWith(options);
  const { port, url, close } = await opened(createServer(toNodeListener(handler)));
  atTheEnd(close);
  return { handler, reports, port, url: `${url}${PATH}` };
}

/** A client for a Temporal that is not there. */
export function nowhere(address = '127.0.0.1:1'): RefundClient {
  const connection = Connection.lazy({ address, channelArgs: { 'grpc.enable_http_proxy': 0 } });
  atTheEnd(() => connection.close());
  return new RefundClient(new Client({ connection }));
}

/** What a server says to these bytes, until it closes the connection. */
export async function exchange(port: number, head: string, body: string | Uint8Array = ''): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(head.replaceAll('\n', '\r\n'));
  socket.write(body);
  return text(socket);
}

/** Resolves once it is so. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
}
