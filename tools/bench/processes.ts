import { readFileSync } from 'node:fs';

// Clock ticks a second, as Linux counts them for every program.
const TICK_MS = 10;

/** The processor time of a process in milliseconds; NaN where the system does not show it. */
export function cpuOf(pid: number | undefined): number {
  const stat = read(pid, 'stat');
  // The program's name stands in parentheses, and may hold anything.
  const fields = stat?.slice(stat.lastIndexOf(') ') + 2).split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** The memory of a process in bytes; NaN where the system does not show it. */
export function memoryOf(pid: number | undefined): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(read(pid, 'status') ?? '')?.[1];
  return Number(kilobytes) * 1024;
}

function read(pid: number | undefined, name: string): string | undefined {
  try {
    return pid === undefined ? undefined : readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return undefined;
  }
}
