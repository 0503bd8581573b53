import pc from 'picocolors';
import { escapeInvisible } from '../internal/sanitize.js';
import { type ExitCode, exitCodeFor, failureOf, failureText } from './failure.js';

/** How a command prints its result: as text, as one JSON document, or as one JSON document a line. */
export type Format = 'text' | 'json' | 'json-lines';

/** What a command prints: the result to stdout in its format, everything else to stderr. */
export class Output {
  readonly format: Format;
  #printed = false;

  constructor(format: Format) {
    this.format = format;
  }

  /** The command's result, in its format. */
  result(document: unknown, text: () => string): void {
    if (this.format === 'text') process.stdout.write(`${text()}\n`);
    else this.document(document);
  }

  /** Text before the result. */
  preview(text: () => string): void {
    if (this.format === 'text') process.stdout.write(`${text()}\n`);
    else this.note(text());
  }

  /** Printed as JSON only: with `--json` the first document, because it is the result; with `--json-lines` each on its line. */
  document(document: unknown): void {
    if (this.format === 'text' || (this.format === 'json' && this.#printed)) return;
    this.#printed = true;
    // On several lines only where it is read on a terminal.
    const indent = this.format === 'json' && process.stdout.isTTY ? 2 : undefined;
    process.stdout.write(`${escapeInvisible(JSON.stringify(document, null, indent))}\n`);
  }

  /** A line beside the result. */
  note(line: string): void {
    process.stderr.write(`${line}\n`);
  }

  /** Prints what went wrong, and returns the exit code for it. */
  failure(error: unknown): ExitCode {
    const failure = failureOf(error);
    this.document({ error: failure });
    this.note(failureText(failure));
    return exitCodeFor(failure.code);
  }
}

/** Colours for stdout: on a terminal only, and not with NO_COLOR. */
export const colors = pc.createColors(pc.isColorSupported && Boolean(process.stdout.isTTY));
