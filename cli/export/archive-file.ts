import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  writeFileSync,
} from 'node:fs';
import { escapeInvisible } from '../../internal/sanitize.js';
import { CliError } from '../failure.js';
import { notWritable } from '../file-error.js';

const LINE_FEED = 0x0a;
// Read from the end of the file at a time.
const BLOCK = 65_536;
// How each record begins.
const BEGINNING = '{"version":';

/** A file to which records are appended, one a line. */
export class ArchiveFile {
  readonly #fd: number;
  readonly #path: string;

  /**
   * @param create whether one that does not exist is created
   * @throws CliError where it cannot be opened
   */
  constructor(file: string, { create }: { create: boolean }) {
    this.#path = file;
    const { O_APPEND, O_CREAT, O_RDWR } = constants;
    try {
      // Records have personal data: only the owner of the file may read them.
      this.#fd = openSync(file, O_RDWR | O_APPEND | (create ? O_CREAT : 0), 0o600);
    } catch (error) {
      if (!create && (error as NodeJS.ErrnoException).code === 'ENOENT')
        throw new CliError(
          'USAGE',
          `${file} does not exist yet, so give --since as well. Nothing was exported.`,
        );
      throw notWritable(file, error, 'Nothing was exported.');
    }
  }

  /**
   * Cuts off the beginning of a record at the end, which a process that was killed left there.
   * @param namespace that of the records to come
   * @returns the cursor of the last record; undefined in an empty file
   * @throws CliError where the end is something else: it may be another kind of file, and it is not changed
   */
  lastCursor(namespace: string): string | undefined {
    const { size } = fstatSync(this.#fd);
    const end = this.#afterLineFeed(size);
    const torn = this.#text(end, Math.min(size, end + BEGINNING.length));
    const last = end === 0 ? undefined : placeIn(this.#text(this.#afterLineFeed(end - 1), end));
    if ((end > 0 && last === undefined) || !BEGINNING.startsWith(torn))
      throw new CliError(
        'USAGE',
        `The last line of ${this.#path} is not an audit record with a cursor, so it is not known where to continue. ` +
          'Nothing was exported, and the file is unchanged. Give another file.',
      );
    // A cursor of one namespace says nothing about another one: records would be missing, or there twice.
    if (last && last.namespace !== namespace)
      throw new CliError(
        'USAGE',
        `${this.#path} has the records of the namespace "${last.namespace}", and those of "${namespace}" would be added. ` +
          'Nothing was exported. Check TEMPORAL_NAMESPACE, or give another file.',
      );
    if (end < size) ftruncateSync(this.#fd, end);
    return last?.cursor;
  }

  /**
   * Appends one record.
   * @throws CliError where it could not be written, such as on a full disk
   */
  write(record: object): void {
    try {
      writeFileSync(this.#fd, `${escapeInvisible(JSON.stringify(record))}\n`);
    } catch (error) {
      throw notWritable(this.#path, error, 'It has the records before; run the command again to continue.');
    }
  }

  /** Ends it, after all of it is on the disk. */
  close(): void {
    try {
      fsyncSync(this.#fd);
    } catch (error) {
      // A pipe or a device cannot be synchronized.
      if ((error as NodeJS.ErrnoException).code !== 'EINVAL')
        throw notWritable(this.#path, error, 'Check the disk.');
    } finally {
      closeSync(this.#fd);
    }
  }

  /** The place after the last line feed before `end`; 0 where there is none. */
  #afterLineFeed(end: number): number {
    for (let to = end; to > 0; to -= BLOCK) {
      const from = Math.max(0, to - BLOCK);
      const found = this.#bytes(from, to).lastIndexOf(LINE_FEED);
      if (found >= 0) return from + found + 1;
    }
    return 0;
  }

  #text(from: number, to: number): string {
    return this.#bytes(from, to).toString('utf8');
  }

  #bytes(from: number, to: number): Buffer {
    const bytes = Buffer.alloc(to - from);
    readSync(this.#fd, bytes, 0, bytes.length, from);
    return bytes;
  }
}

function placeIn(line: string): { cursor: string; namespace: string } | undefined {
  try {
    const { version, cursor, namespace } = JSON.parse(line) as Record<string, unknown>;
    const isRecord = version === 1 && typeof cursor === 'string' && typeof namespace === 'string';
    return isRecord ? { cursor, namespace } : undefined;
  } catch {
    return undefined;
  }
}
