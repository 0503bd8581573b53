import type { RefundStatus } from '../rules/outcome.js';
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

/** The status, or another text that stands for it, in the status's colour. */
export function statusText(status: RefundStatus, text: string = status): string {
  return COLOUR[status](text);
}
