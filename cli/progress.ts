import type { Output } from './output.js';

const LINE_EVERY_MS = 5_000;
const BAR_EVERY_MS = 100;
const BAR_WIDTH = 30;

/** How far a long command is, on stderr: a bar on a terminal, a line from time to time elsewhere. */
export class Progress {
  readonly #output: Output;
  readonly #title: string;
  readonly #total: number;
  readonly #isBar: boolean;
  #done = 0;
  #shownAt = performance.now();

  /** @param title what is done, such as `started` */
  constructor(output: Output, title: string, total: number) {
    this.#output = output;
    this.#title = title;
    this.#total = total;
    this.#isBar = Boolean(process.stderr.isTTY) && output.logFormat === 'text';
  }

  /** One more is done. */
  step(): void {
    this.#done += 1;
    const now = performance.now();
    if (now - this.#shownAt < (this.#isBar ? BAR_EVERY_MS : LINE_EVERY_MS)) return;
    this.#shownAt = now;
    if (this.#isBar) process.stderr.write(`\r${this.#bar()}\u001b[K`);
    else this.#output.note(this.#text());
  }

  /** Removes the bar, so that other lines can be written. */
  clear(): void {
    if (this.#isBar) process.stderr.write('\r\u001b[K');
  }

  #text(): string {
    return `${this.#title} ${this.#done} of ${this.#total}`;
  }

  #bar(): string {
    const filled = Math.round((this.#done / this.#total) * BAR_WIDTH);
    return `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${this.#text()}`;
  }
}
