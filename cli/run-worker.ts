import type { TemporalConfig } from '../client/temporal-config.js';
import { createRefundWorker } from '../worker/worker.js';
import type { WorkerConfig } from '../worker/worker-config.js';
import { installQuietRuntime } from './quiet-runtime.js';
import { connectWorker } from './worker-connection.js';

/** A worker that runs until it is told to stop. */
export interface RunningWorker {
  /** Settles when the worker has drained, or has failed. */
  readonly ended: Promise<void>;
  /** Takes no more work, and lets what is under way come to its end. */
  stop(): void;
}

/**
 * Connects a worker and runs it.
 * @returns once it is ready to take refunds
 */
export async function runWorker(
  temporal: TemporalConfig,
  config: Omit<WorkerConfig, 'warnings'>,
): Promise<RunningWorker> {
  installQuietRuntime();
  const connection = await connectWorker(temporal);
  const { namespace } = temporal;
  try {
    const worker = await createRefundWorker({ connection, namespace, ...config });
    const ended = worker.run().finally(() => connection.close());
    return {
      ended,
      stop: () => {
        if (worker.getState() === 'RUNNING') worker.shutdown();
      },
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
}
