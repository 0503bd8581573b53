import type { ValidationIssue } from '../internal/check.js';

/** Environment variables, read one by one while every mistake is noted. An empty one counts as not set. */
export class Variables {
  readonly issues: ValidationIssue[] = [];
  /** What is allowed, and hardly meant. */
  readonly warnings: string[] = [];
  readonly #env: NodeJS.ProcessEnv;

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
  }

  /** The value, or undefined where it is not set. */
  get(name: string): string | undefined {
    return this.#env[name]?.trim() || undefined;
  }

  /** The value; that it is not set is a mistake. */
  required(name: string, remedy: string): string | undefined {
    const value = this.get(name);
    if (value === undefined) this.mistake(name, `is not set: ${remedy}`);
    return value;
  }

  /** Notes a mistake. */
  mistake(name: string, message: string): void {
    this.issues.push({ path: name, message });
  }
}
