import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { freePorts } from '../../testing/free-ports.js';
import type { TemporalChoice } from '../harness/temporal.js';
import type { ChaosOptions } from './options.js';
import type { HeldSending, SandboxCalls } from './sandbox-child.js';
import { openServer, type ServerOfRun } from './server.js';
import { Supervised } from './supervised.js';
import type { WorkerCalls } from './worker.js';

/** How the processes of a run are started. */
export interface StageOptions extends Pick<ChaosOptions, 'seed' | 'faults'> {
  temporal: TemporalChoice;
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

// Not the default one: on a shared server another worker could take the refunds of the run.
const TASK_QUEUE = 'refund-chaos';

/** A Temporal server with a database, a sandbox with a state file, and two workers. */
export class Stage {
  readonly client: Client;
  readonly taskQueue = TASK_QUEUE;
  readonly server: ServerOfRun;
  readonly sandbox: Supervised<SandboxCalls>;
  readonly workers: readonly Supervised<WorkerCalls>[];
  /** The identities, as Temporal knows them, of the worker processes that were killed. */
  readonly killed = new Set<string>();
  readonly #connection: Connection;
  readonly #releasedOnce = new Set<string>();
  #env: Record<string, string> = {};

  /** Starts everything, and resolves when it is ready. */
  static async open(options: StageOptions, onProgress: (line: string) => void): Promise<Stage> {
    const [sandboxPort = 0] = await freePorts(1);
    const server = await openServer(options.temporal, options.folder, onProgress);
    const connection = await Connection.connect({ address: server.address });
    const stage = new Stage(options, { sandboxPort, server, connection });
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
    started: { sandboxPort: number; server: ServerOfRun; connection: Connection },
  ) {
    const { address, namespace } = started.server;
    this.server = started.server;
    this.#connection = started.connection;
    this.client = new Client({ connection: started.connection, namespace });
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
        const identity = identityOf(index, generation);
        // A dead connection is noticed by the time limit of a call; the default one would make the run long.
        const env = { ...this.env, WORLDFIRST_TIMEOUT: '1s' };
        await child.call('start', { address, namespace, taskQueue: TASK_QUEUE, identity, env });
      };
      return new Supervised<WorkerCalls>(options.worker, prepare);
    });
  }

  /** What connects a client to WorldFirst. */
  get env(): Record<string, string> {
    return this.#env;
  }

  /** Kills a worker; it is started again automatically. */
  async killWorker(index: number): Promise<void> {
    const worker = this.workers[index] as Supervised<WorkerCalls>;
    await worker.ready();
    this.killed.add(identityOf(index, worker.generation));
    await worker.kill();
  }

  /** Freezes a worker for so many milliseconds. */
  async freezeWorker(index: number, milliseconds: number): Promise<void> {
    await this.workers[index]?.freeze(milliseconds);
  }

  /** Waits until all processes are ready. */
  async complete(): Promise<void> {
    await Promise.all([this.sandbox, ...this.workers].map((process) => process.ready()));
  }

  /** Kills the worker that has this refund's sending. */
  async killSender(workflowId: string): Promise<void> {
    const senders = await this.sendersOf(workflowId);
    await Promise.all(senders.map((index) => this.killWorker(index)));
  }

  /** The worker that has this refund's sending; both when Temporal does not show which one has it. */
  async sendersOf(workflowId: string): Promise<number[]> {
    const { raw } = await this.client.workflow.getHandle(workflowId).describe();
    const senders = raw.pendingActivities?.map(({ lastWorkerIdentity }) => lastWorkerIdentity) ?? [];
    const all = this.workers.map((_, index) => index);
    const its = all.filter((index) => senders.includes(identityOf(index, this.workers[index]?.generation)));
    return its.length > 0 ? its : all;
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
    await this.server.stop();
  }
}

function identityOf(index: number, generation = 0): string {
  return `worker-${index + 1}.${generation}`;
}
