import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SEARCH_ATTRIBUTES } from 'worldfirst-refunds';
import { startTemporalServer, type TemporalServer } from 'worldfirst-refunds/testing';
import { freePorts } from '../../testing/free-ports.js';
import { startBalancer } from '../cluster/balancer.js';
import type { Cluster } from '../cluster/cluster.js';
import type { ClusterProcess } from '../cluster/process.js';
import { openTemporal, type TemporalChoice } from '../harness/temporal.js';
import type { Kills } from './options.js';

/** What of Temporal's server can be killed. */
type ServerPart = Extract<keyof Kills, 'server' | 'frontend' | 'history' | 'matching' | 'database'>;

/** Temporal's server as a run has it. */
export interface ServerOfRun {
  address: string;
  namespace: string;
  /** Kills a part at once, and starts it again. @param which a number that chooses one of several processes */
  kill(part: ServerPart, which: number): Promise<void>;
  /** Ends all of it, and starts it again after a while. */
  away(milliseconds: number): Promise<void>;
  stop(): Promise<void>;
}

// Another process takes over what a lost one had: history's shards, matching's task queues. That takes seconds.
const DOWN_FOR_MS = { frontend: 3_000, history: 10_000, matching: 10_000, database: 1_000 };

const START_AGAIN_AFTER_MS = 1_000;
const KEPT_CHARACTERS = 500;

/** Starts the server that was chosen. */
export function openServer(
  choice: TemporalChoice,
  folder: string,
  onProgress: (line: string) => void,
): Promise<ServerOfRun> {
  if (choice.temporal === 'cluster') return openCluster(choice, onProgress);
  return choice.address === undefined
    ? openDevelopmentServer(folder, onProgress)
    : openExternal(choice, onProgress);
}

async function openDevelopmentServer(
  folder: string,
  onProgress: (line: string) => void,
): Promise<ServerOfRun> {
  const [port = 0] = await freePorts(1);
  const start = (say: (line: string) => void): Promise<TemporalServer> =>
    startTemporalServer({
      port,
      database: path.join(folder, 'temporal.db'),
      searchAttributes: SEARCH_ATTRIBUTES,
      timeSkipping: true,
      onProgress: say,
    });
  let server = await start(onProgress);
  const { address, namespace } = server;
  const away = async (milliseconds: number) => {
    process.kill(server.pid as number, 'SIGKILL');
    await server.stop();
    await sleep(milliseconds);
    server = await start(() => {});
  };
  return { address, namespace, away, kill: () => away(0), stop: () => server.stop() };
}

/** Two processes of each service that can be lost, behind one address. */
async function openCluster(choice: TemporalChoice, onProgress: (line: string) => void): Promise<ServerOfRun> {
  const counts = { frontend: 2, history: 2, matching: 2 };
  let isOver = false;
  // As a supervisor does it. Without its database no service starts.
  const startAgain = async (process: ClusterProcess) => {
    while (!isOver) {
      const started = await process.start().then(
        () => true,
        () => false,
      );
      if (started) return;
      await sleep(START_AGAIN_AFTER_MS);
    }
  };
  const onFall = (process: ClusterProcess, lastLines: string) => {
    onProgress(`${process.name} ended by itself: ${lastLines.slice(-KEPT_CHARACTERS)}`);
    startAgain(process);
  };
  const needs = { counts, timeSkipping: true, onProgress, onFall };
  const { cluster, namespace, stop } = await openTemporal(choice, needs);
  const { addresses, postgres, services } = cluster as Cluster;
  const balancer = await startBalancer(addresses);
  const all = Object.values(services).flat();
  return {
    address: balancer.address,
    namespace,
    async kill(part, which) {
      if (part === 'server') throw new Error('a cluster has no such part');
      const candidates = part === 'database' ? [postgres] : services[part];
      const process = candidates[which % candidates.length] as ClusterProcess;
      await process.kill();
      await sleep(DOWN_FOR_MS[part]);
      await startAgain(process);
    },
    async away(milliseconds) {
      await Promise.all(all.map((process) => process.kill()));
      await postgres.kill();
      await sleep(milliseconds);
      await postgres.start();
      await Promise.all(all.map(startAgain));
    },
    async stop() {
      isOver = true;
      await balancer.stop();
      await stop();
    },
  };
}

async function openExternal(
  choice: TemporalChoice,
  onProgress: (line: string) => void,
): Promise<ServerOfRun> {
  const { address, namespace, stop } = await openTemporal(choice, { timeSkipping: true, onProgress });
  const notOurs = () => Promise.reject(new Error('the server is not of this run'));
  return { address, namespace, kill: notOurs, away: notOurs, stop };
}
