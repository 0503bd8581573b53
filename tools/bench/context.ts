import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode } from '@temporalio/worker';
import { startBalancer } from '../cluster/balancer.js';
import type { Cluster } from '../cluster/cluster.js';
import { makeFolder } from '../cluster/folder.js';
import { startPostgres } from '../cluster/postgres.js';
import { type Calls, Child } from '../harness/child.js';
import { openTemporal, type Temporal, type TemporalChoice } from '../harness/temporal.js';
import type { SandboxCalls } from './sandbox-child.js';
import type { Variant } from './variants.js';
import type { WorkerCalls } from './worker-child.js';

/** A Temporal server, and a client of it. */
export interface Server {
  address: string;
  namespace: string;
  kind: Temporal['kind'];
  /** The processes of the server and its database; none where it was not started here. */
  pids(): number[];
  /** As the server calls it, and where it is a cluster, what it consists of. */
  version: string;
  client: Client;
  /** Only where it is a cluster that was started here. */
  cluster?: Cluster;
}

interface ServerOptions {
  frontends?: number;
  /** Takes one line at a time. */
  onProgress?: (line: string) => void;
}

/** A PostgreSQL for what runs without Temporal. */
export interface Database {
  pid: number | undefined;
  /** What connects a client to one of its databases. */
  urlOf(database: string): string;
}

/** A WorldFirst sandbox in its process, and the variables that connect a client to it. */
export interface SandboxProcess {
  child: Child<SandboxCalls>;
  env: Record<string, string>;
}

const QUIET = { trace() {}, debug() {}, info() {}, warn: console.warn, error: console.error, log() {} };
const here = (file: string) => path.join(import.meta.dirname, file);

/** Starts what the measurements need, each in its own process. `stop` ends all of it. */
export class BenchContext {
  readonly #ends: (() => Promise<unknown>)[] = [];
  #choice: TemporalChoice;
  #sandbox: Promise<SandboxProcess> | undefined;
  #isStopped = false;

  constructor(choice: TemporalChoice) {
    this.#choice = choice;
  }

  /** Starts the Temporal server that was chosen, with so many frontends where it is a cluster, or connects to it. */
  async server(options: ServerOptions = {}): Promise<Server> {
    const { address, namespace, kind, pids, cluster } = await this.#openTemporal(options);
    const client = await this.connect({ address, namespace });
    const { serverVersion } = await client.workflowService.getSystemInfo({});
    const file = kind === 'dev-file' ? ' with a database file' : '';
    const version = cluster?.source ?? `Temporal server ${serverVersion}${file}`;
    return { address, namespace, kind, pids, version, client, ...(cluster && { cluster }) };
  }

  /** A client with a connection of its own. */
  async connect({ address, namespace }: Pick<Server, 'address' | 'namespace'>): Promise<Client> {
    const connection = await Connection.connect({ address });
    await this.endsWith(() => connection.close());
    return new Client({ connection, namespace });
  }

  /** A cluster's frontends behind one address; undefined where there is one frontend, or the server is none of this program. */
  async behindOneAddress(server: Server): Promise<Server | undefined> {
    const { addresses = [] } = server.cluster ?? {};
    if (addresses.length < 2) return undefined;
    const { address, stop } = await startBalancer(addresses);
    await this.endsWith(stop);
    return { ...server, address, client: await this.connect({ address, namespace: server.namespace }) };
  }

  /** The sandbox; it is started once. */
  sandbox(): Promise<SandboxProcess> {
    const start = async () => {
      const child = await this.process<SandboxCalls>('sandbox-child.ts');
      return { child, env: await child.call('start') };
    };
    this.#sandbox ??= start();
    return this.#sandbox;
  }

  /** The PostgreSQL of the cluster, so that all of them share one; a PostgreSQL of its own beside any other server. */
  async database({ cluster }: Server): Promise<Database> {
    if (cluster) return { pid: cluster.postgres.pid, urlOf: cluster.databaseUrlOf };
    const folder = await makeFolder();
    await this.endsWith(() => rm(folder, { recursive: true, force: true }));
    const { process, urlOf } = await startPostgres(folder);
    await this.endsWith(() => process.stop());
    return { pid: process.pid, urlOf };
  }

  /**
   * The workflow bundle of a variant; undefined where the worker uses the one that comes with the package.
   * @param interceptor one more module of interceptors
   */
  async bundleOf(
    { workflow, localReads }: Variant,
    interceptor?: string,
  ): Promise<{ codePath: string } | undefined> {
    if (workflow === 'ours') return undefined;
    const interceptors = [
      ...(localReads ? [here('baseline/local-reads.ts')] : []),
      ...(interceptor ? [interceptor] : []),
    ];
    const { code } = await bundleWorkflowCode({
      workflowsPath: here('baseline/workflow.ts'),
      workflowInterceptorModules: interceptors,
      logger: QUIET,
    });
    const folder = await mkdtemp(path.join(tmpdir(), 'refund-bench-'));
    await this.endsWith(() => rm(folder, { recursive: true, force: true }));
    const codePath = path.join(folder, 'workflow-bundle.js');
    await writeFile(codePath, code);
    return { codePath };
  }

  /** A process for a worker that has yet to be started. */
  workerProcess(): Promise<Child<WorkerCalls>> {
    return this.process('worker-child.ts');
  }

  /** A process that runs a module of this folder. */
  async process<Served extends Calls>(file: string): Promise<Child<Served>> {
    const child = new Child<Served>(new URL(file, import.meta.url));
    await this.endsWith(() => child.end());
    return child;
  }

  /** Ends something with everything else. */
  async endsWith(end: () => Promise<unknown>): Promise<void> {
    this.#ends.push(end);
    if (!this.#isStopped) return;
    await this.stop();
    throw new Error('the bench was stopped');
  }

  /** Whether everything has been ended: what is under way fails then. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Ends everything that was started, the last one first. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const end of this.#ends.splice(0).reverse()) await end().catch(() => {});
  }

  async #openTemporal({ frontends = 1, onProgress }: ServerOptions): Promise<Temporal> {
    // Without it a development server's timers are up to a second late, and inquiries wait by timers. A cluster has its defaults.
    const timeSkipping = this.#choice.temporal !== 'cluster';
    const counts = { frontend: frontends };
    const temporal = await openTemporal(this.#choice, {
      timeSkipping,
      counts,
      ...(onProgress && { onProgress }),
    });
    await this.endsWith(() => temporal.stop());
    // The next time, the namespace holds the workflows of the measurement itself.
    this.#choice = { ...this.#choice, sharedNamespace: true };
    return temporal;
  }
}
