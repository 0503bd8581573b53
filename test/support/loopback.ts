import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A server that listens on loopback. */
export interface Opened {
  port: number;
  /** `http://127.0.0.1:<port>`. */
  url: string;
  /** Every connection that it accepted, closed ones too. */
  sockets: Set<Socket>;
  /** Stops it and breaks off its connections; a second call does nothing. */
  close(): Promise<void>;
}

/** Opens a server of HTTP, HTTP/2, TLS or bytes on loopback, at a free port unless one is given. */
export async function opened(server: Server, port = 0): Promise<Opened> {
  const sockets = new Set<Socket>();
  // A client may break off at any time.
  server.on('connection', (socket) => sockets.add(socket.on('error', () => {})));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  const { port: given } = server.address() as AddressInfo;
  return { port: given, url: `http://127.0.0.1:${given}`, sockets, close };
}

/** Opens a server that is closed when the test ends; not for tests that run side by side. */
export async function openedForTest(server: Server): Promise<Opened> {
  const result = await opened(server);
  onTestFinished(result.close);
  return result;
}

/** An HTTP server that is closed when the test ends. */
export const serve = (listener: RequestListener) => openedForTest(createHttpServer(listener));

/** A server below HTTP, so that it can break off at any byte. It is closed when the test ends. */
export const serveSockets = (listener: (socket: Socket) => void) => openedForTest(createServer(listener));

/** Passes the bytes of a connection on to an address (`host:port`) and back. */
export function forwardTo(address: string): (near: Socket) => void {
  const [host, port] = address.split(':');
  return (near) => {
    const far = connect(Number(port), host).on('error', () => near.destroy());
    near.on('error', () => {}).on('close', () => far.destroy());
    near.pipe(far).pipe(near);
  };
}
