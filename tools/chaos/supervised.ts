import { setTimeout as sleep } from 'node:timers/promises';
import { type Calls, Child } from '../harness/child.js';

const START_AGAIN_AFTER_MS = 200;
const LOOK_AGAIN_MS = 20;
// A worker cannot start while Temporal's server restarts.
const MOST_FAILED_STARTS = 20;

/** A process that is started again each time it ends, as by a supervisor. */
export class Supervised<Served extends Calls> {
  /** How often it ended without being killed. */
  crashes = 0;
  /** The number of the present process, from 1. */
  generation = 0;
  readonly #file: URL;
  readonly #prepare: (child: Child<Served>, generation: number) => Promise<unknown>;
  readonly #loop: Promise<void>;
  #child: Child<Served> | undefined;
  #failedStarts = 0;
  #failure: unknown;
  #isReady = false;
  #isOver = false;

  /** @param prepare makes a new process ready; it receives the generation */
  constructor(file: URL, prepare: (child: Child<Served>, generation: number) => Promise<unknown>) {
    this.#file = file;
    this.#prepare = prepare;
    this.#loop = this.#keepRunning();
  }

  /** The process, as soon as it is ready. */
  async ready(): Promise<Child<Served>> {
    while (!this.#isReady || !this.#child) {
      if (this.#isOver) throw new Error('the run is over');
      if (this.#failedStarts >= MOST_FAILED_STARTS) throw this.#failure;
      await sleep(LOOK_AGAIN_MS);
    }
    return this.#child;
  }

  /** Kills it by SIGKILL as soon as it is ready, whatever it does then. A new one is started automatically. */
  async kill(): Promise<void> {
    const child = await this.ready();
    this.#isReady = false;
    await child.kill();
  }

  /** Freezes it by SIGSTOP as soon as it is ready, and lets it go on after so many milliseconds. */
  async freeze(milliseconds: number): Promise<void> {
    const { pid } = await this.ready();
    process.kill(pid, 'SIGSTOP');
    await sleep(milliseconds);
    try {
      process.kill(pid, 'SIGCONT');
    } catch {
      // It was killed meanwhile.
    }
  }

  /** Ends it for good. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#child?.end();
    await this.#loop;
  }

  async #keepRunning(): Promise<void> {
    while (!this.#isOver) {
      this.generation += 1;
      const child = new Child<Served>(this.#file);
      this.#child = child;
      await this.#prepare(child, this.generation).then(
        () => {
          this.#isReady = true;
          this.#failedStarts = 0;
        },
        (error: unknown) => {
          this.#failedStarts += 1;
          this.#failure = error;
          return child.kill();
        },
      );
      await child.ended;
      if (this.#isReady && !this.#isOver) this.crashes += 1;
      this.#isReady = false;
      if (!this.#isOver) await sleep(START_AGAIN_AFTER_MS);
    }
  }
}
