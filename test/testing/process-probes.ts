import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Resolves once the process does not exist any more. */
export async function whenGone(pid: number): Promise<void> {
  while (isThere(pid)) await delay(20);
}

/** Whether the process exists. */
export function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Whether a program accepts connections at an address `host:port`. */
export function isListening(address: string): Promise<boolean> {
  const [host, port] = address.split(':');
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) });
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
