import type { RefundStatus, RefundView } from 'worldfirst-refunds';
import { colors } from './colors.js';
import type { DemoRefund } from './refunds.js';

const COLOUR: Record<RefundStatus, (text: string) => string> = {
  preparing: colors.gray,
  applying: colors.cyan,
  unknown: colors.yellow,
  processing: colors.blue,
  'needs-attention': colors.magenta,
  succeeded: colors.green,
  accepted: colors.green,
  failed: colors.red,
  cancelled: colors.gray,
};

/** The refunds as a table for a terminal of so many columns. */
export function tableOf(
  refunds: readonly DemoRefund[],
  views: ReadonlyMap<string, RefundView>,
  columns: number,
): string {
  const rows = refunds.map(({ situation, request }) => {
    const view = views.get(request.refundRequestId);
    const status = view?.status ?? 'preparing';
    const line = `${request.refundRequestId}  ${request.product.padEnd(10)}  ${situation.padEnd(40)}  `;
    const room = Math.max(0, columns - line.length - 18);
    return `${line}${COLOUR[status](status.padEnd(16))}${colors.dim(within(lastOf(view), room))}`;
  });
  return rows.join('\n');
}

function within(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, Math.max(0, room - 1))}…`;
}

/** The last event, with the virtual time since the start. */
export function lastOf(view: RefundView | undefined): string {
  const [first, last] = [view?.timeline.at(0), view?.timeline.at(-1)];
  if (!first || !last) return '';
  const minutes = Math.round((Date.parse(last.at) - Date.parse(first.at)) / 60_000);
  const passed = minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${passed.padStart(10)}  ${last.text}`;
}
