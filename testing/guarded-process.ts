import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';

// Runs the program as its own child, and ends it when the pipe from our process closes. The operating system closes that pipe
// however our process ends, also after SIGKILL. The guard prints the program's process id first.
const GUARD = `
  const { spawn } = require('node:child_process');
  const [, command, ...args] = process.argv;
  const program = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'], windowsHide: true });
  const end = () => {
    program.kill('SIGTERM');
    setTimeout(() => program.kill('SIGKILL'), 5000).unref();
  };
  program.on('error', (error) => { console.error(error.message); process.exit(1); });
  program.on('exit', (code) => process.exit(code ?? 0));
  process.stdin.on('end', end).on('error', end).resume();
  process.stdout.on('error', () => {});
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);
  console.log(program.pid);
`;

const KEPT_ERROR_LINES = 20;

/** A program that ends when this process ends, for any reason. */
export interface GuardedProcess {
  /** The program's process id. */
  readonly pid: number;
  /** Resolves when the program has ended, with its last lines on stderr. */
  readonly ended: Promise<string>;
  readonly hasEnded: () => boolean;
  /** Ends the program and waits until it is gone. It can be called again. */
  stop(): Promise<void>;
}

/**
 * Starts a program that cannot outlive this process. Ctrl-C in a terminal does not reach it, so that a worker can drain
 * before `stop` is called.
 */
export async function startGuarded(
  command: string,
  args: string[],
  env: NodeJS.ProcessEnv,
): Promise<GuardedProcess> {
  // NODE_OPTIONS is for our process: a loader or a debugger port in it would break the guard.
  const guard = spawn(process.execPath, ['-e', GUARD, '--', command, ...args], {
    cwd: tmpdir(),
    detached: true,
    env: { ...env, NODE_OPTIONS: '' },
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const lines: string[] = [];
  createInterface({ input: guard.stderr }).on('line', (line) => {
    lines.push(line);
    if (lines.length > KEPT_ERROR_LINES) lines.shift();
  });
  // The pipe breaks when the program ends by itself while `stop` is called.
  guard.stdin.on('error', () => {});
  const ended = once(guard, 'close').then(() => lines.join('\n'));
  const first = once(createInterface({ input: guard.stdout }), 'line').then(([line]) => Number(line));
  const pid = await Promise.race([first, ended.then(() => undefined)]);
  if (!pid) throw new Error(`${command} cannot be started: ${await ended}`);
  guard.on('exit', (_, signal) => signal && endOrphan(pid));
  // A program that is never stopped must not keep this process alive.
  for (const handle of handles(guard)) handle.unref();
  return {
    pid,
    ended,
    hasEnded: () => guard.exitCode !== null || guard.signalCode !== null,
    async stop() {
      for (const handle of handles(guard)) handle.ref();
      guard.stdin.end();
      await ended;
    },
  };
}

function handles(guard: ChildProcess): Pick<ChildProcess, 'ref' | 'unref'>[] {
  // Pipes of child processes are sockets, although their type says otherwise.
  return [guard, ...[guard.stdin, guard.stdout, guard.stderr].map((pipe) => pipe as unknown as Socket)];
}

// For a program whose guard was killed.
function endOrphan(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // The program has ended by itself.
  }
}
