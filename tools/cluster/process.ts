import { setTimeout as sleep } from 'node:timers/promises';
import { type GuardedProcess, startGuarded } from '../../testing/guarded-process.js';

/** How a process is started, and ended without a chance to tidy up. */
interface ProcessOptions {
  name: string;
  command: string;
  args: string[];
  isReady: () => Promise<boolean>;
  killSignal?: 'SIGKILL' | 'SIGQUIT';
}

const READY_LIMIT_MS = 60_000;
const LOOK_AGAIN_MS = 50;

/** One process of the cluster. It can be ended and started again, and keeps its ports. */
export class ClusterProcess {
  readonly name: string;
  /** Is called with the process's last lines when it ended by itself. */
  onFall: (lastLines: string) => void = () => {};
  readonly #options: ProcessOptions;
  #running: GuardedProcess | undefined;

  constructor(options: ProcessOptions) {
    this.name = options.name;
    this.#options = options;
  }

  /** Its process id; absent while it is down. */
  get pid(): number | undefined {
    return this.#running?.pid;
  }

  /** Starts it, and waits until it answers; harmless when it runs. */
  async start(): Promise<void> {
    if (this.#running) return;
    const { command, args, isReady } = this.#options;
    const running = await startGuarded(command, args, process.env);
    this.#running = running;
    running.ended.then((lastLines) => {
      if (this.#running !== running) return;
      this.#running = undefined;
      // The error of a failed start says it.
      if (isUp) this.onFall(lastLines);
    });
    let isUp = false;
    const deadline = Date.now() + READY_LIMIT_MS;
    while (!(await isReady())) {
      if (running.hasEnded()) throw new Error(`${this.name} ended while it started: ${await running.ended}`);
      if (Date.now() > deadline)
        throw new Error(`${this.name} does not answer after ${READY_LIMIT_MS / 1000} s`);
      await sleep(LOOK_AGAIN_MS);
    }
    isUp = true;
  }

  /** Ends it as an operator would; harmless when it is down. */
  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.stop();
  }

  /** Ends it at once, as the loss of its machine would. */
  async kill(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    if (!running) return;
    try {
      process.kill(running.pid, this.#options.killSignal ?? 'SIGKILL');
    } catch {
      // It ended by itself at this moment.
    }
    await running.stop();
  }
}
