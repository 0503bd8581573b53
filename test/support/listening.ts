import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { expect } from 'vitest';

/** Where somebody listens: the port, and whether only this machine can reach it. */
interface Door {
  port: number;
  isLoopback: boolean;
}

/**
 * Expects that a process and all that it started listen on loopback only, at these ports among others. Only Linux can be
 * asked so simply; elsewhere nothing is expected.
 */
export function expectLoopbackOnly(pid: number | undefined, ports: readonly number[]): void {
  if (process.platform !== 'linux') return;
  const doors = doorsOf(family(pid as number));
  expect(doors.map(({ port }) => port)).toEqual(expect.arrayContaining([...ports]));
  expect(doors.filter(({ isLoopback }) => !isLoopback)).toEqual([]);
  if (ports.length === 0) expect(doors).toEqual([]);
}

function doorsOf(pids: readonly number[]): Door[] {
  const sockets = new Set(pids.flatMap(socketsOf));
  return ['tcp', 'tcp6'].flatMap((protocol) => {
    const [, ...lines] = readFileSync(`/proc/net/${protocol}`, 'utf8').trim().split('\n');
    return lines
      .map((line) => line.trim().split(/\s+/))
      .filter((columns) => columns[3] === LISTEN && sockets.has(columns[9] as string))
      .map(([, local = '']) => doorAt(local));
  });
}

const LISTEN = '0A';
const LOOPBACK_6 = '00000000000000000000000001000000';

/** `0100007F:1F90` is 127.0.0.1:8080: the bytes of an address stand in the order of the machine. */
function doorAt(local: string): Door {
  const [address = '', port = ''] = local.split(':');
  const isLoopback = address.length === 8 ? address.endsWith('7F') : address === LOOPBACK_6;
  return { port: Number.parseInt(port, 16), isLoopback };
}

function socketsOf(pid: number): string[] {
  try {
    const links = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
    return links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []);
  } catch {
    // It ended meanwhile, or closed one of them.
    return [];
  }
}

/** A process, and all that descend from it. */
function family(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), parentOf(name)] as const);
  const children = (of: number): number[] =>
    parents.filter(([, parent]) => parent === of).flatMap(([child]) => [child, ...children(child)]);
  return [pid, ...children(pid)];
}

function parentOf(pid: string): number {
  try {
    // The name in brackets may hold anything.
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1]);
  } catch {
    return 0;
  }
}
