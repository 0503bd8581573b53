import { setTimeout as sleep } from 'node:timers/promises';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import type { WorldFirstGateway } from 'worldfirst-refunds/activities';
import { createRefundWorker, readWorkerConfig } from 'worldfirst-refunds/worker';
import { WorldFirstClient } from 'worldfirst-refunds/worldfirst';
import { serve } from '../harness/child.js';

/** What a worker is made from. */
interface WorkerSetup {
  address: string;
  namespace: string;
  taskQueue: string;
  /** The worker's number and generation, so that Temporal shows which process has an activity. */
  identity: string;
  /** The variables that connect it to WorldFirst. */
  env: Record<string, string>;
}

/** Makes this process a worker. @param changed replaces the WorldFirst client by a faulty one */
export function serveWorker(
  changed: (worldfirst: WorldFirstGateway) => WorldFirstGateway = (worldfirst) => worldfirst,
): void {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    // The SDK warns of every call that is answered too late, and here many are.
    // And it reports every repeated call while Temporal is down.
    telemetryOptions: { logging: { forward: {}, filter: 'error,temporalio_client=off' } },
    shutdownSignals: [],
  });
  serve({
    async start({ address, identity, env, ...where }: WorkerSetup): Promise<void> {
      const connection = await connectPatiently(address);
      const worldfirst = changed(new WorldFirstClient(readWorkerConfig(env).worldfirst));
      const worker = await createRefundWorker({ connection, ...where, worldfirst, identity });
      // A worker that fails ends its process, and is started again.
      worker.run().then(
        () => process.exit(),
        () => process.exit(1),
      );
    },
  } satisfies WorkerCalls);
}

const AWAY_AT_MOST_MS = 600_000;
const CONNECT_AGAIN_AFTER_MS = 1_000;

/** A worker that starts while Temporal is down waits for it. */
async function connectPatiently(address: string): Promise<NativeConnection> {
  const deadline = Date.now() + AWAY_AT_MOST_MS;
  for (;;) {
    try {
      return await NativeConnection.connect({ address });
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await sleep(CONNECT_AGAIN_AFTER_MS);
  }
}

/** What a worker's process serves. */
export type WorkerCalls = { start(setup: WorkerSetup): Promise<void> };
