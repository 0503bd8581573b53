import { CsvError, parse } from 'csv-parse/sync';
import type { ValidationIssue } from '../../internal/check.js';
import { CliError } from '../failure.js';
import { COLUMNS, columnOf, requestFromCells } from './columns.js';
import type { IdTemplate } from './id-template.js';
import { checkedRow, type Row, type TextLine } from './row.js';

/**
 * The refunds of a CSV file with a header. Blank lines are left out.
 * @throws CliError where the header has a mistake
 */
export async function* csvRows(
  lines: AsyncIterable<TextLine>,
  template: IdTemplate | undefined,
): AsyncIterable<Row> {
  let header: Header | undefined;
  for await (const record of recordsOf(lines)) {
    const { line } = record;
    if ('issue' in record) {
      if (!header) throw headerMistake([record.issue]);
      const { isLastRead = false } = record;
      yield { line, request: undefined, issues: [record.issue], isLastRead };
    } else if (header) {
      const { text, lastLine } = record;
      yield { line, ...(lastLine && { lastLine }), ...csvRow(text, line, header, template) };
    } else {
      header = headerOf(record.text, line, template);
    }
  }
}

// A record of a refund has some hundred bytes; a quotation mark that is never closed takes in all that follows.
const MOST_CHARACTERS = 1_000_000;

const CARRIAGE_RETURNS = String.raw`has carriage returns (CR) in it, and lines end with LF or CRLF: convert it, for example with tr '\r' '\n'`;

/** The records, each with its first line. A line feed between quotation marks belongs to its cell. */
export async function* recordsOf(lines: AsyncIterable<TextLine>): AsyncIterable<TextLine> {
  let open: { line: number; parts: string[]; length: number } | undefined;
  const unclosed = ({ line }: { line: number }): TextLine => ({
    line,
    issue: {
      path: `line ${line}`,
      message: 'has a quotation mark that is never closed, so the lines after it cannot be read',
    },
    isLastRead: true,
  });
  for await (const each of lines) {
    if ('issue' in each) {
      yield each;
      // Where the header has another encoding, each line has.
      if (each.line === 1) return;
      continue;
    }
    const { text } = each;
    // Without a line feed the whole file is its first line.
    if (each.line === 1 && /\r[^\r]/.test(text)) {
      yield { line: 1, issue: { path: 'line 1', message: CARRIAGE_RETURNS } };
      return;
    }
    open ??= { line: each.line, parts: [], length: 0 };
    const isWithin = open.parts.length > 0;
    open.parts.push(text);
    open.length += text.length;
    // A quotation mark within a cell is written twice, so they come in pairs.
    const isUneven = (text.match(/"/g)?.length ?? 0) % 2 === 1;
    if (isUneven !== isWithin) {
      if (open.length <= MOST_CHARACTERS) continue;
      yield unclosed(open);
      return;
    }
    const record = {
      line: open.line,
      text: open.parts.join('\n').replace(/\r$/, ''),
      ...(each.line > open.line && { lastLine: each.line }),
    };
    open = undefined;
    if (record.text.trim() !== '') yield record;
  }
  if (open) yield unclosed(open);
}

interface Header {
  delimiter: string;
  columns: string[];
}

function headerOf(text: string, line: number, template: IdTemplate | undefined): Header {
  const delimiter = delimiterOf(text);
  const columns = cellsOf(text, delimiter);
  if (typeof columns === 'string') throw headerMistake([{ path: `line ${line}`, message: columns }]);
  const needed = template?.columns ?? [];
  const isKnown = (column: string) => COLUMNS.includes(column) || needed.includes(column);
  const lastUnknown = columns.findLast((column) => column !== '' && !isKnown(column));
  const mistakes = columns.flatMap((column, index) => {
    const path = placeOf(line, columns, column, index);
    if (column === '') return [{ path, message: 'has no name' }];
    if (columns.indexOf(column) < index) return [{ path, message: 'is given twice' }];
    if (isKnown(column)) return [];
    // The list stands once, with the last of them.
    const list = column === lastUnknown ? `. The columns are: ${COLUMNS.join(', ')}` : '';
    return [{ path, message: `is not a column of a refund${list}` }];
  });
  const missing = needed
    .filter((column) => !columns.includes(column))
    .map((column) => ({
      path: `line ${line} (${column})`,
      message: 'there is no such column, and --id-template uses it',
    }));
  // Otherwise each line would have the same mistake.
  if (!template && !columns.includes('refundRequestId'))
    missing.push({
      path: `line ${line}`,
      message: 'has no column refundRequestId: add it, or make the ids with --id-template',
    });
  if (mistakes.length + missing.length > 0) throw headerMistake([...mistakes, ...missing]);
  return { delimiter, columns };
}

/** The delimiter of a header. Spreadsheets of some countries write semicolons. */
export function delimiterOf(header: string): string {
  return [',', ';', '\t'].find((each) => header.includes(each)) ?? ',';
}

function headerMistake(issues: ValidationIssue[]): CliError {
  return new CliError('INVALID_REQUEST', 'The header of the file has mistakes. Nothing was done.', issues);
}

function csvRow(
  text: string,
  line: number,
  { delimiter, columns }: Header,
  template: IdTemplate | undefined,
): Omit<Row, 'line'> {
  const wrong = (message: string) => ({ request: undefined, issues: [{ path: `line ${line}`, message }] });
  const texts = cellsOf(text, delimiter);
  if (typeof texts === 'string') return wrong(texts);
  if (texts.length !== columns.length)
    return wrong(`has ${texts.length} cells, and the header has ${columns.length}`);
  const cells = new Map(
    columns
      .map((column, index): [string, string] => [column, texts[index] ?? ''])
      .filter(([, cell]) => cell !== ''),
  );
  const described = requestFromCells(cells);
  const { request, issues } = checkedRow(described.request, described.issues, {
    template,
    textOf: (column) => cells.get(column),
    fieldOf: (path) => columnOf(path, columns),
  });
  return {
    request,
    issues: issues.map(({ path, message }) => ({ path: placeOf(line, columns, path), message })),
  };
}

/** `line 5, column 3 (amount)`; a field without a column is `line 5 (amount)`. */
export function placeOf(
  line: number,
  columns: readonly string[],
  name: string,
  index = columns.indexOf(name),
): string {
  const field = name === '' ? '' : ` (${name})`;
  return index < 0 ? `line ${line}${field}` : `line ${line}, column ${index + 1}${field}`;
}

/** The cells of a record, or what is wrong with it. */
export function cellsOf(text: string, delimiter: string): string[] | string {
  try {
    const records = parse(text, {
      delimiter,
      record_delimiter: '\n',
      relax_column_count: true,
    }) as string[][];
    return records[0] ?? [''];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // The message of the library counts the lines of the record only.
    return /QUOTE/.test(error.code)
      ? 'has a quotation mark in the wrong place: quote the whole cell, and write a quotation mark within it twice'
      : `is not CSV: ${error.message}`;
  }
}
