import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';

/** Loopback ports that are free now, all different. Another program may take one before it is used. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  // All are open at the same time, so that the system cannot return the same port twice.
  await Promise.all(servers.map((server) => listening(server, 0)));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

/** Whether a loopback port is free now; someone else may take it before it is used. */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await listening(server, port);
    await once(server.close(), 'close');
    return true;
  } catch {
    return false;
  }
}

async function listening(server: Server, port: number): Promise<void> {
  await once(server.listen({ port, host: '127.0.0.1', exclusive: true }), 'listening');
}
