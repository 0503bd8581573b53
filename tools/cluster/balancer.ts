import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** One address in front of several servers. */
export interface Balancer {
  /** Host and port. */
  address: string;
  stop(): Promise<void>;
}

/** Spreads connections over several servers, as a load balancer does it. A connection to a server that is down goes to the next one. */
export async function startBalancer(addresses: readonly string[]): Promise<Balancer> {
  const open = new Set<Socket>();
  let turn = 0;
  const server = createServer(async (client) => {
    open.add(client.on('close', () => open.delete(client)).on('error', () => {}));
    turn += 1;
    const inTurn = addresses.map((_, index) => addresses[(turn + index) % addresses.length] as string);
    const backend = await firstThatAnswers(inTurn);
    if (!backend || client.destroyed) {
      client.destroy();
      backend?.destroy();
      return;
    }
    backend.on('close', () => client.destroy());
    client.on('close', () => backend.destroy());
    client.pipe(backend).pipe(client);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    async stop() {
      for (const socket of open) socket.destroy();
      await once(server.close(), 'close');
    },
  };
}

async function firstThatAnswers(addresses: readonly string[]): Promise<Socket | undefined> {
  for (const address of addresses) {
    const [host, port] = address.split(':');
    const socket = connect(Number(port), host);
    try {
      await once(socket, 'connect');
      return socket.on('error', () => {});
    } catch {
      socket.destroy();
    }
  }
  return undefined;
}
