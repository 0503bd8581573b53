// A worker that does what must never happen: whatever it sends again goes under a new id.
import { serveWorker } from '../../../chaos/worker.js';

const sent = new Set<string>();

function another(id: string): string {
  const chosen = sent.has(id) ? `${id}~${sent.size}` : id;
  sent.add(chosen);
  return chosen;
}

serveWorker((worldfirst) => ({
  queryTradeOrder: (body, options) => worldfirst.queryTradeOrder(body, options),
  inquireRefund: (body, options) => worldfirst.inquireRefund(body, options),
  applyRefund: (body, options) =>
    worldfirst.applyRefund({ ...body, requestId: another(body.requestId) }, options),
  refund: (body, options) =>
    worldfirst.refund({ ...body, refundRequestId: another(body.refundRequestId) }, options),
}));
