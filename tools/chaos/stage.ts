import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from 'worldfirst-refunds';
import { startTemporalServer, type TemporalServer } from 'worldfirst-refunds/testing';
import { freePorts } from '../../testing/free-ports.js';
import type { ChaosOptions } from './options.js';
import type { HeldSending, SandboxCalls } from './sandbox-child.js';
import { Supervised } from './supervised.js';
import type { WorkerCalls } from './worker.js';

/** How the processes of a run are started. */
export interface StageOptions extends Pick<ChaosOptions, 'seed' | 'faults'> {
  /** The folder of everything that outlives a process. */
  folder: string;
  /** The program of the workers. */
  worker: URL;
  /** The first sendings that WorldFirst's sandbox holds. */
  held: readonly HeldSending[];
  /** Where WorldFirst's notifications go. */
  notifyUrl: string;
}

/** How many workers there are. */
export const WORKERS = 2;
/** The time that a slow answer or a late notification takes, in milliseconds. */
export const SLOW_MS = 300;

/** A Temporal server with a database file, a sandbox with a state file, and two workers. */
export class Stage {
  readonly client: Client;
  readonly sandbox: Supervised<SandboxCalls>;
  readonly workers: readonly Supervised<WorkerCalls>[];
  /** The identities, as Temporal knows them, of the worker processes that were killed. */
  readonly killed = new Set<string>();
  readonly #options: StageOptions;
  readonly #port: number;
  readonly #connection: Connection;
  readonly #releasedOnce = new Set<string>();
  #server: TemporalServer;
  #env: Record<string, string> = {};

  /** Starts everything, and resolves when it is ready. */
  static async open(options: StageOptions, onProgress: (line: string) => void): Promise<Stage> {
    const [port = 0, sandboxPort = 0] = await freePorts(2);
    const server = await startServer(options.folder, port, onProgress);
    const connection = await Connection.connect({ address: server.address });
    const stage = new Stage(options, { port, sandboxPort, server, connection });
    try {
      await stage.complete();
      return stage;
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  private constructor(
    options: StageOptions,
    started: { port: number; sandboxPort: number; server: TemporalServer; connection: Connection },
  ) {
    this.#options = options;
    this.#port = started.port;
    this.#server = started.server;
    this.#connection = started.connection;
    this.client = new Client({ connection: started.connection });
    this.sandbox = new Supervised(new URL('sandbox-child.ts', import.meta.url), async (child) => {
      const { seed, faults, folder, notifyUrl, held } = options;
      const settings = {
        port: started.sandboxPort,
        keysDir: path.join(folder, 'keys'),
        stateFile: path.join(folder, 'worldfirst.jsonl'),
        faults: { seed, share: faults },
        slow: SLOW_MS,
        closeAfter: SLOW_MS,
        resendAfter: Array.from({ length: 7 }, () => SLOW_MS),
        notifyUrl,
      };
      const left = held.filter(({ id }) => !this.#releasedOnce.has(id));
      this.#env = (await child.call('start', settings, left)).env;
    });
    this.workers = Array.from({ length: WORKERS }, (_, index) => {
      const prepare: ConstructorParameters<typeof Supervised<WorkerCalls>>[1] = async (child, generation) => {
        await this.sandbox.ready();
        const { address } = this.#server;
        const identity = identityOf(index, generation);
        // A dead connection is noticed by the time limit of a call; the default one would make the run long.
        await child.call('start', { address, identity, env: { ...this.env, WORLDFIRST_TIMEOUT: '1s' } });
      };
      return new Supervised<WorkerCalls>(options.worker, prepare);
    });
  }

  /** What connects a client to WorldFirst. */
  get env(): Record<string, string> {
    return this.#env;
  }

  /** Kills Temporal's server by SIGKILL, and starts it again on its database and under its port. */
  async killServer(): Promise<void> {
    process.kill(this.#server.pid as number, 'SIGKILL');
    await this.#server.stop();
    this.#server = await startServer(this.#options.folder, this.#port, () => {});
  }

  /** Kills a worker; it is started again automatically. */
  async killWorker(index: number): Promise<void> {
    const worker = this.workers[index] as Supervised<WorkerCalls>;
    await worker.ready();
    this.killed.add(identityOf(index, worker.generation));
    await worker.kill();
  }

  /** Waits until all processes are ready. */
  async complete(): Promise<void> {
    await Promise.all([this.sandbox, ...this.workers].map((process) => process.ready()));
  }

  /** Kills the worker that has this refund's sending; both when Temporal does not show which one has it. */
  async killSender(workflowId: string): Promise<void> {
    const { raw } = await this.client.workflow.getHandle(workflowId).describe();
    const senders = raw.pendingActivities?.map(({ lastWorkerIdentity }) => lastWorkerIdentity) ?? [];
    const all = this.workers.map((_, index) => index);
    const its = all.filter((index) => senders.includes(identityOf(index, this.workers[index]?.generation)));
    await Promise.all((its.length > 0 ? its : all).map((index) => this.killWorker(index)));
  }

  /** The sendings that have been held since the last call. They are not held again after a restart of the sandbox. */
  async arrived(): Promise<string[]> {
    const ids = await (await this.sandbox.ready()).call('arrived');
    for (const id of ids) this.#releasedOnce.add(id);
    return ids;
  }

  /** Releases a held sending, if the sandbox that held it still runs. */
  async release(id: string): Promise<void> {
    await (await this.sandbox.ready()).call('release', id);
  }

  /** Ends everything. */
  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.end()));
    await this.sandbox.end();
    await this.#connection.close();
    await this.#server.stop();
  }
}

function identityOf(index: number, generation = 0): string {
  return `worker-${index + 1}.${generation}`;
}

function startServer(
  folder: string,
  port: number,
  onProgress: (line: string) => void,
): Promise<TemporalServer> {
  const database = path.join(folder, 'temporal.db');
  return startTemporalServer({
    port,
    database,
    searchAttributes: SEARCH_ATTRIBUTES,
    timeSkipping: true,
    onProgress,
  });
}
