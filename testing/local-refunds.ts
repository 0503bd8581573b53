import { Client, Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import type { Worker, WorkerOptions } from '@temporalio/worker';
import { SEARCH_ATTRIBUTES } from '../rules/search-attributes.js';
import { createRefundWorker, readWorkerConfig } from '../worker/index.js';
import { temporalWorker } from '../worker/temporal-worker.js';
import { type Sandbox, type SandboxOptions, startSandbox } from './sandbox/index.js';
import { startTemporalServer, type TemporalServer, type TemporalServerOptions } from './temporal-server.js';

/** The options of {@link startLocalRefunds}. All are optional. */
export interface LocalRefundsOptions {
  /** The Temporal server, see {@link TemporalServerOptions}. */
  temporal?: Pick<
    TemporalServerOptions,
    'address' | 'ui' | 'usualPorts' | 'timeSkipping' | 'namespace' | 'dynamicConfig' | 'onProgress'
  >;
  sandbox?: SandboxOptions;
  /** More environment variables of the worker, such as `WORLDFIRST_TIMEOUT` or `REFUND_ATTENTION_WEBHOOK_URL`. */
  env?: Record<string, string>;
  /** What encrypts payloads, for the client and the worker; what `env` sets by default. */
  dataConverter?: DataConverter;
  /** A bundle of the application's own workflows, which includes the refund workflow, and the application's activities. */
  worker?: Pick<WorkerOptions, 'workflowBundle' | 'activities'>;
}

/** A Temporal server, a sandbox and a worker on this machine. */
export interface LocalRefunds {
  temporal: TemporalServer;
  sandbox: Sandbox;
  /** A client of that Temporal server. */
  client: Client;
  /** The worker's task queue. A `RefundClient` needs it unless it is the default. */
  taskQueue: string;
  /** Drains the worker, then stops the sandbox and the server. */
  stop(): Promise<void>;
}

/**
 * Starts a real Temporal server, a sandbox of WorldFirst and a worker between them, all on loopback and free ports.
 *
 * @example
 * const local = await startLocalRefunds();
 * const refunds = new RefundClient(local.client);
 * await refunds.start({ product: 'worldtrade', refundRequestId: 'r-1', tradeId: 'trade-unknown-3' });
 * await local.stop();
 *
 * @throws {@link ConfigurationError} for a variable of `env` that is not valid, and an error that says why the server or the sandbox does not start
 */
export async function startLocalRefunds(options: LocalRefundsOptions = {}): Promise<LocalRefunds> {
  const started: (() => unknown)[] = [];
  const stop = async () => {
    for (const end of started.splice(0).reverse()) await end();
  };
  try {
    // What may be a mistake of the options comes first: a Temporal server takes seconds to start.
    const sandbox = await startSandbox(options.sandbox);
    started.push(() => sandbox.stop());
    const config = readWorkerConfig({ ...sandbox.env, ...options.env });
    const temporal = await startTemporalServer({ ...options.temporal, searchAttributes: SEARCH_ATTRIBUTES });
    started.push(() => temporal.stop());
    const { address, namespace } = temporal;
    const connection = await Connection.connect({ address });
    started.push(() => connection.close());
    const native = await temporalWorker.NativeConnection.connect({ address });
    started.push(() => native.close());
    const { dataConverter = config.dataConverter } = options;
    const worker = await createRefundWorker({
      connection: native,
      namespace,
      ...config,
      dataConverter,
      ...options.worker,
    });
    started.push(runUntilStopped(worker));
    return {
      temporal,
      sandbox,
      client: new Client({ connection, namespace, dataConverter }),
      taskQueue: config.taskQueue,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Runs a worker, and returns a function that drains it. The connection must stay open until the worker has ended. */
function runUntilStopped(worker: Worker): () => Promise<void> {
  const running = worker.run();
  // `stop` reports a failure of the worker. Until then the failure must not end the process.
  running.catch(() => {});
  return async () => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await running;
  };
}
