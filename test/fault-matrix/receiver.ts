import { createServer } from 'node:http';
import { afterAll, beforeAll } from 'vitest';
import { createNotificationHandler, toNodeListener } from '../../notifications/index.js';
import type { Environment } from '../support/environment.js';
import { type Opened, opened } from '../support/loopback.js';

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
  let server: Opened | undefined;
  beforeAll(async () => {
    const { env } = refunds.sandbox;
    const handler = createNotificationHandler({
      client: refunds.refunds,
      keys: {
        clientId: env.WORLDFIRST_CLIENT_ID ?? '',
        privateKey: env.WORLDFIRST_PRIVATE_KEY ?? '',
        publicKeys: env.WORLDFIRST_PUBLIC_KEY ?? '',
      },
      path,
      report: () => {},
    });
    server = await opened(createServer(toNodeListener(handler)));
    receiver.url = `${server.url}${path}`;
  });
  afterAll(() => server?.close());
  return receiver;
}
