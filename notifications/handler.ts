import type { RefundClient } from '../client/refund-client.js';
import { acknowledge, refusal, tryAgain } from './answers.js';
import { Deliverer } from './deliver.js';
import { type NotificationKeys, ownSide } from './own-side.js';
import { receive } from './receive.js';
import { harmless, type Report, warn } from './report.js';
import { verify } from './verify.js';

/** What {@link createNotificationHandler} needs. */
export interface NotificationHandlerOptions {
  /** Finds the refunds, and passes the notification on. */
  client: RefundClient;
  /** WorldFirst's public keys, and your own key and client id. */
  keys: NotificationKeys;
  /**
   * The path of the notification URL registered at WorldFirst (`orderResultNotifyUrl`). WorldFirst signs this path, also
   * where a proxy changes it on the way here.
   */
  path: string;
  /** Receives the result of each request; by default those that an operator should know are logged with `console.warn`. */
  report?: Report;
  /**
   * How long Temporal may take, in milliseconds, before WorldFirst is asked to send it again; 5,000 by default. A call that
   * is being retried takes up to twice as long.
   */
  timeout?: number;
}

/**
 * Makes a handler for WorldTrade's closure notifications, for every framework that speaks the Fetch API. It never rejects.
 *
 * It answers 200 with a signed SUCCESS once the open refunds of the trade have it (or the trade has no open refund), 400
 * to a request that WorldFirst did not sign or that cannot be read, 405, 413, and 503 when Temporal does not answer.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createNotificationHandler, toNodeListener } from 'worldfirst-refunds/notifications';
 *
 * const handler = createNotificationHandler({
 *   client: refunds, // a RefundClient
 *   keys: { clientId, privateKey, publicKeys },
 *   path: '/worldfirst/notifications',
 * });
 * createServer(toNodeListener(handler)).listen(8080);
 * ```
 *
 * @throws {@link ConfigurationError} where a key, the client id or the path is not right
 */
export function createNotificationHandler(
  options: NotificationHandlerOptions,
): (request: Request) => Promise<Response> {
  const { client, keys, path, timeout = 5_000 } = options;
  const own = ownSide(keys, path);
  const deliverer = new Deliverer(client);
  const report = harmless(options.report ?? warn);
  return async (request) => {
    const received = await receive(request);
    const read = 'refusal' in received ? received : verify(request.headers, received.body, own);
    if ('refusal' in read) {
      const { status, reason } = read.refusal;
      report({ kind: 'refused', status, message: `A notification was refused with ${status}: ${reason}.` });
      return refusal(read.refusal);
    }
    const { notification, signed } = read;
    try {
      // To give up by ourselves would leave the call behind, which ends the process when its connection is closed meanwhile.
      const reports = await client.withDeadline(Date.now() + timeout, () =>
        deliverer.deliver(notification, signed),
      );
      for (const each of reports) report(each);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const message = `A notification was not delivered, and WorldFirst will send it again: ${reason}`;
      report({ kind: 'not-delivered', message, notification, error });
      return tryAgain();
    }
    return acknowledge(own);
  };
}
