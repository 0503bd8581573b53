import pc from 'picocolors';
import { type ExitCode, exitCodeFor } from './exit-codes.js';
import { failureOf, failureText } from './failure.js';

/** Where a command's words go: the result to stdout, all else to stderr; with `--json` the result is one JSON document. */
export class Output {
  readonly #json: boolean;
  #printed = false;

  constructor(json: boolean) {
    this.#json = json;
  }

  /** The command's result, in the one form or the other. */
  result(document: unknown, text: () => string): void {
    if (this.#json) this.document(document);
    else process.stdout.write(`${text()}\n`);
  }

  /** What only `--json` prints, once: the first document is the result. */
  document(document: unknown): void {
    if (!this.#json || this.#printed) return;
    this.#printed = true;
    process.stdout.write(`${jsonText(document)}\n`);
  }

  /** A line for people, beside the result. */
  note(line: string): void {
    process.stderr.write(`${line}\n`);
  }

  /** Says what went wrong, and returns the exit code for it. */
  failure(error: unknown): ExitCode {
    const failure = failureOf(error);
    this.document({ error: failure });
    this.note(failureText(failure));
    return exitCodeFor(failure.code);
  }
}

/** Colours for stdout: on a terminal only, and not where NO_COLOR asks for none. */
export const colors = pc.createColors(pc.isColorSupported && Boolean(process.stdout.isTTY));

/** One line where a program reads it, spread out where a person does. */
function jsonText(document: unknown): string {
  return JSON.stringify(document, null, process.stdout.isTTY ? 2 : undefined);
}
