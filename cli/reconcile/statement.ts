import type { ValidationIssue } from '../../internal/check.js';
import { type Amount, parseAmount } from '../../rules/money.js';
import { isRounded, roundedMistake } from '../batch/columns.js';
import { cellsOf, delimiterOf, placeOf, recordsOf } from '../batch/csv-rows.js';
import { textLines } from '../batch/rows.js';
import { Spool } from '../batch/spool.js';
import { CliError } from '../failure.js';
import type { StatementColumns, StatementField } from './statement-columns.js';
import { type PaymentState, type Statuses, stateOf } from './statement-statuses.js';

/** One payment of a statement. */
export interface StatementRow {
  /** Its first line in the file. */
  line: number;
  requestId?: string;
  refundId?: string;
  amount: Amount;
  /** Whether the amount has a minus sign. */
  isNegative: boolean;
  /** Of a statement without statuses all are paid. */
  state: PaymentState;
  status?: string;
  /** ISO 8601; a day, or a moment. */
  date?: string;
}

/**
 * Reads a statement: CSV with a header, in which the columns have any names.
 * @param statuses what its own words for a status mean
 * @throws CliError that names every mistake by its line and column
 */
export async function readStatement(
  file: string,
  columns: StatementColumns,
  statuses: Statuses,
): Promise<StatementRow[]> {
  const spool = await Spool.of(file);
  const rows: StatementRow[] = [];
  const issues: ValidationIssue[] = [];
  let header: { names: string[]; delimiter: string } | undefined;
  try {
    for await (const record of recordsOf(textLines(spool))) {
      const { line } = record;
      if ('issue' in record) {
        issues.push(record.issue);
      } else if (!header) {
        header = headerOf(record.text, line, columns);
      } else {
        const read = rowOf(record.text, line, header, { columns, statuses });
        if (Array.isArray(read)) issues.push(...read);
        else rows.push(read);
      }
    }
  } finally {
    await spool.close();
  }
  // A download that failed looks like these, and must not look like a statement that agrees.
  if (!header && issues.length === 0)
    issues.push({ path: 'line 1', message: 'has no header: the statement is empty' });
  else if (rows.length === 0 && issues.length === 0)
    issues.push({ path: 'line 2', message: 'is missing: the statement has a header and no payments' });
  if (issues.length > 0) throw mistakes(issues);
  return rows;
}

const SHOWN = 50;

function mistakes(issues: ValidationIssue[]): CliError {
  const more = issues.length - SHOWN;
  const shown = issues.slice(0, SHOWN);
  const rest = more > 0 ? [{ path: '…', message: `and ${more} more mistakes` }] : [];
  return new CliError('INVALID_REQUEST', 'The statement has mistakes. Nothing was compared.', [
    ...shown,
    ...rest,
  ]);
}

function headerOf(text: string, line: number, columns: StatementColumns) {
  const delimiter = delimiterOf(text);
  const cells = cellsOf(text, delimiter);
  if (typeof cells === 'string') throw mistakes([{ path: `line ${line}`, message: cells }]);
  const names = cells.map((cell) => cell.trim());
  const lastMissing = Object.entries(columns).findLast(([, column]) => !names.includes(column));
  const issues = Object.entries(columns).flatMap(([field, column]) => {
    const count = names.filter((name) => name === column).length;
    if (count === 1) return [];
    const problem = count === 0 ? 'there is no such column' : 'is given twice';
    // The list stands once, with the last of them.
    const list = field === lastMissing?.[0] ? `. The columns are: ${names.join(', ')}` : '';
    return [
      { path: `line ${line} (${column})`, message: `${problem} (--columns ${field}=${column})${list}` },
    ];
  });
  if (issues.length > 0) throw mistakes(issues);
  return { names, delimiter };
}

function rowOf(
  text: string,
  line: number,
  { names, delimiter }: { names: string[]; delimiter: string },
  { columns, statuses }: { columns: StatementColumns; statuses: Statuses },
): StatementRow | ValidationIssue[] {
  const cells = cellsOf(text, delimiter);
  if (typeof cells === 'string') return [{ path: `line ${line}`, message: cells }];
  if (cells.length !== names.length)
    return [
      { path: `line ${line}`, message: `has ${cells.length} cells, and the header has ${names.length}` },
    ];
  const cellFor = (field: StatementField) => {
    const column = columns[field];
    const value = column === undefined ? '' : (cells[names.indexOf(column)] ?? '').trim();
    return value === '' ? undefined : value;
  };
  const issues: ValidationIssue[] = [];
  const wrong = (field: StatementField, message: string) =>
    issues.push({ path: placeOf(line, names, columns[field] ?? field), message });
  const [requestId, refundId] = [cellFor('id'), cellFor('refundId')];
  if (requestId === undefined && refundId === undefined)
    wrong(columns.id === undefined ? 'refundId' : 'id', 'is empty, so the payment belongs to no refund');
  if (requestId !== undefined && isRounded(requestId)) wrong('id', roundedMistake(requestId));
  if (refundId !== undefined && isRounded(refundId)) wrong('refundId', roundedMistake(refundId));
  const written = cellFor('amount');
  const amount = amountOf(written, cellFor('currency'), columns.currency !== undefined);
  if (typeof amount === 'string') wrong('amount', amount);
  const [status, date] = [cellFor('status'), cellFor('date')];
  const state = status === undefined ? undefined : stateOf(status, statuses);
  // A word that is taken for a payment could hide one that came back.
  if (columns.status !== undefined && state === undefined)
    wrong(
      'status',
      status === undefined
        ? 'is empty, so it is not known whether it was paid'
        : `it is not known what "${status}" means: add it to --statuses, such as --statuses '${status}=paid' (or unpaid, or pending)`,
    );
  if (date !== undefined && !isIsoDate(date))
    wrong('date', `"${date}" is not a date such as 2026-11-27 or 2026-11-27T10:15:00Z`);
  if (issues.length > 0 || typeof amount === 'string') return issues;
  return {
    line,
    ...(requestId !== undefined && { requestId }),
    ...(refundId !== undefined && { refundId }),
    amount,
    isNegative: /^([A-Z]{3}\s+)?-/.test(written ?? ''),
    state: state ?? 'paid',
    ...(status !== undefined && { status }),
    ...(date !== undefined && { date: isoDate(date) }),
  };
}

/** Exact, in major units: `12.34`. A payment out may have a minus sign. */
function amountOf(
  text: string | undefined,
  currency: string | undefined,
  hasColumn: boolean,
): Amount | string {
  if (text === undefined) return 'is empty';
  if (hasColumn && currency === undefined) return 'has no currency';
  const unsigned = text.replace(/^([A-Z]{3}\s+)?-/, '$1');
  return parseAmount(hasColumn ? `${currency} ${unsigned}` : unsigned);
}

const ISO_DATE = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

function isIsoDate(text: string): boolean {
  if (!ISO_DATE.test(text) || Number.isNaN(Date.parse(isoDate(text)))) return false;
  // Otherwise the 31st of February is one of March.
  const day = text.slice(0, 10);
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

/** A time without an offset is one in UTC. */
function isoDate(text: string): string {
  const iso = text.replace(' ', 'T');
  return iso.length > 10 && !/(Z|[+-]\d{2}:?\d{2})$/.test(iso) ? `${iso}Z` : iso;
}
