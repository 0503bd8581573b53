import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a child serves: calls whose parameters and results are JSON. */
// biome-ignore lint/suspicious/noExplicitAny: the parameters of each call are its own.
export type Calls = Record<string, (...given: any[]) => unknown>;
type Question = { id: number; call: string; given: unknown[] };
type Answer = { id: number; result?: unknown; error?: string };

const END_LIMIT_MS = 10_000;
const START = fileURLToPath(new URL('start.mjs', import.meta.url));

/** A program in a process of its own, that answers calls and ends with this process. */
export class Child<Served extends Calls> {
  /** Resolves when it is gone, whatever ended it. */
  readonly gone: Promise<void>;
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  #asked = 0;

  /** @param file the program, a module of TypeScript that calls {@link serve} */
  constructor(file: URL) {
    const name = path.basename(file.pathname);
    this.#process = fork(START, [file.href], { execArgv: [] });
    this.gone = once(this.#process, 'exit').then(() => {});
    this.#process.on('message', (answer: Answer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if (answer.error === undefined) waiting?.resolve(answer.result);
      else waiting?.reject(new Error(`${name}: ${answer.error}`));
    });
    this.#process.on('exit', (code, signal) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`${name} ended (${signal ?? code})`));
      this.#waiting.clear();
    });
  }

  /** The process id, to measure it from outside. */
  get pid(): number {
    return this.#process.pid as number;
  }

  /** Calls what the child serves. */
  ask<Name extends keyof Served & string>(
    call: Name,
    ...given: Parameters<Served[Name]>
  ): Promise<Awaited<ReturnType<Served[Name]>>> {
    this.#asked += 1;
    const question: Question = { id: this.#asked, call, given };
    return new Promise((resolve, reject) => {
      const answered = { resolve: resolve as (result: unknown) => void, reject };
      this.#waiting.set(question.id, answered);
      this.#process.send(question, (error) => error && reject(error));
    });
  }

  /** Ends the child, and waits until it is gone; harmless when repeated. */
  async end(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    if (this.#process.connected) this.#process.disconnect();
    const tooLong = setTimeout(() => this.#process.kill('SIGKILL'), END_LIMIT_MS);
    await this.gone;
    clearTimeout(tooLong);
  }

  /** Kills the child by SIGKILL, and waits until it is gone. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.gone;
  }
}

/** Makes this process a {@link Child} of another one. */
export function serve(calls: Calls): void {
  // Ctrl-C reaches every process of a terminal; it is who started this one that ends it.
  process.on('SIGINT', () => {});
  process.on('disconnect', () => process.exit());
  process.on('message', async ({ id, call, given }: Question) => {
    try {
      process.send?.({ id, result: await calls[call]?.(...given) });
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
}
