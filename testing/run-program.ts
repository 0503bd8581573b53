import { type SpawnOptions, spawn } from 'node:child_process';

/** The result of a program; `code` is null when a signal ended it. */
export interface ProgramResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The environment and limits of a program. */
export interface ProgramLimits {
  env?: NodeJS.ProcessEnv;
  /** Milliseconds after which the program is ended. */
  limitMs: number;
  /** Ends the program early; the reason given to `abort` becomes the error. */
  signal?: AbortSignal;
}

/** Runs a program to its end, and returns its output. Rejects when it cannot be started or takes longer than `limitMs`. */
export function runProgram(command: string, args: string[], limits: ProgramLimits): Promise<ProgramResult> {
  const options: SpawnOptions = {
    env: limits.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  };
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, options);
    let stdout = '';
    let stderr = '';
    let ended: Error | undefined;
    const end = (reason: Error) => {
      ended ??= reason;
      child.kill('SIGKILL');
    };
    const onAbort = () => end(limits.signal?.reason);
    const timer = setTimeout(
      () => end(new Error(`did not end within ${limits.limitMs / 1000} s`)),
      limits.limitMs,
    );
    limits.signal?.addEventListener('abort', onAbort, { once: true });
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      limits.signal?.removeEventListener('abort', onAbort);
      finish();
    };
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', (error) => settle(() => reject(error)));
    child.on('close', (code) => settle(() => (ended ? reject(ended) : resolve({ code, stdout, stderr }))));
  });
}
