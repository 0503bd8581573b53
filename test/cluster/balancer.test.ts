import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { startBalancer } from '../../tools/cluster/balancer.js';

test('connections are spread over the servers, and one that is down is passed over', async () => {
  const [one, two] = [await startNamed('one'), await startNamed('two')];
  const balancer = await startBalancer([one.address, two.address]);
  onTestFinished(() => balancer.stop());
  const names = [await nameAt(balancer.address), await nameAt(balancer.address)];
  expect(names.sort()).toEqual(['one', 'two']);
  await one.stop();
  expect([await nameAt(balancer.address), await nameAt(balancer.address)]).toEqual(['two', 'two']);
});

test('a connection is closed when no server is up, and works again when one is', async () => {
  const { address, stop } = await startNamed('one');
  const balancer = await startBalancer([address]);
  onTestFinished(() => balancer.stop());
  await stop();
  expect(await nameAt(balancer.address)).toBe('');
  await startNamed('again', Number(address.split(':')[1]));
  expect(await nameAt(balancer.address)).toBe('again');
});

/** A server that says its name to each connection. */
async function startNamed(name: string, port = 0) {
  const server = createServer((socket) => socket.end(name));
  await once(server.listen(port, '127.0.0.1'), 'listening');
  const stop = async () => {
    if (server.listening) await once(server.close(), 'close');
  };
  onTestFinished(stop);
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
}

async function nameAt(address: string): Promise<string> {
  const [host, port] = address.split(':');
  const socket = connect(Number(port), host);
  return text(socket).catch(() => '');
}
