import { createLogUpdate } from 'log-update';

/** Shows progress: in one line that changes on a terminal, in separate lines elsewhere. */
export interface Progress {
  /** Shows the present step. */
  step(text: string): void;
  /** Prints a line that stays. */
  say(line: string): void;
  close(): void;
}

/** Progress on standard output. */
export function openProgress(): Progress {
  const begun = performance.now();
  const seconds = () => `${((performance.now() - begun) / 1000).toFixed(0)} s`.padStart(6);
  if (!process.stdout.isTTY) {
    const say = (line: string) => console.log(line);
    return { say, step: (text) => say(`${seconds()}  ${text}`), close() {} };
  }
  const update = createLogUpdate(process.stdout);
  return {
    step: (text) => update(`${seconds()}  ${text}`),
    say(line) {
      update.clear();
      console.log(line);
    },
    close: () => update.clear(),
  };
}

/** No output. */
export const NO_PROGRESS: Progress = { step() {}, say() {}, close() {} };
