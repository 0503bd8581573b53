import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode } from '@temporalio/worker';
import { SEARCH_ATTRIBUTES } from 'worldfirst-refunds';
import { startTemporalServer } from 'worldfirst-refunds/testing';
import { Child } from '../harness/child.js';
import type { SandboxCalls } from './sandbox-child.js';
import type { Variant } from './variants.js';
import type { WorkerCalls, WorkerSetup } from './worker-child.js';

/** A Temporal server, and a client of it. */
export interface Server {
  address: string;
  /** Only of one that was started here. */
  pid?: number;
  /** As the server calls it. */
  version: string;
  client: Client;
}

/** A WorldFirst in its process, and what connects a client to it. */
export interface SandboxProcess {
  child: Child<SandboxCalls>;
  env: Record<string, string>;
}

/** The workflow that ours bundles, where it does not use the bundle that comes with it. */
export const OUR_WORKFLOWS = createRequire(import.meta.url).resolve('worldfirst-refunds/workflows');

const QUIET = { trace() {}, debug() {}, info() {}, warn: console.warn, error: console.error, log() {} };
const here = (file: string) => path.join(import.meta.dirname, file);

/** All that measurements need around them, each in its own process. What was started ends with `stop`. */
export class Surroundings {
  readonly #ends: (() => Promise<unknown>)[] = [];
  readonly #sandboxes = new Map<string, Promise<SandboxProcess>>();
  readonly #bundles = new Map<string, Promise<{ codePath: string }>>();
  readonly #delay: number;
  #stopped = false;

  /** @param delay how long each answer of WorldFirst's takes, in milliseconds */
  constructor(delay: number) {
    this.#delay = delay;
  }

  /** Starts a Temporal server, or connects to the one at an address. */
  async server(address?: string, onProgress?: (line: string) => void): Promise<Server> {
    let own: { address: string; pid?: number } | undefined;
    if (address === undefined) {
      const started = await startTemporalServer({
        searchAttributes: SEARCH_ATTRIBUTES,
        // A development server's timers are up to a second late otherwise, and the ladders are made of timers.
        timeSkipping: true,
        ...(onProgress && { onProgress }),
      });
      await this.#endsWith(() => started.stop());
      own = started;
    }
    const at = own?.address ?? (address as string);
    const connection = await Connection.connect({ address: at });
    await this.#endsWith(() => connection.close());
    const { serverVersion } = await connection.workflowService.getSystemInfo({});
    const pid = own?.pid === undefined ? {} : { pid: own.pid };
    return { address: at, ...pid, version: serverVersion ?? '', client: new Client({ connection }) };
  }

  /** WorldFirst; each kind is started once. */
  sandbox({ keepAlive = true }: Pick<Variant, 'keepAlive'> = {}): Promise<SandboxProcess> {
    return once(this.#sandboxes, String(keepAlive), async () => {
      const child = await this.#child<SandboxCalls>('sandbox-child.ts');
      return { child, env: await child.ask('start', { delay: this.#delay, keepAlive }) };
    });
  }

  /** The workflows of a variant's worker: bundled once, before anything is measured. */
  async workflowsOf({ workflow, levers = [] }: Variant): Promise<Pick<WorkerSetup, 'workflows'>> {
    if (workflow === 'ours' && levers.length === 0) return {};
    const workflowBundle = await once(this.#bundles, [workflow, ...levers].join(), async () => {
      const { code } = await bundleWorkflowCode({
        workflowsPath: workflow === 'plain' ? here('baseline/workflow.ts') : OUR_WORKFLOWS,
        workflowInterceptorModules: levers.map(here),
        // As the build bundles it.
        preloadModules: workflow === 'ours' ? [OUR_WORKFLOWS] : [],
        logger: QUIET,
      });
      const folder = await mkdtemp(path.join(tmpdir(), 'refund-bench-'));
      await this.#endsWith(() => rm(folder, { recursive: true, force: true }));
      const codePath = path.join(folder, 'workflow-bundle.js');
      await writeFile(codePath, code);
      return { codePath };
    });
    return { workflows: { workflowBundle } };
  }

  /** A process for a worker that has yet to be started. */
  workerProcess(): Promise<Child<WorkerCalls>> {
    return this.#child('worker-child.ts');
  }

  /** Whether it has been ended: what is under way fails then. */
  get isStopped(): boolean {
    return this.#stopped;
  }

  /** Ends everything that was started, the last one first. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const end of this.#ends.splice(0).reverse()) await end().catch(() => {});
  }

  async #child<Calls extends SandboxCalls | WorkerCalls>(file: string): Promise<Child<Calls>> {
    const child = new Child<Calls>(new URL(file, import.meta.url));
    await this.#endsWith(() => child.end());
    return child;
  }

  async #endsWith(end: () => Promise<unknown>): Promise<void> {
    this.#ends.push(end);
    if (!this.#stopped) return;
    await this.stop();
    throw new Error('the bench was stopped');
  }
}

function once<Value>(
  known: Map<string, Promise<Value>>,
  key: string,
  make: () => Promise<Value>,
): Promise<Value> {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}
