import pc from 'picocolors';
import { escapeInvisible } from '../internal/sanitize.js';
import { type ExitCode, exitCodeFor, failureOf, failureText } from './failure.js';
import { jsonLogLine, type LogEvent, type LogFields, type LogFormat } from './log.js';

/** How a command prints its result: as text, as one JSON document, or as one JSON document a line. */
export type Format = 'text' | 'json' | 'json-lines';

/** What a command prints: the result to stdout in its format, everything else to stderr. */
export class Output {
  readonly format: Format;
  readonly logFormat: LogFormat;
  #printed = false;
  readonly #warnings = new Set<string>();

  constructor(format: Format, logFormat: LogFormat = 'text') {
    this.format = format;
    this.logFormat = logFormat;
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
  note(line: string, about: LogFields & Pick<Partial<LogEvent>, 'level'> = {}): void {
    this.#log({ level: 'info', message: line, ...about }, line);
  }

  /** A line that says what should be looked at; printed once, also where several parts of a command notice it. */
  warn(line: string): void {
    if (this.#warnings.has(line)) return;
    this.#warnings.add(line);
    this.#log({ level: 'warn', message: line }, `warning: ${line}`);
  }

  /** Prints what went wrong, and returns the exit code for it. */
  failure(error: unknown): ExitCode {
    const failure = failureOf(error);
    this.document({ error: failure });
    const text = failureText(failure);
    this.#log({ level: 'error', message: text.replace(/^error: /, ''), code: failure.code }, text);
    return exitCodeFor(failure.code);
  }

  #log(event: LogEvent, text: string): void {
    process.stderr.write(`${this.logFormat === 'json' ? jsonLogLine(event) : text}\n`);
  }
}

/** Colours for stdout: on a terminal only, and not with NO_COLOR. */
export const colors = pc.createColors(pc.isColorSupported && Boolean(process.stdout.isTTY));
