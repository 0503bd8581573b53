import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type Socket } from 'node:net';
import { openedForTest } from '../support/loopback.js';
import { CERTIFICATE, KEY } from './tls.js';

/** What a proxy does with a request for a tunnel, in place of opening it. */
export type Answer = (client: Socket, request: IncomingMessage) => void;

/** An HTTP proxy on loopback that opens tunnels by CONNECT, and nothing else. */
export interface ConnectProxy {
  /** Its address; a test adds a user and a password. */
  url: URL;
  /** What CONNECT asked for, in order: `host:port` and the user and password that came with it. */
  asked: { target: string; credentials: string | undefined }[];
  /** Every connection to the proxy. */
  clients: Socket[];
  /** Breaks all tunnels off, as a proxy that dies. */
  die(): void;
}

/**
 * @param answer what it does in place of opening the tunnel
 * @param scheme how it is reached itself
 */
export async function serveProxy(answer?: Answer, scheme: 'http' | 'https' = 'http'): Promise<ConnectProxy> {
  const asked: ConnectProxy['asked'] = [];
  const clients: Socket[] = [];
  const proxy = scheme === 'http' ? createServer() : createTlsServer({ key: KEY, cert: CERTIFICATE });
  // It answers nothing but CONNECT.
  proxy.on('request', (_, response) => response.writeHead(405).end());
  proxy.on(scheme === 'http' ? 'connection' : 'secureConnection', (socket) => {
    clients.push(socket);
    socket.on('error', () => {}).on('end', () => socket.end());
  });
  proxy.on('connect', (request, socket, head) => {
    const client = socket as Socket;
    const target = request.url ?? '';
    asked.push({ target, credentials: credentialsOf(request) });
    if (answer) return answer(client.resume(), request);
    const { hostname, port } = new URL(`http://${target}`);
    const server = connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      server.write(head);
      server.pipe(client).pipe(server);
    });
    server.on('error', () => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
    server.on('close', () => client.destroy());
    client.on('close', () => server.destroy());
  });
  const { port, sockets } = await openedForTest(proxy);
  const die = () => {
    for (const socket of sockets) socket.destroy();
  };
  const host = scheme === 'http' ? '127.0.0.1' : 'localhost';
  const url = new URL(`${scheme}://${host}:${port}`);
  return { url, asked, clients, die };
}

function credentialsOf({ headers }: IncomingMessage): string | undefined {
  const [, base64] = headers['proxy-authorization']?.split('Basic ') ?? [];
  return base64 && Buffer.from(base64, 'base64').toString('utf8');
}
