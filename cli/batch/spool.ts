import { createReadStream } from 'node:fs';
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CliError } from '../failure.js';
import { notReadable } from '../file-error.js';

/** One line of a file, without its line feed; lines count from 1. */
export interface Line {
  line: number;
  bytes: Buffer;
}

// A request has one megabyte at most, and JSON may write a character with six.
const MOST_BYTES = 8_000_000;
const CHUNK = 65_536;
const LINE_FEED = 10;

/**
 * A private copy of a file or of standard input. It can be read several times, and does not change in between. Its name is
 * removed at once, so nothing of it stays where the program is killed.
 */
export class Spool {
  readonly #handle: FileHandle;
  readonly #name: string;

  private constructor(handle: FileHandle, name: string) {
    this.#handle = handle;
    this.#name = name;
  }

  /** @param file `-` is standard input */
  static async of(file: string): Promise<Spool> {
    const name = nameOf(file);
    const folder = await mkdtemp(path.join(tmpdir(), 'worldfirst-refunds-'));
    const handle = await open(path.join(folder, 'batch'), 'wx+', 0o600);
    await rm(folder, { recursive: true });
    try {
      for await (const chunk of file === '-' ? process.stdin : createReadStream(file))
        await handle.writeFile(chunk);
    } catch (error) {
      await handle.close();
      throw notReadable(name, error, 'Nothing was done.');
    }
    return new Spool(handle, name);
  }

  /** The lines, from the first one on. */
  async *lines(): AsyncIterable<Line> {
    let line = 1;
    let rest: Buffer[] = [];
    let length = 0;
    for await (const chunk of this.#chunks()) {
      let start = 0;
      for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
        yield { line, bytes: Buffer.concat([...rest, chunk.subarray(start, end)]) };
        line += 1;
        start = end + 1;
        rest = [];
        length = 0;
      }
      rest.push(chunk.subarray(start));
      length += chunk.length - start;
      if (length > MOST_BYTES)
        throw new CliError(
          'INVALID_REQUEST',
          `line ${line} of ${this.#name} has more than ${MOST_BYTES / 1_000_000} MB. Nothing was done.`,
        );
    }
    if (length > 0) yield { line, bytes: Buffer.concat(rest) };
  }

  async *#chunks(): AsyncIterable<Buffer> {
    for (let position = 0; ; ) {
      const { bytesRead, buffer } = await this.#handle.read(Buffer.alloc(CHUNK), 0, CHUNK, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** How messages name a file. */
export function nameOf(file: string): string {
  return file === '-' ? 'stdin' : file;
}
