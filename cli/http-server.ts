import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Command, InvalidArgumentError } from 'commander';
import { CliError } from './failure.js';

/** A server for one handler. */
export interface HttpServer {
  /** Scheme, host and port. */
  readonly url: string;
  /** Accepts no more connections, and answers the requests that are under way. */
  drain(): Promise<void>;
}

/** A request that takes longer is ended. */
const REQUEST_LIMIT_MS = 30_000;
/** Longer than a call to Temporal may take, so that a notification that reached Temporal is acknowledged. */
const DRAIN_LIMIT_MS = 12_000;

/** Where a server listens. */
export interface ListenFlags {
  port: number;
  host: string;
}

/** Adds the flags to a command. */
export function withListenFlags(command: Command): Command {
  return command
    .requiredOption('--port <port>', 'the port to listen on; 0: any free port', portNumber)
    .option('--host <host>', 'the local address to listen on', '127.0.0.1');
}

/** Reads a port. */
export function portNumber(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('It must be a port number.');
  return Number(text);
}

/**
 * Opens a server.
 * @param flag the one that names the port, for the error
 * @throws CliError when the host or the port cannot be opened
 */
export async function openServer(
  handler: (request: Request) => Promise<Response>,
  { host, port }: ListenFlags,
  flag = '--port',
): Promise<HttpServer> {
  const { toNodeListener } = await import('../notifications/to-node-listener.js');
  const underWay = new Set<Promise<unknown>>();
  const listener = toNodeListener((request) => {
    const work = handler(request);
    underWay.add(work);
    return work.finally(() => underWay.delete(work));
  });
  const server = createServer({ requestTimeout: REQUEST_LIMIT_MS }, (incoming, outgoing) => {
    // Notifications are rare, and a connection that is kept would have to be waited for at the end.
    outgoing.shouldKeepAlive = false;
    listener(incoming, outgoing);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(failureOf(error, { host, port, flag })));
    server.listen({ host, port, exclusive: true }, resolve);
  });
  const { address, family, port: opened } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${opened}`,
    async drain() {
      const closed = new Promise((resolve) => server.close(resolve));
      const timer = setTimeout(() => server.closeAllConnections(), DRAIN_LIMIT_MS);
      await closed;
      clearTimeout(timer);
      // Temporal's connection must not be closed while requests still use it.
      await Promise.allSettled(underWay);
    },
  };
}

function failureOf(
  { code, message }: NodeJS.ErrnoException,
  { host, port, flag }: ListenFlags & { flag: string },
): CliError {
  const reason =
    code === 'EADDRINUSE' ? `it is in use. Choose another ${flag}, or 0 for any free one` : message;
  return new CliError('CONFIGURATION', `Port ${port} of ${host} cannot be opened: ${reason}.`);
}
