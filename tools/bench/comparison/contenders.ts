import { access } from 'node:fs/promises';
import path from 'node:path';
import type { Child } from '../../harness/child.js';
import type { BenchContext, Server } from '../context.js';
import { freshPrefix } from '../load.js';
import type { Application, ApplicationModule, CodeChange, PeerWorkerSetup } from '../peer.js';
import type { usage } from '../usage.js';
import type { Databases } from './databases.js';
import { ourApplication, plainApplication } from './temporal-application.js';

/** A worker of any contender, in a process of its own. */
export type ContenderWorker = Pick<Child<typeof usage & { stop(): Promise<void> }>, 'call' | 'end' | 'kill'>;

/** One of those that are compared: plain, ours, or a peer. */
export interface Contender {
  name: string;
  application: Application;
  /** Those of its data; none where it is not in PostgreSQL. */
  databases: readonly string[];
  usesTemporal: boolean;
  startWorker(options?: { workerId?: string; change?: CodeChange }): Promise<ContenderWorker>;
}

/** What the peers' databases are called. */
export const PEER_DATABASES = ['dbos', 'pg_boss'];

const PEERS = [
  { name: 'DBOS Transact', folder: 'dbos', database: 'dbos' },
  { name: 'pg-boss', folder: 'pg-boss', database: 'pg_boss' },
];
const FOLDER = path.join(import.meta.dirname, '../peers');

/** Whether the dependencies of the peers are installed. */
export async function hasPeers(): Promise<boolean> {
  return access(path.join(FOLDER, 'node_modules')).then(
    () => true,
    () => false,
  );
}

/** Opens all contenders; none has a worker yet. */
export async function openContenders(
  context: BenchContext,
  server: Server,
  databases: Databases,
): Promise<Contender[]> {
  if (!(await hasPeers()))
    throw new Error('The peers are not installed. Run `npm ci --prefix tools/bench/peers`, and this again.');
  const temporal = (['plain', 'ours'] as const).map((name) =>
    temporalContender(context, server, databases, name),
  );
  const peers = await Promise.all(PEERS.map((peer) => openPeer(context, databases, peer)));
  return [...temporal, ...peers];
}

function temporalContender(
  context: BenchContext,
  { address, namespace, client }: Server,
  { ofTemporal }: Databases,
  name: 'plain' | 'ours',
): Contender {
  const taskQueue = freshPrefix();
  const open = name === 'plain' ? plainApplication : ourApplication;
  return {
    name,
    application: open(client, taskQueue),
    databases: ofTemporal,
    usesTemporal: true,
    async startWorker({ change } = {}) {
      const interceptor = change && path.join(import.meta.dirname, `${change}.ts`);
      const [{ env }, workflowBundle, worker] = await Promise.all([
        context.sandbox(),
        context.bundleOf({ name, workflow: name }, interceptor),
        context.workerProcess(),
      ]);
      const options = workflowBundle
        ? { workflowBundle }
        : interceptor
          ? { interceptors: { workflowModules: [interceptor] } }
          : {};
      await worker.call('start', { address, namespace, taskQueue, env, workflow: name, options });
      return worker;
    },
  };
}

async function openPeer(
  context: BenchContext,
  { urlOf }: Databases,
  { name, folder, database }: (typeof PEERS)[number],
): Promise<Contender> {
  const databaseUrl = urlOf(database);
  // By a variable: types and dependencies of the peers are not there where they are not installed.
  const module: ApplicationModule = await import(path.join(FOLDER, folder, 'application.ts'));
  const startWorker: Contender['startWorker'] = async ({ workerId = 'worker-1', change } = {}) => {
    const { env } = await context.sandbox();
    const worker = await context.process<
      typeof usage & { start(setup: PeerWorkerSetup): Promise<void>; stop(): Promise<void> }
    >(`peers/${folder}/worker-child.ts`);
    await worker.call('start', { databaseUrl, env, workerId, ...(change && { change }) });
    return worker;
  };
  // The worker makes the tables of its database.
  const first = await startWorker();
  await first.call('stop');
  await first.end();
  const application = await module.openApplication(databaseUrl);
  await context.endsWith(() => application.close());
  return { name, application, databases: [database], usesTemporal: false, startWorker };
}
