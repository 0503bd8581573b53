import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import type { WorldFirstGateway } from 'worldfirst-refunds/activities';
import { createRefundWorker, readWorkerConfig } from 'worldfirst-refunds/worker';
import { WorldFirstClient } from 'worldfirst-refunds/worldfirst';
import { serve } from '../harness/child.js';

/** What a worker is made from. */
interface WorkerSetup {
  address: string;
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
    telemetryOptions: { logging: { forward: {}, filter: { core: 'ERROR', other: 'ERROR' } } },
    shutdownSignals: [],
  });
  serve({
    async start({ address, identity, env }: WorkerSetup): Promise<void> {
      const connection = await NativeConnection.connect({ address });
      const worldfirst = changed(new WorldFirstClient(readWorkerConfig(env).worldfirst));
      const worker = await createRefundWorker({ connection, worldfirst, identity });
      // A worker that fails ends its process, and is started again.
      worker.run().then(
        () => process.exit(),
        () => process.exit(1),
      );
    },
  } satisfies WorkerCalls);
}

/** What a worker's process serves. */
export type WorkerCalls = { start(setup: WorkerSetup): Promise<void> };
