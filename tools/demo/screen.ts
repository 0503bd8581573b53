import { createLogUpdate } from 'log-update';
import type { RefundView } from 'worldfirst-refunds';
import type { DemoRefund } from './refunds.js';
import { lastOf, tableOf } from './table.js';

/** Shows the refunds: a live table on a terminal, plain lines elsewhere. */
export interface Screen {
  show(view: RefundView): void;
  close(): void;
}

export function openScreen(refunds: readonly DemoRefund[]): Screen {
  return process.stdout.isTTY ? liveTable(refunds) : plainLines();
}

function liveTable(refunds: readonly DemoRefund[]): Screen {
  const update = createLogUpdate(process.stdout);
  const views = new Map<string, RefundView>();
  const draw = () => update(tableOf(refunds, views, process.stdout.columns));
  draw();
  return {
    show(view) {
      views.set(view.refundRequestId, view);
      draw();
    },
    close: () => update.done(),
  };
}

function plainLines(): Screen {
  const shown = new Map<string, string>();
  return {
    show(view) {
      const line = `${view.refundRequestId}  ${view.status.padEnd(16)}${lastOf(view)}`;
      if (shown.get(view.refundRequestId) !== line) console.log(line);
      shown.set(view.refundRequestId, line);
    },
    close() {},
  };
}
