import type { Connection } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import { requireSearchAttributes } from '../worker/check-search-attributes.js';

// Less than the time limits of usual probes, so that a probe gets an answer with the reason.
const LIMIT_MS = 2_000;

/**
 * Resolves while Temporal answers for the namespace, and the namespace has the search attributes of refunds.
 * @throws the reason, within two seconds
 */
export async function checkTemporal(
  connection: Connection | NativeConnection,
  namespace: string,
): Promise<void> {
  await connection.withDeadline(Date.now() + LIMIT_MS, async () => {
    // It needs the server's database, so an answer means that the whole server works.
    await connection.workflowService.describeNamespace({ namespace }).catch((cause: unknown) => {
      throw new Error('Temporal does not answer', { cause });
    });
    await requireSearchAttributes(connection, namespace);
  });
}
