import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { isObject } from '../../internal/check.js';
import { escapeInvisible } from '../../internal/sanitize.js';
import { CliError } from '../failure.js';
import { notWritable } from '../file-error.js';
import { isRunning } from '../file-lock.js';

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

  /**
   * @param isOwn whether the first line of a file says that it was written by the same command: another one is not replaced
   * @throws CliError where it cannot be written
   */
  constructor(file: string, isOwn: (firstLine: string) => boolean) {
    try {
      this.#path = placeOf(file, isOwn);
      this.#temporary = `${this.#path}.${process.pid}.tmp`;
      removeAbandoned(this.#path);
      this.#fd = openSync(this.#temporary, 'w', 0o600);
    } catch (error) {
      if (error instanceof CliError) throw error;
      throw notWritable(file, error, 'Nothing was done.');
    }
  }

  write(line: object): void {
    this.writeText(escapeInvisible(JSON.stringify(line)));
  }

  /** Writes a line that is not JSON. */
  writeText(line: string): void {
    this.#attempt(() => writeFileSync(this.#fd, `${line}\n`));
  }

  /** Puts it in its place. Lines can be written afterwards, too. */
  publish(): void {
    this.#attempt(() => {
      fsyncSync(this.#fd);
      renameSync(this.#temporary, this.#path);
    });
    this.#isPublished = true;
  }

  #attempt(write: () => void): void {
    try {
      write();
    } catch (error) {
      throw notWritable(this.#path, error, 'Run the same command again when it can be written.');
    }
  }

  /** Ends it; one that was not published is removed. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    closeSync(this.#fd);
    if (!this.#isPublished) rmSync(this.#temporary, { force: true });
  }
}

/** Where it is put: a link stays one. A device such as /dev/null must not be replaced, which root could do. */
function placeOf(file: string, isOwn: (firstLine: string) => boolean): string {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) return file;
  const refused = (what: string, remedy: string) =>
    new CliError('USAGE', `${file} ${what}: ${remedy}. Nothing was done.`);
  if (!found.isFile()) throw refused('is a folder or a device', 'give a file');
  const first = firstLineOf(file);
  if (first !== '' && !isOwn(first))
    throw refused('holds something else, and would be replaced', 'give another file');
  return realpathSync(file);
}

const MOST_BYTES = 65_536;

/** Empty in an empty file. A line is longer than that only in a file of another kind. */
function firstLineOf(file: string): string {
  const fd = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(MOST_BYTES);
    const [line = ''] = bytes.subarray(0, readSync(fd, bytes)).toString('utf8').split('\n');
    return line;
  } finally {
    closeSync(fd);
  }
}

/** Whether a line is a JSON object with a number `line`, and a text in this field. */
export function isLineWith(field: 'result' | 'status') {
  return (text: string): boolean => {
    try {
      const value: unknown = JSON.parse(text);
      return isObject(value) && typeof value.line === 'number' && typeof value[field] === 'string';
    } catch {
      return false;
    }
  };
}

/** Removes what runs left behind that were killed before they published. */
function removeAbandoned(file: string): void {
  const folder = path.dirname(file);
  const beginning = `${path.basename(file)}.`;
  for (const name of readdirSync(folder)) {
    const [, pid] =
      /^(\d{1,9})\.tmp$/.exec(name.startsWith(beginning) ? name.slice(beginning.length) : '') ?? [];
    if (pid !== undefined && !isRunning(Number(pid))) rmSync(path.join(folder, name), { force: true });
  }
}
