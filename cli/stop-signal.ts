import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Aborted by the first SIGINT or SIGTERM, so that a command can shut down. The second one ends the process at once.
 * @param onForced called before the process ends at once
 */
export function stopSignal(onForced: () => void = () => {}): AbortSignal {
  const controller = new AbortController();
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (!controller.signal.aborted) return controller.abort(name);
      onForced();
      process.exit(128 + constants.signals[name]);
    });
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
