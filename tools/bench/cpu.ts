import type { Server } from './context.js';
import { cpuOf } from './processes.js';
import { sum } from './statistics.js';
import { usage } from './usage.js';

/** Processor time in milliseconds; NaN where the system does not show it. */
export interface Cpu {
  /** Of all workers. */
  worker: number;
  /** Of Temporal's processes without its database. */
  servers: number;
  /** Of PostgreSQL. */
  database: number;
  /** Of the program that requests refunds. */
  caller: number;
}

/** What is asked for its processor time. */
export interface Processes {
  workers: readonly { call(name: 'cpu'): Promise<number> }[];
  /** Absent where nothing needs them. */
  servers?: readonly number[];
  database: readonly number[];
}

/** The processes of a server, those of its database apart. */
export function processesOf({ pids, cluster }: Server): { servers: number[]; database: number[] } {
  const database = [cluster?.postgres.pid ?? []].flat();
  return { servers: pids().filter((pid) => !database.includes(pid)), database };
}

/** The processor time until now. */
export async function cpuNow({ workers, servers, database }: Processes): Promise<Cpu> {
  return {
    worker: sum(await Promise.all(workers.map((worker) => worker.call('cpu')))),
    servers: servers ? cpuOf(servers) : 0,
    database: cpuOf(database),
    caller: usage.cpu(),
  };
}

/** The processor time between two moments. */
export function cpuBetween(before: Cpu, after: Cpu): Cpu {
  return each((what) => after[what] - before[what]);
}

/** What one of so many refunds took. */
export function cpuPerRefund(used: readonly Cpu[], refunds: number): Cpu {
  return each((what) => sum(used.map((cpu) => cpu[what])) / refunds);
}

function each(of: (what: keyof Cpu) => number): Cpu {
  return { worker: of('worker'), servers: of('servers'), database: of('database'), caller: of('caller') };
}
