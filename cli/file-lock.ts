import {
  closeSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { CliError } from './failure.js';
import { notWritable } from './file-error.js';

const LONGEST_WRITE_MS = 10_000;

/**
 * Takes a file for this process alone, by a file beside it that ends in `.lock`. What a process that was killed left there is
 * replaced. Pipes and devices are not locked.
 * @returns what gives it back
 * @throws CliError while another process has it
 */
export function lockFile(file: string): () => void {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats && !stats.isFile()) return () => {};
  // Two names of one file have one lock.
  const lock = `${stats ? realpathSync(file) : file}.lock`;
  if (!create(lock)) {
    removeAbandoned(file, lock);
    if (!create(lock)) throw refused(file, lock);
  }
  return () => rmSync(lock, { force: true });
}

/** False where it is there already. */
function create(lock: string): boolean {
  let fd: number | undefined;
  try {
    fd = openSync(lock, 'wx', 0o600);
    writeFileSync(fd, `${process.pid} ${hostname()}\n`);
    closeSync(fd);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    // On a full disk it is created, and empty.
    if (fd !== undefined) rmSync(lock, { force: true });
    throw notWritable(lock, error, 'Nothing was done.');
  }
}

function removeAbandoned(file: string, lock: string): void {
  if (isHeld(lock)) throw refused(file, lock);
  // Of two processes that find it at the same time only one can rename it, and not the new lock of the other.
  const taken = `${lock}.${process.pid}`;
  try {
    renameSync(lock, taken);
  } catch {
    // The other one has ended meanwhile, or has taken it: the next attempt to create it shows which.
    return;
  }
  if (isHeld(taken)) {
    renameSync(taken, lock);
    throw refused(file, lock);
  }
  rmSync(taken, { force: true });
}

/** Whether the process that wrote it may still run: of another machine that is not known. */
function isHeld(lock: string): boolean {
  const text = textOf(lock);
  if (text === undefined) return false;
  const [, pid, host] = /^(\d{1,9}) (.+)$/m.exec(text) ?? [];
  // It is being written now, unless its process ended in between.
  if (pid === undefined) return ageOf(lock) < LONGEST_WRITE_MS;
  // In a container that was started again, another process had the id of this one.
  return host !== hostname() || (Number(pid) !== process.pid && isRunning(Number(pid)));
}

/** Milliseconds since it was written. */
function ageOf(lock: string): number {
  return Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
}

/** Undefined where it is not there. */
function textOf(lock: string): string | undefined {
  try {
    return readFileSync(lock, 'utf8');
  } catch {
    return undefined;
  }
}

function refused(file: string, lock: string): CliError {
  const [pid = '?', host = '?'] = textOf(lock)?.trim().split(' ') ?? [];
  return new CliError(
    'USAGE',
    `Another command is writing ${file} (process ${pid} on ${host}). Nothing was done. Wait until it has ended; ` +
      `if it does not run any more, remove ${lock}.`,
  );
}

/** Whether a process of this machine runs. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // A process of another user runs, too.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
