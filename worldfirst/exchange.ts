import type { Dispatcher } from 'undici';

/** An answer as undici reads it: names and values in turn, and the body's bytes as they came. */
export interface RawAnswer {
  status: number;
  headers: Buffer[];
  body: Buffer;
}

/** One request and its answer. undici tells it what happens; it knows at any time whether the request may have left. */
export class Exchange implements Dispatcher.DispatchHandlers {
  /** The complete answer, or the error that came first. */
  readonly answer: Promise<RawAnswer>;
  #succeed!: (answer: RawAnswer) => void;
  #fail!: (error: Error) => void;
  #isOver = false;
  #abort: ((error: Error) => void) | undefined;
  #status = 0;
  #headers: Buffer[] = [];
  readonly #chunks: Buffer[] = [];

  constructor() {
    this.answer = new Promise((resolve, reject) => {
      this.#succeed = resolve;
      this.#fail = reject;
    });
  }

  /** False is a proof: no byte of the request has been written, and once the exchange is over, none will ever be. */
  get mayHaveBeenSent(): boolean {
    return this.#abort !== undefined;
  }

  /** Ends it at once, unless it is over. */
  stop(error: Error): void {
    if (this.#isOver) return;
    this.onError(error);
    this.#abort?.(error);
  }

  /** The connection is open, and when this returns, the request is written to it: the last moment to prevent that. */
  onConnect(abort: (error?: Error) => void): void {
    // undici reserves the right to write a request again, on another connection; but money must move once only.
    if (this.mayHaveBeenSent) abort(new Error('its request would have been sent again'));
    else if (this.#isOver) abort();
    else this.#abort = abort;
  }

  /** Early hints and the like come before the answer in the same way, and are then overwritten. */
  onHeaders(status: number, headers: Buffer[]): boolean {
    this.#status = status;
    this.#headers = headers;
    return true;
  }

  onData(chunk: Buffer): boolean {
    this.#chunks.push(chunk);
    return true;
  }

  onComplete(): void {
    this.#isOver = true;
    this.#succeed({ status: this.#status, headers: this.#headers, body: Buffer.concat(this.#chunks) });
  }

  onError(error: Error): void {
    this.#isOver = true;
    this.#fail(error);
  }
}
