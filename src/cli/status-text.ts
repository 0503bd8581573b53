import type { RefundStatus } from '../refund/outcome.js';
import { colors } from './output.js';

const COLOUR: Record<RefundStatus, (text: string) => string> = {
  preparing: colors.cyan,
  applying: colors.cyan,
  unknown: colors.yellow,
  processing: colors.cyan,
  'needs-attention': (text) => colors.bold(colors.yellow(text)),
  succeeded: colors.green,
  accepted: colors.green,
  failed: colors.red,
  cancelled: colors.dim,
};

/** Every status, in the order in which a refund may pass through them. */
export const STATUSES = Object.keys(COLOUR) as RefundStatus[];

/** The status in its colour, padded to a width. */
export function statusText(status: RefundStatus, width = 0): string {
  return COLOUR[status](status.padEnd(width));
}
