import { DefaultLogger, type LogEntry, Runtime } from '@temporalio/worker';
import type { TemporalConfig } from '../client/config.js';
import type { WorkerConfig } from '../worker/config.js';
import { createRefundWorker } from '../worker/worker.js';
import { WorldFirstClient } from '../worldfirst/client.js';
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
export async function runWorker(temporal: TemporalConfig, config: WorkerConfig): Promise<RunningWorker> {
  Runtime.install({
    logger: new DefaultLogger('WARN', logLine),
    telemetryOptions: { logging: { forward: {}, filter: { core: 'WARN', other: 'ERROR' } } },
    // The command says itself what a signal means.
    shutdownSignals: [],
  });
  const worldfirst = new WorldFirstClient(config.worldfirst);
  const connection = await connectWorker(temporal);
  const { namespace } = temporal;
  try {
    const worker = await createRefundWorker({
      connection,
      namespace,
      taskQueue: config.taskQueue,
      worldfirst,
    });
    const ended = worker.run().finally(async () => {
      worldfirst.close();
      await connection.close();
    });
    return {
      ended,
      stop: () => {
        if (worker.getState() === 'RUNNING') worker.shutdown();
      },
    };
  } catch (error) {
    worldfirst.close();
    await connection.close();
    throw error;
  }
}

/** One line for each entry: the SDK's own form spreads one over many. */
function logLine({ level, message, timestampNanos, meta }: LogEntry): void {
  const time = new Date(Number(timestampNanos / 1_000_000n)).toISOString();
  const { error, ...rest } = (meta ?? {}) as Record<string, unknown>;
  const about = [
    error instanceof Error ? error.message : undefined,
    rest.workflowId && `workflow ${String(rest.workflowId)}`,
    rest.activityType && `activity ${String(rest.activityType)}`,
  ].filter(Boolean);
  process.stderr.write(`${time} ${level} ${[message, ...about].join(' · ').replaceAll('\n', ' ')}\n`);
}
