import type { Spread } from './statistics.js';

/** What stands where nothing was measured. */
export const NOTHING = '–';

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  // The first column names things, the others hold numbers.
  const rule = head.map((_, column) => (column === 0 ? '---' : '--:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

/** A number with as many digits as it is good for. */
export function number(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return NOTHING;
  if (Number.isInteger(value) || Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}

/** The median, and in parentheses how far the rounds lie apart, where they do. */
export function spread(figure: Spread | undefined): string {
  if (!figure) return NOTHING;
  const [min, max] = [number(figure.min), number(figure.max)];
  return min === max ? number(figure.median) : `${number(figure.median)} (${min}–${max})`;
}

/** Bytes for people. */
export function bytes(value: number | undefined): string {
  if (value === undefined) return NOTHING;
  return value >= 1024 * 1024 ? `${number(value / 1024 / 1024)} MiB` : `${number(value / 1024)} KiB`;
}
