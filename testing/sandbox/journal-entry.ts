import type { Received } from './admission.js';
import { jsonObjectOf } from './body-checks.js';
import type { JournalEntry } from './journal.js';
import { operationOf } from './paths.js';

/** The journal entry of a request that has just arrived. */
export function journalEntryOf({ method, path, body }: Received): JournalEntry {
  const content = jsonObjectOf(body) ?? {};
  const [inquired] = [content.refundRequestIds, content.refundIds].flat();
  const api = operationOf(path);
  const id = content.requestId ?? content.refundRequestId ?? inquired;
  const reference = content.tradeId ?? content.payToId;
  return {
    at: new Date().toISOString(),
    method,
    path,
    ...(api && { api }),
    ...(typeof id === 'string' && { id }),
    ...(typeof reference === 'string' && { reference }),
    body,
  };
}
