import { isUtf8 } from 'node:buffer';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

// Real requests have a few kilobytes.
const MAX_BYTES = 1024 * 1024;

/** An HTTP server on loopback that can be closed and opened again on the same port. */
export class LoopbackServer {
  readonly #listener: RequestListener;
  #server: Server | undefined;
  #port: number;

  constructor(listener: RequestListener, port: number) {
    this.#listener = listener;
    this.#port = port;
  }

  /** The URL, once the server has been open. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Accepts connections. The port stays the same from the first time on. */
  async open(): Promise<void> {
    if (this.#server) return;
    // A server that closes idle connections sometimes loses a request. Here only faults may lose requests.
    const server = createServer({ keepAliveTimeout: 0 }, this.#listener);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port: this.#port, host: '127.0.0.1', exclusive: true }, resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Refuses new connections and ends open ones. */
  async close(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }
}

/** The body as text; undefined when the client disconnected, or when the body is too large or not UTF-8. */
export async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request) {
      bytes += (chunk as Buffer).length;
      if (bytes > MAX_BYTES) return undefined;
      chunks.push(chunk as Buffer);
    }
  } catch {
    return undefined;
  }
  const body = Buffer.concat(chunks);
  // Decoding would replace invalid bytes, and the signature is over the original bytes.
  return isUtf8(body) ? body.toString('utf8') : undefined;
}
