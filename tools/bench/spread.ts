import { NOTHING, number } from '../harness/table.js';
import type { Spread } from './statistics.js';

/** The median, and in parentheses the least and the greatest where they differ. */
export function spread(figure: Spread | undefined): string {
  if (!figure) return NOTHING;
  const [min, max] = [number(figure.min), number(figure.max)];
  return min === max ? number(figure.median) : `${number(figure.median)} (${min}–${max})`;
}
