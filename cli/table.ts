import stringWidth from 'string-width';
import { colors } from './output.js';
import { padded, shortened, terminalText } from './terminal.js';

/** One column of a table. */
export interface Column<Row> {
  title: string;
  text: (row: Row) => string;
  paint?: (row: Row, cell: string) => string;
  /** On a terminal that is too narrow for the table: the column is left out, or its cells are cut to at least so many columns. */
  whenNarrow?: 'left out' | { least: number; cut: 'middle' | 'end' };
}

type Filled<Row> = Column<Row> & { cells: string[]; width: number };

/**
 * Rows as a table. Empty columns are left out. Where the table is wider than the terminal, it says less of each row; but the
 * first column, which has the ids, is never cut.
 */
export function tableText<Row>(given: readonly Column<Row>[], rows: readonly Row[], width: number): string {
  const columns = given.map((column) => filled(column, rows)).filter(({ cells }) => cells.some(Boolean));
  const fitting = narrowed(columns, width);
  if (widthOf(fitting) <= width) return linesOf(fitting, rows).join('\n');
  const ids = linesOf(columns.slice(0, 1), rows);
  const details = linesOf(narrowed(columns.slice(1), width - 2), rows);
  return ids.map((id, line) => `${id}\n  ${details[line]}`).join('\n');
}

function filled<Row>(column: Column<Row>, rows: readonly Row[]): Filled<Row> {
  const cells = rows.map((row) => terminalText(column.text(row)));
  const width = cells.reduce((most, cell) => Math.max(most, stringWidth(cell)), column.title.length);
  return { ...column, cells, width };
}

function narrowed<Row>(columns: Filled<Row>[], width: number): Filled<Row>[] {
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

function widthOf(columns: readonly { width: number }[]): number {
  return columns.reduce((sum, { width }) => sum + width + 2, -2);
}

function linesOf<Row>(columns: readonly Filled<Row>[], rows: readonly Row[]): string[] {
  const head = columns.map(({ title, width }) => padded(title, width)).join('  ');
  const lines = rows.map((row, index) =>
    columns
      .map(({ cells, width, paint }) => {
        const cell = padded(cells[index] ?? '', width);
        return paint ? paint(row, cell) : cell;
      })
      .join('  ')
      .trimEnd(),
  );
  return [colors.dim(head.trimEnd()), ...lines];
}
