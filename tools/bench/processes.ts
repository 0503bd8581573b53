import { readFileSync } from 'node:fs';

// Clock ticks a second, as Linux counts them for every program.
const TICK_MS = 10;
// Of the numbers after the program's name: user and system time, also of the children that have ended.
const TIMES = [11, 12, 13, 14];

/** The processor time of processes and their children in milliseconds; NaN where the system does not show it. */
export function cpuOf(pids: readonly number[]): number {
  return pids.length === 0 ? Number.NaN : sumOf(pids, cpuOfTree);
}

/** The memory of processes in bytes; NaN where the system does not show it. */
export function memoryOf(pids: readonly number[]): number {
  return pids.length === 0 ? Number.NaN : sumOf(pids, memoryOfOne);
}

function cpuOfTree(pid: number): number {
  const stat = read(pid, 'stat');
  // The program's name stands in parentheses, and may hold anything.
  const fields = stat?.slice(stat.lastIndexOf(') ') + 2).split(' ') ?? [];
  const own = sumOf(TIMES, (field) => Number(fields[field])) * TICK_MS;
  // PostgreSQL has a process for each connection. One that ends at this moment counts with those that have ended.
  const children = read(pid, `task/${pid}/children`)?.trim().split(' ').filter(Boolean) ?? [];
  return own + sumOf(children, (child) => cpuOfTree(Number(child)) || 0);
}

function memoryOfOne(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(read(pid, 'status') ?? '')?.[1];
  return Number(kilobytes) * 1024;
}

function read(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return undefined;
  }
}

function sumOf<Value>(values: readonly Value[], of: (value: Value) => number): number {
  return values.reduce((all, value) => all + of(value), 0);
}
