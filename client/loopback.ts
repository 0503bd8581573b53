import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whether calls to the address, host and port, stay on this machine. */
export function isLoopback(address: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]):/.test(address);
}

/** Waits until something listens at the address; rejects when nothing does within the limit. */
export async function listening(address: string, limitMs: number): Promise<void> {
  const deadline = Date.now() + limitMs;
  const [, host = '', port] = /^\[?(.*?)\]?:(\d+)$/.exec(address) ?? [];
  for (;;) {
    const socket = connect({ host, port: Number(port) });
    try {
      await once(socket, 'connect');
      return;
    } catch {
      if (Date.now() > deadline) throw new Error('nothing listens there');
      await sleep(100);
    } finally {
      socket.destroy();
    }
  }
}
