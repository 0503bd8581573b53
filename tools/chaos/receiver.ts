import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RefundClient } from 'worldfirst-refunds';
import { createNotificationHandler, toNodeListener } from 'worldfirst-refunds/notifications';
import { readWorkerConfig } from 'worldfirst-refunds/worker';

/** The receiver of WorldFirst's notifications. */
export interface Receiver {
  url: string;
  /** Handles notifications from now on. */
  open(client: RefundClient, env: Record<string, string>): void;
  close(): Promise<void>;
}

const PATH = '/notifications';

/** Starts a server for notifications. It has its address before there is a client that handles them. */
export async function openReceiver(): Promise<Receiver> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${PATH}`,
    open(client, env) {
      const { clientId, privateKey, publicKeys } = readWorkerConfig(env).worldfirst;
      const keys = { clientId, privateKey, publicKeys };
      // Lost notifications are found by the checks at the end.
      const handler = createNotificationHandler({ client, keys, path: PATH, report: () => {} });
      server.on('request', toNodeListener(handler));
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
