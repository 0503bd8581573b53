import pc from 'picocolors';
import { escapeInvisible } from '../internal/sanitize.js';
import { type ExitCode, exitCodeFor } from './exit-codes.js';
import { failureOf, failureText } from './failure.js';

/** How a command prints its result: in words, as one JSON document, or as one JSON document a line. */
export type Format = 'text' | 'json' | 'json-lines';

/** Where a command's words go: the result to stdout in its format, all else to stderr. */
export class Output {
  readonly format: Format;
  #printed = false;

  constructor(format: Format) {
    this.format = format;
  }

  /** The command's result, in the one form or the other. */
  result(document: unknown, text: () => string): void {
    if (this.format === 'text') process.stdout.write(`${text()}\n`);
    else this.document(document);
  }

  /** What people read before the result. */
  preview(text: () => string): void {
    if (this.format === 'text') process.stdout.write(`${text()}\n`);
    else this.note(text());
  }

  /** What only JSON prints: with `--json` once, for the first document is the result; with `--json-lines` each on its line. */
  document(document: unknown): void {
    if (this.format === 'text' || (this.format === 'json' && this.#printed)) return;
    this.#printed = true;
    // Spread out only where a person reads it.
    const indent = this.format === 'json' && process.stdout.isTTY ? 2 : undefined;
    process.stdout.write(`${escapeInvisible(JSON.stringify(document, null, indent))}\n`);
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
