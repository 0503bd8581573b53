import { EncodingMistake, utf8Text } from '../../internal/utf8.js';
import type { RefundRequest } from '../../rules/request.js';
import { csvRows } from './csv-rows.js';
import type { IdTemplate } from './id-template.js';
import { jsonRows } from './json-rows.js';
import type { Row, TextLine } from './row.js';
import type { Line, Spool } from './spool.js';

/** Which file is read, and how. */
export interface BatchFile {
  spool: Spool;
  /** Its ending decides between CSV and NDJSON, and the first character of the file where there is none. */
  name: string;
  template?: IdTemplate | undefined;
}

/**
 * Reads the refunds of a batch file, one after the other.
 * @throws CliError where the header of a CSV file has a mistake
 */
export async function* rowsOf({ spool, name, template }: BatchFile): AsyncIterable<Row> {
  const lines = textLines(spool);
  yield* (await isJson(spool, name)) ? jsonRows(lines, template) : csvRows(lines, template);
}

async function isJson(spool: Spool, name: string): Promise<boolean> {
  if (/\.(ndjson|jsonl)$/i.test(name)) return true;
  if (/\.csv$/i.test(name)) return false;
  for await (const { bytes } of spool.lines()) {
    const text = bytes
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .trim();
    if (text !== '') return /^[[{]/.test(text);
  }
  return false;
}

/** The lines of a file as text. */
export async function* textLines(spool: Spool): AsyncIterable<TextLine> {
  for await (const { line, bytes } of spool.lines()) yield textLine({ line, bytes });
}

function textLine({ line, bytes }: Line): TextLine {
  try {
    return { line, text: utf8Text(bytes) };
  } catch (error) {
    if (!(error instanceof EncodingMistake)) throw error;
    return { line, issue: { path: `line ${line}`, message: error.message } };
  }
}

/** The requests of the lines without mistakes, and the line of each one that was read. */
export interface Requests {
  iterable: AsyncIterable<RefundRequest>;
  lineOf(request: RefundRequest): number;
}

/**
 * A line with a mistake has no request: without its wrong amount, say, it would ask for the whole order.
 * @param isWanted whether the request of a row without mistakes is given
 */
export function requestsOf(file: BatchFile, isWanted: (row: Row) => boolean): Requests {
  const lines = new WeakMap<object, number>();
  async function* wanted(): AsyncIterable<RefundRequest> {
    for await (const row of rowsOf(file)) {
      if (row.issues.length > 0 || !isWanted(row)) continue;
      const request = row.request as RefundRequest;
      lines.set(request, row.line);
      yield request;
    }
  }
  return { iterable: wanted(), lineOf: (request) => lines.get(request) as number };
}
