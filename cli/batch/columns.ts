import type { ValidationIssue } from '../../internal/check.js';
import { type Amount, parseAmount } from '../../rules/money.js';

const TEXT_COLUMNS = [
  'refundRequestId',
  'tradeId',
  'paymentOrderId',
  'remark',
  'payToId',
  'refundReason',
  'refundRequestTime',
] as const;

/** Every column of a CSV file. `amount` is for people, such as `USD 12.34`; the dotted ones are those of the request. */
export const COLUMNS: readonly string[] = [
  'product',
  ...TEXT_COLUMNS,
  'amount',
  'refundAmount.currency',
  'refundAmount.value',
  'paymentMethodType',
];

// How Excel writes a long number: its last digits are lost, and the id is another one.
const ROUNDED = /^\d([.,]\d+)?E\+\d+$/i;

/** Whether an id is a number that a spreadsheet program has rounded. */
export function isRounded(cell: string): boolean {
  return ROUNDED.test(cell);
}

/** What is wrong with it. */
export function roundedMistake(cell: string): string {
  return `"${cell}" is a number that a spreadsheet program has rounded: format the column as text, and export it again`;
}

/** The filled cells of a row, by column. */
export type Cells = ReadonlyMap<string, string>;

/** The request that a row describes, and the mistakes in how it is written, each with its column. */
export function requestFromCells(cells: Cells): {
  request: Record<string, unknown>;
  issues: ValidationIssue[];
} {
  const product = cells.get('product') ?? impliedProduct(cells);
  const { amount, issues } = amountFrom(cells);
  if (product === undefined)
    issues.push({ path: 'product', message: `is missing, and ${whyNotImplied(cells)}` });
  const paymentMethodType = cells.get('paymentMethodType');
  const request: Record<string, unknown> = { ...(product !== undefined && { product }) };
  for (const column of TEXT_COLUMNS) {
    const cell = cells.get(column);
    if (cell === undefined) continue;
    request[column] = cell;
    if (isRounded(cell)) issues.push({ path: column, message: roundedMistake(cell) });
  }
  if (product === 'cashier') {
    const refundMethod = { paymentMethodType: paymentMethodType ?? 'WALLET_WF' };
    if (amount) request.refundToDetails = [{ refundMethod, refundToAmount: amount, refundAmount: amount }];
  } else {
    if (amount) request.refundAmount = amount;
    if (paymentMethodType !== undefined)
      issues.push({ path: 'paymentMethodType', message: 'is for cashier refunds only' });
  }
  return { request, issues };
}

/**
 * The column in which a mistake of the request stands.
 * @param path in the request, such as `refundToDetails[0].refundAmount.value`
 */
export function columnOf(path: string, header: readonly string[]): string {
  if (path.endsWith('paymentMethodType')) return 'paymentMethodType';
  if (!/^refund(Amount|ToDetails)/.test(path)) return path;
  const [, part] = /\.(currency|value)$/.exec(path) ?? [];
  const dotted = `refundAmount.${part ?? 'value'}`;
  return !header.includes('amount') && header.includes(dotted) ? dotted : 'amount';
}

/** An order belongs to WorldTrade, a payment to the cashier. */
function impliedProduct(cells: Cells): string | undefined {
  if (cells.has('tradeId') === cells.has('payToId')) return undefined;
  return cells.has('tradeId') ? 'worldtrade' : 'cashier';
}

function whyNotImplied(cells: Cells): string {
  return cells.has('tradeId')
    ? 'both tradeId (worldtrade) and payToId (cashier) are filled: fill only one of them'
    : 'neither tradeId (worldtrade) nor payToId (cashier) is filled';
}

function amountFrom(cells: Cells): { amount?: Amount; issues: ValidationIssue[] } {
  const text = cells.get('amount');
  const currency = cells.get('refundAmount.currency');
  const value = cells.get('refundAmount.value');
  const mistake = (path: string, message: string) => ({ issues: [{ path, message }] });
  if (text !== undefined) {
    if (currency !== undefined || value !== undefined)
      return mistake(
        'amount',
        'is given twice: use either amount or refundAmount.currency and refundAmount.value',
      );
    const amount = parseAmount(text);
    return typeof amount === 'string' ? mistake('amount', amount) : { amount, issues: [] };
  }
  if (currency === undefined && value === undefined) return { issues: [] };
  if (currency === undefined)
    return mistake('refundAmount.currency', 'is empty, but refundAmount.value is not');
  if (value === undefined) return mistake('refundAmount.value', 'is empty, but refundAmount.currency is not');
  // A zero in front may be the trace of another format.
  if (!/^(0|[1-9]\d*)$/.test(value))
    return mistake(
      'refundAmount.value',
      `"${value}" is not a whole number of the smallest unit: write 1234 for USD 12.34, or use the column amount`,
    );
  return { amount: { currency, value: Number(value) }, issues: [] };
}
