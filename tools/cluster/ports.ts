import { once } from 'node:events';
import { createServer } from 'node:net';

// Systems take the ports of outgoing connections from 32768 (Linux) or 49152 (macOS) upwards. A server that was killed
// would sometimes not get such a port back, because a connection has it meanwhile.
const FIRST = 20_000;
const LAST = 32_000;

/** Loopback ports that are free now, and stay free while a server that has one of them is started again. */
export async function serverPorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  let port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
  for (let looked = 0; looked < LAST - FIRST && ports.length < count; looked++) {
    if (await isFree(port)) ports.push(port);
    port = port < LAST ? port + 1 : FIRST;
  }
  if (ports.length < count) throw new Error(`There are no ${count} free ports from ${FIRST} to ${LAST}.`);
  return ports;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
  } catch {
    return false;
  }
  await once(server.close(), 'close');
  return true;
}
