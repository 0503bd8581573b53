import { DefaultLogger, type LogEntry, NativeConnection, Runtime } from '@temporalio/worker';
import type { TemporalConfig } from '../client/temporal-config.js';
import { unreachable } from '../client/temporal-connection.js';
import { createRefundWorker } from '../worker/worker.js';
import type { WorkerConfig } from '../worker/worker-config.js';
import { Outage } from './outage.js';
import { terminalText } from './terminal.js';

/** A worker that runs until it is stopped. */
export interface RunningWorker {
  /** Settles when the worker has drained, or has failed. */
  readonly ended: Promise<void>;
  /** Takes no more tasks, and finishes those that are under way. */
  stop(): void;
}

/**
 * Connects a worker and runs it.
 * @returns when it is ready to take refunds
 */
export async function runWorker(
  temporal: TemporalConfig,
  config: Omit<WorkerConfig, 'warnings'>,
): Promise<RunningWorker> {
  const runtime = installQuietRuntime();
  try {
    return await runningWorker(temporal, config);
  } catch (error) {
    await runtime.shutdown();
    throw error;
  }
}

async function runningWorker(
  temporal: TemporalConfig,
  config: Omit<WorkerConfig, 'warnings'>,
): Promise<RunningWorker> {
  const connection = await connectWorker(temporal);
  const { namespace } = temporal;
  try {
    const worker = await createRefundWorker({ connection, namespace, ...config });
    outage = new Outage(() => probe(connection, namespace), reportEndOfOutage);
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

let outage: Outage | undefined;
const PROBE_LIMIT_MS = 5_000;

/** A call that needs the server's database, so that an answer means that the whole server works. */
function probe(connection: NativeConnection, namespace: string): Promise<unknown> {
  return connection.withDeadline(Date.now() + PROBE_LIMIT_MS, () =>
    connection.workflowService.describeNamespace({ namespace }),
  );
}

function reportEndOfOutage(): void {
  loggedAt = Number.NEGATIVE_INFINITY;
  process.stderr.write(`${new Date().toISOString()} INFO Temporal answers again\n`);
}

const CONNECT_LIMIT_MS = 10_000;

/**
 * A worker's connection to Temporal.
 * @throws TemporalUnreachableError within ten seconds when there is no answer
 */
async function connectWorker(config: TemporalConfig): Promise<NativeConnection> {
  const { address, tls, apiKey, metadata } = config;
  const connecting = NativeConnection.connect({
    address,
    ...(tls !== undefined && { tls }),
    ...(apiKey !== undefined && { apiKey }),
    ...(metadata !== undefined && { metadata }),
  });
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), CONNECT_LIMIT_MS);
  });
  try {
    return await Promise.race([connecting, tooLate]);
  } catch (error) {
    throw unreachable(config, error);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Sets up the SDK for a command: it logs warnings only, one line each on stderr, and leaves signals to the command. The SDK
 * shuts it down with its last worker. If no worker came to run, the command must, or its process never ends.
 */
export function installQuietRuntime(): Runtime {
  return Runtime.install({
    logger: new DefaultLogger('WARN', (entry) => {
      const line = lineOf(entry, Date.now());
      if (line !== undefined) process.stderr.write(`${line}\n`);
    }),
    telemetryOptions: { logging: { forward: {}, filter: { core: 'WARN', other: 'ERROR' } } },
    shutdownSignals: [],
  });
}

// The SDK has many calls open, and each of them logs that it was retried.
const UNANSWERED = /^gRPC call \w+ retried/;
const LOG_AGAIN_AFTER_MS = 60_000;
let loggedAt = Number.NEGATIVE_INFINITY;

/**
 * A log entry as a line; undefined when the same was logged within the last minute. The SDK's own format needs many lines,
 * with a stack trace.
 */
export function lineOf({ level, message, timestampNanos, meta }: LogEntry, now: number): string | undefined {
  const time = new Date(Number(timestampNanos / 1_000_000n)).toISOString();
  const { error, workflowId, activityType } = (meta ?? {}) as Record<string, unknown>;
  if (UNANSWERED.test(message)) {
    outage?.begin();
    if (now - loggedAt < LOG_AGAIN_AFTER_MS) return undefined;
    loggedAt = now;
  }
  const words = [
    UNANSWERED.test(message) ? 'Temporal does not answer; the worker keeps trying' : message,
    error instanceof Error ? error.message : undefined,
    workflowId && `workflow ${String(workflowId)}`,
    activityType && `activity ${String(activityType)}`,
  ];
  // WorldFirst's own text is in it.
  return terminalText(`${time} ${level} ${words.filter(Boolean).join(' · ')}`);
}
