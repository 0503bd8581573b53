import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll } from 'vitest';
import { createNotificationHandler, toNodeListener } from '../../notifications/index.js';
import type { Environment } from '../support/environment.js';

/** Where WorldFirst notifies. */
export interface Receiver {
  url: string;
  /** Where nobody listens. */
  nowhere: string;
}

/** One receiver of notifications for the tests of this file. */
export function useReceiver(refunds: Environment): Receiver {
  const path = '/worldfirst/notifications';
  const receiver = { url: '', nowhere: `http://127.0.0.1:9${path}` };
  let handler: ReturnType<typeof createNotificationHandler>;
  const server = createServer(toNodeListener((request) => handler(request)));
  beforeAll(async () => {
    const { env } = refunds.sandbox;
    handler = createNotificationHandler({
      client: refunds.refunds,
      keys: {
        clientId: env.WORLDFIRST_CLIENT_ID ?? '',
        privateKey: env.WORLDFIRST_PRIVATE_KEY ?? '',
        publicKeys: env.WORLDFIRST_PUBLIC_KEY ?? '',
      },
      path,
      report: () => {},
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return receiver;
}
