import { isUtf8 } from 'node:buffer';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Real requests have a few kilobytes. */
const MOST_BYTES = 1024 * 1024;

/** An HTTP server that only this machine can reach, and that can go away and come back under the same port. */
export class LoopbackServer {
  readonly #listener: RequestListener;
  #server: Server | undefined;
  #port: number;

  constructor(listener: RequestListener, port: number) {
    this.#listener = listener;
    this.#port = port;
  }

  /** Where it is, once it listened. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Accepts connections, from now on under the same port. */
  async open(): Promise<void> {
    if (this.#server) return;
    // A server that closes idle connections makes clients lose requests now and then; here only faults may do that.
    const server = createServer({ keepAliveTimeout: 0 }, this.#listener);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port: this.#port, host: '127.0.0.1', exclusive: true }, resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Refuses connections, and ends those that there are. */
  async close(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }
}

/** The whole body as text; undefined when the client went away, sent more than any request has, or sent no UTF-8. */
export async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request) {
      bytes += (chunk as Buffer).length;
      if (bytes > MOST_BYTES) return undefined;
      chunks.push(chunk as Buffer);
    }
  } catch {
    return undefined;
  }
  const body = Buffer.concat(chunks);
  // What would have to be replaced in it was not signed.
  return isUtf8(body) ? body.toString('utf8') : undefined;
}
