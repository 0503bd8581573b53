import { Client, Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import type { Worker } from '@temporalio/worker';
import { SEARCH_ATTRIBUTES } from '../rules/search-attributes.js';
import { createRefundWorker, type RefundWorkerOptions, readWorkerConfig } from '../worker/index.js';
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
  /**
   * More options of the worker, such as a gateway of your own in place of the sandbox, or a bundle of your own workflows with
   * the refund workflow in it.
   */
  worker?: LocalWorkerOptions;
}

/** The options of a worker that do not follow from the other options. */
export type LocalWorkerOptions = Partial<
  Omit<RefundWorkerOptions, 'connection' | 'namespace' | 'taskQueue' | 'dataConverter' | 'warnings'>
>;

/** A Temporal server, a sandbox and a worker on this machine. */
export interface LocalRefunds {
  temporal: TemporalServer;
  sandbox: Sandbox;
  /** A client of that Temporal server. */
  client: Client;
  /** The worker's task queue. A `RefundClient` needs it unless it is the default. */
  taskQueue: string;
  /** Stops the worker as a deployment does: it finishes its tasks. Workflows continue when a worker runs again. */
  stopWorker(): Promise<void>;
  /** Starts the worker again, with the same options. It does nothing while the worker runs. */
  startWorker(): Promise<void>;
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
    const worker = new LocalWorker({
      connection: native,
      namespace,
      ...config,
      dataConverter,
      ...options.worker,
    });
    await worker.start();
    started.push(() => worker.stop());
    return {
      temporal,
      sandbox,
      client: new Client({ connection, namespace, dataConverter }),
      taskQueue: config.taskQueue,
      stopWorker: () => worker.stop(),
      startWorker: () => worker.start(),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A worker that can be started again. The connection must stay open until it has ended. */
class LocalWorker {
  readonly #options: RefundWorkerOptions;
  #worker: Worker | undefined;
  #running: Promise<void> | undefined;

  constructor(options: RefundWorkerOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    if (this.#worker) return;
    this.#worker = await createRefundWorker(this.#options);
    this.#running = this.#worker.run();
    // `stop` reports a failure of the worker. Until then the failure must not end the process.
    this.#running.catch(() => {});
  }

  async stop(): Promise<void> {
    const [worker, running] = [this.#worker, this.#running];
    this.#worker = undefined;
    if (worker?.getState() === 'RUNNING') worker.shutdown();
    await running;
  }
}
