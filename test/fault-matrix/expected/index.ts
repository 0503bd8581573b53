import type { Cell } from '../axes.js';
import type { Expectation } from './expectation.js';
import { INQUIRY } from './inquiry.js';
import { NOTIFICATION } from './notification.js';
import { QUERY } from './query.js';
import { SEND } from './send.js';

export type { End } from './expectation.js';

/** What must become of every refund, whatever goes wrong. Written down before any cell was run. */
export const EXPECTED: readonly Expectation[] = [...QUERY, ...SEND, ...INQUIRY, ...NOTIFICATION];

/** What is expected in a cell; there must be exactly one expectation. */
export function expectationsOf({ product, step, fault, often }: Cell): Expectation[] {
  return EXPECTED.filter(
    (each) =>
      each.products.includes(product) &&
      each.steps.includes(step) &&
      each.faults.includes(fault) &&
      each.often.includes(often),
  );
}
