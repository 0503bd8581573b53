import { connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { startBalancer } from '../../tools/cluster/balancer.js';
import { opened } from '../support/loopback.js';

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
  const server = await opened(
    createServer((socket) => socket.end(name)),
    port,
  );
  onTestFinished(server.close);
  return { address: `127.0.0.1:${server.port}`, stop: server.close };
}

async function nameAt(address: string): Promise<string> {
  const [host, port] = address.split(':');
  const socket = connect(Number(port), host);
  return text(socket).catch(() => '');
}
