import { type ChildProcess, fork, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { vi } from 'vitest';

/** The built program. */
export const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const SHARED_PROCESS = fileURLToPath(new URL('shared-process.mjs', import.meta.url));
const ON_TERMINAL = fileURLToPath(new URL('on_terminal.py', import.meta.url));

/** What one call of the command line left behind. */
export interface Result {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The command line as its users have it: the built program. */
export class Cli {
  readonly #env: Record<string, string>;
  readonly #running = new Set<ChildProcess>();

  /** @param env all that the program sees, but for PATH and the home folder */
  constructor(env: Record<string, string>) {
    this.#env = env;
  }

  /** Runs it to its end, which a server reaches by itself only where it cannot start. All these runs share one process. */
  async run(
    args: string[],
    { env = {}, input = '' }: { env?: Record<string, string>; input?: string | Buffer } = {},
  ): Promise<Result> {
    const { PATH = '', HOME = '' } = process.env;
    return runInSharedProcess(args, { PATH, HOME, ...this.#env, ...env }, input);
  }

  /** Runs it with `--json`, and reads its one document. */
  async json(
    args: string[],
    options?: Parameters<Cli['run']>[1],
    // biome-ignore lint/suspicious/noExplicitAny: what it holds is what the tests look at
  ): Promise<{ code: number | null; document: any }> {
    const { code, stdout } = await this.run([...args, '--json'], options);
    return { code, document: JSON.parse(stdout) };
  }

  /** Starts it, and leaves it running. */
  start(args: string[], env: Record<string, string> = {}): Program {
    return this.#spawn([process.execPath, MAIN, ...args], env);
  }

  /** Starts it on a terminal, where stdout and stderr are one. */
  open(args: string[], { columns = 80, env = {} }: { columns?: number; env?: Record<string, string> } = {}) {
    const command = ['python3', ON_TERMINAL, String(columns), '50', process.execPath, MAIN, ...args];
    return this.#spawn(command, { TERM: 'xterm-256color', ...env });
  }

  #spawn([file = '', ...args]: string[], env: Record<string, string>): Program {
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(file, args, { env: { PATH, HOME, ...this.#env, ...env } });
    this.#running.add(child);
    child.once('close', () => this.#running.delete(child));
    return new Program(child);
  }

  /** Ends what a failed test may have left running. */
  stop(): void {
    for (const child of this.#running) child.kill('SIGKILL');
  }
}

let shared: ChildProcess | undefined;
let calls = 0;

/** Runs a command line in a process that all test files of this process use. */
async function runInSharedProcess(
  args: string[],
  env: Record<string, string>,
  input: string | Buffer,
): Promise<Result> {
  const child = shared ?? fork(SHARED_PROCESS, { execArgv: [] });
  if (!shared) {
    shared = child;
    child.setMaxListeners(0);
    child.once('exit', () => {
      shared = undefined;
    });
    // It ends with this process.
    child.unref();
    child.channel?.unref();
  }
  const id = ++calls;
  child.send({ id, args, env, input: Buffer.from(input).toString('base64') });
  return new Promise((resolve, reject) => {
    const answered = (answer: Result & { id: number }) => {
      if (answer.id !== id) return;
      child.off('message', answered).off('exit', ended);
      const { code, stdout, stderr } = answer;
      resolve({ code, stdout, stderr });
    };
    const ended = () => reject(new Error(`the process of the command line ended: ${args.join(' ')}`));
    child.on('message', answered).once('exit', ended);
  });
}

/** One call of the command line that is under way. */
export class Program {
  readonly child: ChildProcess;
  readonly ended: Promise<Result>;
  readonly #news = new EventEmitter();
  #stdout = '';
  #stderr = '';

  constructor(child: ChildProcess) {
    this.child = child;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
      this.#news.emit('text');
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
      this.#news.emit('text');
    });
    this.ended = once(child, 'close').then(([code]) => ({
      code: code as number | null,
      stdout: this.#stdout,
      stderr: this.#stderr,
    }));
  }

  /** Waits until it has written this, to stderr or on a terminal, and returns all that it has written. */
  async says(words: string): Promise<string> {
    while (!this.#said().includes(words)) {
      const more = once(this.#news, 'text');
      const over = this.ended.then(({ code }) => {
        if (!this.#said().includes(words))
          throw new Error(`it ended with ${code} before it said "${words}": ${this.#said()}`);
      });
      await Promise.race([more, over]);
    }
    return this.#said();
  }

  /** Waits until a check passes, and says what the program wrote if it ends or does not get there. */
  async reaches(check: () => Promise<void>): Promise<void> {
    const reached = vi.waitFor(check, { timeout: 50_000, interval: 200 }).catch((cause) => {
      throw new Error(`${(cause as Error).message}\nIt has written: ${this.#said()}`, { cause });
    });
    const over = this.ended.then(({ code }) => {
      throw new Error(`it ended with ${code}: ${this.#said()}`);
    });
    await Promise.race([reached, over]);
  }

  /** Presses keys, as a terminal sends them. */
  press(keys: string): void {
    this.child.stdin?.write(keys);
  }

  #said(): string {
    return stripVTControlCharacters(`${this.#stdout}\n${this.#stderr}`);
  }

  /** Waits until it has written a line to stdout, and returns all that it has written. */
  async prints(): Promise<string> {
    while (!this.#stdout.includes('\n')) await once(this.child.stdout as NodeJS.ReadableStream, 'data');
    return this.#stdout;
  }

  /** Sends a signal, and waits for its end. */
  async end(signal: NodeJS.Signals): Promise<Result> {
    this.child.kill(signal);
    return this.ended;
  }
}
