import stringWidth from 'string-width';
import type { RefundSummary } from '../client/list-refunds.js';
import { padded, shortened } from './fit.js';
import { colors } from './output.js';
import { statusText } from './status-text.js';
import { terminalWidth } from './terminal.js';
import { terminalText } from './terminal-text.js';
import { fromNow, since } from './times.js';

interface Column {
  title: string;
  text: (refund: RefundSummary) => string;
  paint?: (refund: RefundSummary, cell: string) => string;
  /** How a terminal that is too narrow for the table gets it: without this column, or with its cells cut down to so many columns. */
  whenNarrow?: 'left out' | { least: number; cut: 'middle' | 'end' };
}

const COLUMNS: Column[] = [
  { title: 'REFUND', text: ({ refundRequestId }) => refundRequestId },
  {
    title: 'STATUS',
    text: ({ status }) => status,
    paint: ({ status }, cell) => statusText(status, cell),
  },
  { title: 'PRODUCT', text: ({ product }) => product, whenNarrow: 'left out' },
  {
    title: 'REFERENCE',
    text: ({ reference }) => reference,
    whenNarrow: { least: 'REFERENCE'.length, cut: 'middle' },
  },
  { title: 'REASON', text: ({ attention }) => attention ?? '', whenNarrow: { least: 14, cut: 'end' } },
  { title: 'NEXT CHECK', text: ({ nextCheckAt }) => (nextCheckAt ? fromNow(nextCheckAt) : '') },
  { title: 'AGE', text: ({ startedAt }) => since(startedAt) },
];

type Filled = Column & { cells: string[]; width: number };

/**
 * Refunds as a table for people. Columns in which nothing stands are left out. Where the table is wider than the terminal,
 * less is said of each refund; but its id, which every command needs, is never cut.
 */
export function listText(refunds: readonly RefundSummary[], width = terminalWidth()): string {
  if (refunds.length === 0) return 'no refunds';
  const columns = COLUMNS.map((column) => filled(column, refunds)).filter(({ cells }) => cells.some(Boolean));
  const fitting = narrowed(columns, width);
  if (widthOf(fitting) <= width) return linesOf(fitting, refunds).join('\n');
  const ids = linesOf(columns.slice(0, 1), refunds);
  const details = linesOf(narrowed(columns.slice(1), width - 2), refunds);
  return ids.map((id, line) => `${id}\n  ${details[line]}`).join('\n');
}

function filled(column: Column, refunds: readonly RefundSummary[]): Filled {
  const cells = refunds.map((refund) => terminalText(column.text(refund)));
  const width = cells.reduce((most, cell) => Math.max(most, stringWidth(cell)), column.title.length);
  return { ...column, cells, width };
}

function narrowed(columns: Filled[], width: number): Filled[] {
  if (widthOf(columns) <= width) return columns;
  const kept = columns.filter(({ whenNarrow }) => whenNarrow !== 'left out');
  let tooMuch = widthOf(kept) - width;
  return kept.map((column) => {
    if (typeof column.whenNarrow !== 'object' || tooMuch <= 0) return column;
    const { least, cut } = column.whenNarrow;
    const narrow = Math.min(column.width, Math.max(least, column.width - tooMuch));
    tooMuch -= column.width - narrow;
    return { ...column, width: narrow, cells: column.cells.map((cell) => shortened(cell, narrow, cut)) };
  });
}

function widthOf(columns: readonly Filled[]): number {
  return columns.reduce((sum, { width }) => sum + width + 2, -2);
}

function linesOf(columns: readonly Filled[], refunds: readonly RefundSummary[]): string[] {
  const head = columns.map(({ title, width }) => padded(title, width)).join('  ');
  const rows = refunds.map((refund, row) =>
    columns
      .map(({ cells, width, paint }) => {
        const cell = padded(cells[row] ?? '', width);
        return paint ? paint(refund, cell) : cell;
      })
      .join('  ')
      .trimEnd(),
  );
  return [colors.dim(head.trimEnd()), ...rows];
}
