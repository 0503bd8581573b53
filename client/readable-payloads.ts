import type { Client } from '@temporalio/client';
import { PayloadNotReadableError } from './errors.js';
import { translated } from './translate.js';

/** Enough to meet refunds of every process that starts some, and still one small page. */
const NEWEST = 10;

const checks = new WeakMap<Client, Promise<boolean>>();

/**
 * Refuses to start a refund where the newest refunds of the namespace cannot be read: their payloads are encrypted, and this
 * process has other keys or none. It would write what others hide. Looks once for each client, by one call.
 * @throws {@link PayloadNotReadableError} before anything is started
 */
export async function refuseUnreadable(client: Client): Promise<void> {
  const check = checks.get(client) ?? newestAreReadable(client);
  checks.set(client, check);
  let isKnown = false;
  try {
    isKnown = await check;
  } catch (error) {
    if (!(error instanceof PayloadNotReadableError)) throw error;
    throw new PayloadNotReadableError(`The refund was not started. ${error.message}`, { cause: error });
  } finally {
    // Where there is nothing to read yet, or the look failed, the next start looks again.
    if (!isKnown) checks.delete(client);
  }
}

/** Whether there are any. The list decodes the memo that each refund has. */
async function newestAreReadable(client: Client): Promise<boolean> {
  return translated(undefined, async () => {
    let [seen, readable] = [0, 0];
    for await (const { memo } of client.workflow.list({
      query: "WorkflowType = 'refund'",
      pageSize: NEWEST,
    })) {
      if (memo && Object.keys(memo).length > 0) readable += 1;
      seen += 1;
      if (seen === NEWEST) break;
    }
    return readable > 0;
  });
}
