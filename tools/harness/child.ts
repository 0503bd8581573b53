import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The calls that a child process serves. Their parameters and results are JSON. */
// biome-ignore lint/suspicious/noExplicitAny: each call has its own parameters.
export type Calls = Record<string, (...args: any[]) => unknown>;
type Request = { id: number; call: string; args: unknown[] };
type Response = { id: number; result?: unknown; error?: string };

const END_LIMIT_MS = 10_000;
const START = fileURLToPath(new URL('start.mjs', import.meta.url));

/** A program in a process of its own, which serves calls and ends with this process. */
export class Child<Served extends Calls> {
  /** Resolves when the process has ended for any reason. */
  readonly ended: Promise<void>;
  readonly #process: ChildProcess;
  readonly #pending = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  #requests = 0;

  /** @param file the program, a module of TypeScript that calls {@link serve} */
  constructor(file: URL) {
    const name = path.basename(file.pathname);
    this.#process = fork(START, [file.href], { execArgv: [] });
    this.ended = once(this.#process, 'exit').then(() => {});
    this.#process.on('message', ({ id, result, error }: Response) => {
      const pending = this.#pending.get(id);
      this.#pending.delete(id);
      if (error === undefined) pending?.resolve(result);
      else pending?.reject(new Error(`${name}: ${error}`));
    });
    this.#process.on('exit', (code, signal) => {
      for (const { reject } of this.#pending.values()) reject(new Error(`${name} ended (${signal ?? code})`));
      this.#pending.clear();
    });
  }

  /** The process id, to measure it from outside. */
  get pid(): number {
    return this.#process.pid as number;
  }

  /** Makes a call of the child. */
  call<Name extends keyof Served & string>(
    name: Name,
    ...args: Parameters<Served[Name]>
  ): Promise<Awaited<ReturnType<Served[Name]>>> {
    this.#requests += 1;
    const request: Request = { id: this.#requests, call: name, args };
    return new Promise((resolve, reject) => {
      const pending = { resolve: resolve as (result: unknown) => void, reject };
      this.#pending.set(request.id, pending);
      this.#process.send(request, (error) => error && reject(error));
    });
  }

  /** Ends the child, and waits for its end; harmless when repeated. */
  async end(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    if (this.#process.connected) this.#process.disconnect();
    const tooLong = setTimeout(() => this.#process.kill('SIGKILL'), END_LIMIT_MS);
    await this.ended;
    clearTimeout(tooLong);
  }

  /** Kills the child by SIGKILL, and waits for its end. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.ended;
  }
}

/** Makes this process a {@link Child} of another one. */
export function serve(calls: Calls): void {
  // Ctrl-C reaches every process of a terminal; the parent process ends this one.
  process.on('SIGINT', () => {});
  process.on('disconnect', () => process.exit());
  process.on('message', async ({ id, call, args }: Request) => {
    try {
      process.send?.({ id, result: await calls[call]?.(...args) });
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
}
