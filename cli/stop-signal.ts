import { setMaxListeners } from 'node:events';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

// How often a command that npm started looks whether npm is still there.
const PARENT_CHECK_MS = 1000;

/**
 * Aborted by the first SIGINT or SIGTERM, so that a command can shut down. The second one ends the process at once.
 *
 * `npx` and `npm run` do not pass SIGTERM on: they end, with the shell between, and leave the command behind without a
 * parent. So under npm the end of the parent counts as SIGTERM. Where npm is killed, the shell stays: on Linux the end of its
 * parent counts, too.
 * @param onForced called before the process ends at once
 */
export function stopSignal(onForced: () => void = () => {}): AbortSignal {
  const controller = new AbortController();
  // Each call that is under way listens, and there may be hundreds.
  setMaxListeners(0, controller.signal);
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (!controller.signal.aborted) return controller.abort(name);
      onForced();
      process.exit(128 + constants.signals[name]);
    });
  }
  if (process.env.npm_command !== undefined) {
    const parent = process.ppid;
    const npm = parentOfShell(parent);
    const timer = setInterval(() => {
      if (process.ppid === parent && parentOfShell(parent) === npm) return;
      clearInterval(timer);
      controller.abort('SIGTERM');
    }, PARENT_CHECK_MS);
    timer.unref();
  }
  return controller.signal;
}

/** Waits until the signal is aborted. */
export async function aborted(signal: AbortSignal): Promise<void> {
  // A promise alone keeps no process alive.
  const alive = setInterval(() => {}, 2 ** 30);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  clearInterval(alive);
}

/** The parent of a shell; undefined where the process is no shell (a shell may replace itself by the command), or not on Linux. */
function parentOfShell(pid: number): string | undefined {
  try {
    // proc(5): "pid (name) state ppid".
    return /\(.*sh\) \S+ (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
