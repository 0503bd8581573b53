import { setTimeout as sleep } from 'node:timers/promises';

const PROBE_EVERY_MS = 2_000;

/** Says once that Temporal answers again after it did not: the SDK logs the beginning of an outage only. */
export class Outage {
  readonly #probe: () => Promise<unknown>;
  readonly #onEnd: () => void;
  #isOn = false;

  /** @param probe rejects while Temporal does not answer */
  constructor(probe: () => Promise<unknown>, onEnd: () => void) {
    this.#probe = probe;
    this.#onEnd = onEnd;
  }

  /** A call was not answered; harmless when the outage has begun already. */
  begin(): void {
    if (!this.#isOn) this.#untilAnswered();
  }

  async #untilAnswered(): Promise<void> {
    this.#isOn = true;
    while (this.#isOn) {
      // It keeps no process alive.
      await sleep(PROBE_EVERY_MS, undefined, { ref: false });
      this.#isOn = await this.#probe().then(
        () => false,
        () => true,
      );
    }
    this.#onEnd();
  }
}
