import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { escapeInvisible } from '../../internal/sanitize.js';
import { CliError } from '../failure.js';

/**
 * A file with a line of JSON for each refund. A line is written at once, so that it is there when the program is killed. The
 * file is written beside its place first, and replaces what is there only with {@link LinesFile.publish}.
 */
export class LinesFile {
  readonly #path: string;
  readonly #temporary: string;
  readonly #fd: number;
  #isOpen = true;
  #isPublished = false;

  /** @throws CliError where it cannot be written */
  constructor(path: string) {
    this.#path = path;
    this.#temporary = `${path}.${process.pid}.tmp`;
    try {
      this.#fd = openSync(this.#temporary, 'w', 0o600);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new CliError('USAGE', `${path} cannot be written: ${code}. Nothing was started.`);
    }
  }

  write(line: object): void {
    writeSync(this.#fd, `${escapeInvisible(JSON.stringify(line))}\n`);
  }

  /** Puts it in its place. Lines can be written afterwards, too. */
  publish(): void {
    fsyncSync(this.#fd);
    renameSync(this.#temporary, this.#path);
    this.#isPublished = true;
  }

  /** Ends it; one that was not published is removed. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    closeSync(this.#fd);
    if (!this.#isPublished) rmSync(this.#temporary, { force: true });
  }
}
