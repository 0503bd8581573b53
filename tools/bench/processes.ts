import { readFileSync } from 'node:fs';

// Clock ticks a second, as Linux counts them for every program.
const TICK_MS = 10;

/** The processor time of a process in milliseconds; undefined where the system does not tell. */
export function cpuOf(pid: number | undefined): number | undefined {
  const stat = read(pid, 'stat');
  // The program's name stands in parentheses, and may hold anything.
  const fields = stat?.slice(stat.lastIndexOf(') ') + 2).split(' ');
  return fields && (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** The memory of a process in bytes; undefined where the system does not tell. */
export function memoryOf(pid: number | undefined): number | undefined {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(read(pid, 'status') ?? '')?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

function read(pid: number | undefined, name: string): string | undefined {
  try {
    return pid === undefined ? undefined : readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return undefined;
  }
}
