import { NOTHING, number } from '../harness/table.js';
import type { Spread } from './statistics.js';

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
