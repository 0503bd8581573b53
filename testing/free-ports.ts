import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** Asks the system for loopback ports that are free now, all different; someone else may take one before it is used. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  // All open at once, or the system might give the same one twice.
  await Promise.all(servers.map((server) => once(server.listen(0, '127.0.0.1'), 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
