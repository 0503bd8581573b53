import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { type SearchAttributes, whenReady } from '../../testing/temporal-ready.js';

/** A namespace with its search attributes. */
export interface Namespace {
  namespace: string;
  searchAttributes: SearchAttributes;
}

const LIMIT_MS = 60_000;
const LOOK_AGAIN_MS = 100;
const RETENTION_SECONDS = 72 * 60 * 60;
// system.namespaceCacheRefreshInterval
const SERVICES_LOOK_EVERY_MS = 2_000;
const ALREADY_EXISTS = 6;

/** Registers a namespace and its search attributes, and waits until every process of the cluster knows them. */
export async function registerNamespace(
  addresses: readonly string[],
  { namespace, searchAttributes }: Namespace,
): Promise<void> {
  const [address = ''] = addresses;
  await untilItWorks(address, ({ workflowService }) =>
    workflowService
      .registerNamespace({
        namespace,
        workflowExecutionRetentionPeriod: { seconds: RETENTION_SECONDS as never },
      })
      .catch((error) => {
        if (error.code !== ALREADY_EXISTS) throw error;
      }),
  );
  await whenReady({ address, namespace, searchAttributes, limitMs: LIMIT_MS });
  // A frontend refuses a query for an attribute that it does not know yet; the other services can't be asked.
  const [name] = Object.keys(searchAttributes);
  const query = name === undefined ? '' : `${name} IS NULL`;
  await Promise.all([
    sleep(SERVICES_LOOK_EVERY_MS),
    ...addresses.map((each) =>
      untilItWorks(each, ({ workflowService }) =>
        workflowService.countWorkflowExecutions({ namespace, query }),
      ),
    ),
  ]);
}

async function untilItWorks(
  address: string,
  call: (connection: Connection) => Promise<unknown>,
): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const connection = Connection.lazy({ address });
    try {
      await call(connection);
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    } finally {
      await connection.close();
    }
    await sleep(LOOK_AGAIN_MS);
  }
}
