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
  /** Resolves with the process's last lines when it ended by itself. */
  readonly fell: Promise<string>;
  readonly #options: ProcessOptions;
  #reportFall: (lastLines: string) => void = () => {};
  #running: GuardedProcess | undefined;

  constructor(options: ProcessOptions) {
    this.name = options.name;
    this.#options = options;
    this.fell = new Promise((resolve) => {
      this.#reportFall = resolve;
    });
  }

  /** Its process id; absent while it is down. */
  get pid(): number | undefined {
    return this.#running?.pid;
  }

  /** Starts it, and waits until it answers. */
  async start(): Promise<void> {
    const { command, args, isReady } = this.#options;
    const running = await startGuarded(command, args, process.env);
    this.#running = running;
    running.ended.then((lastLines) => this.#running === running && this.#reportFall(lastLines));
    const deadline = Date.now() + READY_LIMIT_MS;
    while (!(await isReady())) {
      if (running.hasEnded()) throw new Error(`${this.name} ended while it started: ${await running.ended}`);
      if (Date.now() > deadline)
        throw new Error(`${this.name} does not answer after ${READY_LIMIT_MS / 1000} s`);
      await sleep(LOOK_AGAIN_MS);
    }
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
    process.kill(running.pid, this.#options.killSignal ?? 'SIGKILL');
    await running.stop();
  }
}
