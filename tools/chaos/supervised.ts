import { setTimeout as sleep } from 'node:timers/promises';
import { type Calls, Child } from '../harness/child.js';

const START_AGAIN_AFTER_MS = 200;
const LOOK_AGAIN_MS = 20;
// While Temporal's server starts again, a worker cannot.
const MOST_FAILED_STARTS = 20;

/** A process that is started again whenever it has ended, as a supervisor does it. */
export class Supervised<Served extends Calls> {
  /** How often it ended without having been killed. */
  fell = 0;
  /** Which of its lives this is. */
  life = 0;
  readonly #file: URL;
  readonly #prepare: (child: Child<Served>, life: number) => Promise<unknown>;
  readonly #lives: Promise<void>;
  #child: Child<Served> | undefined;
  #failedStarts = 0;
  #failure: unknown;
  #isReady = false;
  #isOver = false;

  /** @param prepare makes a new process ready; it is told which of its lives this is */
  constructor(file: URL, prepare: (child: Child<Served>, life: number) => Promise<unknown>) {
    this.#file = file;
    this.#prepare = prepare;
    this.#lives = this.#live();
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

  /** Kills it by SIGKILL as soon as it is ready, whatever it does then. Another one is started by itself. */
  async kill(): Promise<void> {
    const child = await this.ready();
    this.#isReady = false;
    await child.kill();
  }

  /** Ends it for good. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#child?.end();
    await this.#lives;
  }

  async #live(): Promise<void> {
    while (!this.#isOver) {
      this.life += 1;
      const child = new Child<Served>(this.#file);
      this.#child = child;
      await this.#prepare(child, this.life).then(
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
      await child.gone;
      if (this.#isReady && !this.#isOver) this.fell += 1;
      this.#isReady = false;
      if (!this.#isOver) await sleep(START_AGAIN_AFTER_MS);
    }
  }
}
