import type { RefundSummary } from '../client/list.js';
import { colors } from './output.js';
import { plain } from './plain.js';
import { statusText } from './status-text.js';
import { fromNow, since } from './times.js';

interface Column {
  title: string;
  text: (refund: RefundSummary) => string;
  paint?: (refund: RefundSummary, padded: string) => string;
}

const COLUMNS: Column[] = [
  { title: 'REFUND', text: ({ refundRequestId }) => refundRequestId },
  {
    title: 'STATUS',
    text: ({ status }) => status,
    paint: ({ status }, padded) => statusText(status, padded.length),
  },
  { title: 'PRODUCT', text: ({ product }) => product },
  { title: 'REFERENCE', text: ({ reference }) => reference },
  { title: 'REASON', text: ({ attention }) => attention ?? '' },
  { title: 'NEXT CHECK', text: ({ nextCheckAt }) => (nextCheckAt ? fromNow(nextCheckAt) : '') },
  { title: 'AGE', text: ({ startedAt }) => since(startedAt) },
];

/** Refunds as a table for people. Columns in which nothing stands are left out. */
export function listText(refunds: readonly RefundSummary[]): string {
  if (refunds.length === 0) return 'no refunds';
  const columns = COLUMNS.map((column) => ({
    ...column,
    cells: refunds.map((each) => plain(column.text(each))),
  }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''))
    .map((column) => ({
      ...column,
      width: Math.max(column.title.length, ...column.cells.map((cell) => cell.length)),
    }));
  const head = columns.map(({ title, width }) => title.padEnd(width)).join('  ');
  const lines = refunds.map((refund, row) =>
    columns
      .map(({ cells, width, paint }) => {
        const padded = (cells[row] ?? '').padEnd(width);
        return paint ? paint(refund, padded) : padded;
      })
      .join('  ')
      .trimEnd(),
  );
  return [colors.dim(head.trimEnd()), ...lines].join('\n');
}
