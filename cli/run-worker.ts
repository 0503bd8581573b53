import { Client } from '@temporalio/client';
import type { MetricMeter } from '@temporalio/common';
import type {
  LogEntry,
  MetricsExporterConfig,
  NativeConnection,
  Runtime,
  RuntimeOptions,
  WorkerOptions,
} from '@temporalio/worker';
import { reportOpenRefunds } from '../client/open-refunds.js';
import type { TemporalConfig } from '../client/temporal-config.js';
import { unreachable } from '../client/temporal-connection.js';
import { temporalWorker } from '../worker/temporal-worker.js';
import { createRefundWorker } from '../worker/worker.js';
import type { WorkerConfig } from '../worker/worker-config.js';
import { CliError } from './failure.js';
import { showZeros } from './first-samples.js';
import { jsonLogLine, type LogFormat } from './log.js';
import { Outage } from './outage.js';
import { checkTemporal } from './readiness.js';
import { terminalText } from './terminal.js';

/** A worker that runs until it is stopped. */
export interface RunningWorker {
  /** Settles when the worker has drained, or has failed. */
  readonly ended: Promise<void>;
  /** Resolves while the worker polls and Temporal answers; rejects otherwise. */
  check(): Promise<void>;
  /** Takes no more tasks, and finishes those that are under way. */
  stop(): void;
}

/** The configuration of the worker, and plugins of the SDK. */
type RunConfig = Omit<WorkerConfig, 'warnings'> & Pick<WorkerOptions, 'plugins'>;

/**
 * Connects a worker and runs it.
 * @returns when it is ready to take refunds
 */
export async function runWorker(
  temporal: TemporalConfig,
  config: RunConfig,
  runtimeOptions: QuietRuntimeOptions = {},
): Promise<RunningWorker> {
  const runtime = installQuietRuntime(runtimeOptions);
  try {
    const { taskQueue } = config;
    const meter = runtime.metricMeter.withTags({ namespace: temporal.namespace, taskQueue });
    const worker = await runningWorker(temporal, config, runtimeOptions.metrics && meter);
    if (runtimeOptions.metrics) showZeros(meter);
    return worker;
  } catch (error) {
    await runtime.shutdown();
    throw error;
  }
}

async function runningWorker(
  temporal: TemporalConfig,
  config: RunConfig,
  meter: MetricMeter | undefined,
): Promise<RunningWorker> {
  const connection = await connectWorker(temporal);
  const { namespace } = temporal;
  const { dataConverter, taskQueue } = config;
  try {
    const worker = await createRefundWorker({ connection, namespace, ...config });
    outage = new Outage(() => probe(connection, namespace), reportEndOfOutage);
    const client = new Client({ connection, namespace, ...(dataConverter && { dataConverter }) });
    const report = meter && reportOpenRefunds(client, { meter, taskQueue });
    const ended = worker.run().finally(async () => {
      await report?.stop();
      await connection.close();
    });
    return {
      ended,
      async check() {
        if (worker.getState() !== 'RUNNING') throw new Error('the worker does not poll');
        await checkTemporal(connection, namespace);
      },
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

let logFormat: LogFormat = 'text';

function reportEndOfOutage(): void {
  loggedAt = Number.NEGATIVE_INFINITY;
  const message = 'Temporal answers again';
  const text = `${new Date().toISOString()} INFO ${message}`;
  process.stderr.write(`${logFormat === 'json' ? jsonLogLine({ level: 'info', message }) : text}\n`);
}

const CONNECT_LIMIT_MS = 10_000;

/**
 * A worker's connection to Temporal.
 * @throws TemporalUnreachableError within ten seconds when there is no answer
 */
async function connectWorker(config: TemporalConfig): Promise<NativeConnection> {
  const { address, tls, apiKey, metadata } = config;
  const connecting = temporalWorker.NativeConnection.connect({
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

/** What a command decides about the SDK's runtime. */
export interface QuietRuntimeOptions {
  /** `text` by default. */
  logFormat?: LogFormat;
  /** Where metrics go; nowhere by default. */
  metrics?: MetricsExporterConfig | undefined;
}

/**
 * Sets up the SDK for a command: it logs warnings only, one line each on stderr, and leaves signals to the command. The SDK
 * shuts it down with its last worker. If no worker came to run, the command must, or its process never ends.
 * @throws CliError when the address for the metrics cannot be opened
 */
export function installQuietRuntime({
  metrics,
  logFormat: format = 'text',
}: QuietRuntimeOptions = {}): Runtime {
  logFormat = format;
  const options: RuntimeOptions = {
    logger: new temporalWorker.DefaultLogger('WARN', (entry) => {
      const line = lineOf(entry, Date.now(), logFormat);
      if (line !== undefined) process.stderr.write(`${line}\n`);
    }),
    telemetryOptions: {
      logging: { forward: {}, filter: { core: 'WARN', other: 'ERROR' } },
      ...(metrics && { metrics }),
    },
    shutdownSignals: [],
  };
  try {
    return temporalWorker.Runtime.install(options);
  } catch (error) {
    if (!metrics) throw error;
    throw new CliError('CONFIGURATION', `The metrics cannot be opened: ${(error as Error).message}.`);
  }
}

// The SDK has many calls open, and each of them logs that it was retried.
const UNANSWERED = /^gRPC call \w+ retried/;
const LOG_AGAIN_AFTER_MS = 60_000;
let loggedAt = Number.NEGATIVE_INFINITY;

/**
 * A log entry as a line; undefined when the same was logged within the last minute. The SDK's own format needs many lines,
 * with a stack trace.
 */
export function lineOf(
  { level, message: given, timestampNanos, meta }: LogEntry,
  now: number,
  format: LogFormat = 'text',
): string | undefined {
  const time = new Date(Number(timestampNanos / 1_000_000n));
  const isUnanswered = UNANSWERED.test(given);
  if (isUnanswered) {
    outage?.begin();
    if (now - loggedAt < LOG_AGAIN_AFTER_MS) return undefined;
    loggedAt = now;
  }
  const message = isUnanswered ? 'Temporal does not answer; the worker keeps trying' : given;
  const about = (meta ?? {}) as Record<string, unknown>;
  const error = about.error instanceof Error ? about.error.message : undefined;
  const workflowId = about.workflowId ? String(about.workflowId) : undefined;
  const activityType = about.activityType ? String(about.activityType) : undefined;
  if (format === 'json')
    return jsonLogLine({ level: LEVELS[level], message, time, error, workflowId, activityType });
  const words = [
    message,
    error,
    workflowId && `workflow ${workflowId}`,
    activityType && `activity ${activityType}`,
  ];
  // WorldFirst's own text is in it.
  return terminalText(`${time.toISOString()} ${level} ${words.filter(Boolean).join(' · ')}`);
}

const LEVELS = { TRACE: 'info', DEBUG: 'info', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;
