// A worker that does what must never happen: each sending goes under an id of its own, a repeat too.
import { serveWorker } from '../../../tools/chaos/worker.js';

let sent = 0;

function another(id: string): string {
  sent += 1;
  return `${id}~${process.pid}~${sent}`;
}

serveWorker((worldfirst) => ({
  queryTradeOrder: (body, options) => worldfirst.queryTradeOrder(body, options),
  inquireRefund: (body, options) => worldfirst.inquireRefund(body, options),
  isSignedByWorldFirst: (signed) => worldfirst.isSignedByWorldFirst?.(signed) ?? false,
  applyRefund: (body, options) =>
    worldfirst.applyRefund({ ...body, requestId: another(body.requestId) }, options),
  refund: (body, options) =>
    worldfirst.refund({ ...body, refundRequestId: another(body.refundRequestId) }, options),
}));
